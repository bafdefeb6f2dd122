import { expect, it } from 'vitest'
import { describeFile } from './describe-file.ts'
import { csv, workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'
import { hotlineExportSettings } from './settings.ts'

const settings = hotlineExportSettings.parse({ path: '.' })

it('names columns below a group of somebody else by that group, unless they are configured', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求人电话', '被投诉人信息', '', '诉求内容', '办理情况', ''],
    ['', '', '姓名', '电话', '', '内容', '时间'],
    ['A-1', '13800138000', '王老板', '13900139000', '路灯不亮', '已修复', '2026/3/9'],
  ]
  const path = await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  expect((await folder.read()).map(cellsOf)).toEqual([
    {
      ...{ 工单编号: 'A-1', 诉求人电话: '13800138000', '姓名（被投诉人信息）': '王老板' },
      ...{ '电话（被投诉人信息）': '13900139000', 诉求内容: '路灯不亮' },
      ...{ '内容（办理情况）': '已修复', '时间（办理情况）': '2026/3/9' },
    },
  ])
  const [table] = (await describeFile(path, settings)).tables
  expect(Object.keys(table?.mapped ?? {})).toEqual(['id', 'body', 'phone', 'reply', 'repliedAt'])
  const [item] = await folder.read({ columns: { reply: '内容' } })
  expect(cellsOf(item)).toMatchObject({ 内容: '已修复', '时间（办理情况）': '2026/3/9' })
})

it('names columns by a group in a CSV too', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '被投诉人', '', '诉求人', '', '诉求内容'],
    ['', '姓名', '电话', '姓名', '电话', ''],
    ['A-1', '王老板', '13900139000', '张三', '13800138000', '路灯不亮'],
    ['工单编号', '被投诉人', '', '诉求人', '', '诉求内容'],
  ]
  const path = await folder.write('a.csv', csv(rows))
  expect((await describeFile(path, settings)).tables.at(-1)?.mapped).toMatchObject({
    reporterName: ['姓名'],
    phone: ['电话'],
  })
  const items = await folder.read()
  expect(items.map(cellsOf)).toMatchObject([
    { '姓名（被投诉人）': '王老板', '电话（被投诉人）': '13900139000', 姓名: '张三', 电话: '13800138000' },
  ])
})

it('names columns by a group also where only one other name spans both lines', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '被投诉方信息', '', '来电方信息', '', '其他信息'],
    ['', '姓名', '电话', '姓名', '电话', '诉求内容'],
    ['A-1', '王老板', '13900139000', '张三', '13800138000', '路灯不亮'],
  ]
  await folder.write('a.csv', csv(rows))
  expect((await folder.read()).map(cellsOf)).toMatchObject([
    { '姓名（被投诉方信息）': '王老板', 姓名: '张三', 电话: '13800138000' },
  ])
})

it('names columns by groups where no name spans both lines', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['基本信息', '', '来电方信息', '被投诉方信息', '', '处置信息', ''],
    ['工单编号', '诉求内容', '姓名', '姓名', '电话', '内容', '时间'],
    ['A-1', '路灯不亮', '张三', '王老板', '13900139000', '已经修复', '2026/3/9'],
  ]
  const path = await folder.write('a.csv', csv(rows))
  const [table] = (await describeFile(path, settings)).tables
  expect(table?.mapped).toEqual({
    id: ['工单编号'],
    body: ['诉求内容'],
    reporterName: ['姓名'],
    reply: ['内容（处置信息）'],
    repliedAt: ['时间（处置信息）'],
  })
})

it.each([
  ['制表', '处置', '', '值班情况', ''],
  ['来源', '处理单位', '', '', ''],
])('takes no line of notes above a header for groups: %s, %s', async (...notes) => {
  await using folder = await TestFolder.create()
  const names = ['姓名', '电话', '诉求内容', '工单编号', '值班']
  const rows = [notes, names, ['张三', '13800138000', '路灯不亮', 'A-1', '小陈']]
  const path = await folder.write('a.csv', csv(rows))
  expect((await describeFile(path, settings)).tables[0]?.columns).toEqual(names)
})

it('names columns by a group that begins the line too', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['被投诉人', '', '诉求人信息', '', '诉求内容'],
    ['姓名', '电话', '姓名', '电话', ''],
    ['王老板', '13900139000', '张三', '13800138000', '路灯不亮'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  expect((await folder.read()).map(cellsOf)).toMatchObject([
    { '姓名（被投诉人）': '王老板', 姓名: '张三', 电话: '13800138000' },
  ])
})

it.each([
  [
    ['诉求人', '诉求人电话', '诉求内容', '承办单位', '联系人', '联系方式'],
    { reporterName: ['诉求人'], phone: ['诉求人电话'] },
  ],
  [
    ['诉求内容', '责任部门', '联系人姓名', '联系人电话', '手机号', '投诉人', '来电号码'],
    { reporterName: ['投诉人'], phone: ['来电号码'] },
  ],
  [
    ['诉求人', '来电号码', '诉求内容', '承办单位', '承办人', '联系电话', '办结时间'],
    { reporterName: ['诉求人'], phone: ['来电号码'] },
  ],
  [
    ['投诉人', '投诉人电话', '被投诉单位', '联系人', '联系电话', '投诉内容'],
    { reporterName: ['投诉人'], phone: ['投诉人电话'] },
  ],
  [
    ['投诉人', '投诉人电话', '被投诉单位', '被投诉地址', '联系人', '联系电话', '投诉内容'],
    { reporterName: ['投诉人'], phone: ['投诉人电话'], place: ['被投诉地址'] },
  ],
  [
    ['来电人', '来电号码', '被投诉人姓名', '联系电话', '投诉内容'],
    { reporterName: ['来电人'], phone: ['来电号码'] },
  ],
  [
    ['举报人', '举报人电话', '举报对象名称', '联系人', '手机', '举报内容'],
    { reporterName: ['举报人'], phone: ['举报人电话'] },
  ],
  [
    ['投诉人', '来电号码', '被投诉人（单位）', '联系人', '联系电话', '投诉内容'],
    { reporterName: ['投诉人'], phone: ['来电号码'] },
  ],
  [
    ['诉求人', '来电号码', '诉求内容', '承办人（签字）', '联系电话'],
    { reporterName: ['诉求人'], phone: ['来电号码'] },
  ],
  [
    ['投诉人', '来电号码', '被投诉对象', '联系电话', '投诉内容'],
    { reporterName: ['投诉人'], phone: ['来电号码'] },
  ],
  [
    ['诉求人', '来电号码', '诉求内容', '承办单位', '联络人', '联系电话'],
    { reporterName: ['诉求人'], phone: ['来电号码'] },
  ],
  // Whose they are is not certain.
  [
    ['投诉内容', '投诉人', '联系人', '联系电话', '来电号码', '被反映区'],
    { reporterName: ['联系人', '投诉人'], phone: ['联系电话', '来电号码'] },
  ],
  [
    ['诉求内容', '受理单位', '联系人', '联系电话', '来电号码'],
    { reporterName: ['联系人'], phone: ['联系电话', '来电号码'] },
  ],
  [
    ['诉求人', '来电号码', '诉求内容', '受理单位', '联系人', '联系电话'],
    { reporterName: ['诉求人', '联系人'], phone: ['联系电话', '来电号码'] },
  ],
  [
    ['诉求人', '诉求内容', '承办单位', '联系人', '联系电话'],
    { reporterName: ['诉求人'], phone: ['联系电话'] },
  ],
  [
    ['诉求人', '来电号码', '承办单位', '联系电话', '诉求内容'],
    { reporterName: ['诉求人'], phone: ['联系电话', '来电号码'] },
  ],
  [
    ['承办单位', '诉求内容', '投诉人', '联系人', '联系电话', '来电号码'],
    { reporterName: ['联系人', '投诉人'], phone: ['联系电话', '来电号码'] },
  ],
])('takes for the reporter whom %j give, and no officer or accused', async (names, mapped) => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.csv', csv([names, names.map((name) => `某${name}`)]))
  expect((await describeFile(path, settings)).tables[0]?.mapped).toMatchObject(mapped)
})

it('knows a row without a number again where its columns have moved, or are configured meanwhile', async () => {
  await using folder = await TestFolder.create()
  const columns = ['诉求人', '来电号码', '诉求内容', '承办单位', '联系人', '联系电话']
  const cells = ['张三', '13800138000', '路灯不亮', '城管局', '李科长', '83212345']
  const moved = [4, 5, 0, 1, 2, 3]
  await folder.write('a.csv', csv([columns, cells]))
  await folder.write(
    'b.csv',
    csv([moved.map((index) => columns[index] ?? ''), moved.map((index) => cells[index] ?? '')]),
  )
  const ids = [...(await folder.read()), ...(await folder.read({ columns: { phone: '联系电话' } }))].map(
    ({ externalId }) => externalId,
  )
  expect(ids).toEqual(Array(4).fill(ids[0]))
})

it('leaves to the officer what stands behind configured columns, too', async () => {
  await using folder = await TestFolder.create()
  const names = ['反映群众', '来电号码', '诉求内容', '处置主体', '联系人', '联系电话']
  const path = await folder.write('a.csv', csv([names, names.map((name) => `某${name}`)]))
  const columns = { reporterName: '反映群众', department: '处置主体' }
  const { tables } = await describeFile(path, hotlineExportSettings.parse({ path: '.', columns }))
  expect(tables[0]?.mapped).toMatchObject({ reporterName: ['反映群众'], phone: ['来电号码'] })
})

it('leaves to the reporter what stands behind an officer, but in a group of its own', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '来电信息', '', '', '办理信息', '诉求人信息', ''],
    ['', '来电人', '来电号码', '诉求内容', '承办单位', '联系人', '联系电话'],
    ['A-1', '张三', '13800138000', '路灯不亮', '城管局', '李四', '13900139000'],
  ]
  const path = await folder.write('a.csv', csv(rows))
  expect((await describeFile(path, settings)).tables[0]?.mapped).toMatchObject({
    reporterName: ['来电人', '联系人'],
    phone: ['联系电话', '来电号码'],
  })
})

it('names the columns of an officer by the department, unless they are configured', async () => {
  await using folder = await TestFolder.create()
  const names = ['诉求人', '诉求人电话', '诉求内容', '承办单位', '联系人', '联系电话']
  await folder.write(
    'a.csv',
    csv([names, ['张三', '13800138000', '路灯不亮', '城管局', '李科长', '83212345']]),
  )
  expect((await folder.read()).map(cellsOf)).toMatchObject([
    { 诉求人: '张三', '联系人（承办单位）': '李科长', '联系电话（承办单位）': '83212345' },
  ])
  const [item] = await folder.read({ columns: { reporterName: '联系人', phone: '联系电话' } })
  expect(cellsOf(item)).toMatchObject({ 联系人: '李科长', 联系电话: '83212345' })
})

it('reads the columns of a report below a group with a remark, and those of somebody else by it', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求人信息（必填）', '', '被投诉方（商家）信息', '', '诉求内容'],
    ['', '姓名', '电话', '姓名', '电话', ''],
    ['A-1', '张三', '13800138000', '王老板', '13900139000', '路灯不亮'],
  ]
  const path = await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  expect((await describeFile(path, settings)).tables.at(-1)?.mapped).toMatchObject({
    reporterName: ['姓名'],
    phone: ['电话'],
  })
  const items = await folder.read()
  expect(items.map(cellsOf)).toMatchObject([
    { 姓名: '张三', 电话: '13800138000', '姓名（被投诉方信息）': '王老板' },
  ])
})

it('names columns by a group also where the line above has names of its own, and by no title', async () => {
  await using folder = await TestFolder.create()
  const read = async (...rows: (readonly string[])[]) => {
    const path = await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
    return (await describeFile(path, settings)).tables.at(-1)?.columns
  }
  const data = ['A-1', '路灯不亮', '城管局', '已修复', '2026/3/9']
  expect(
    await read(['工单编号', '诉求内容', '处理情况', '', ''], ['', '', '单位', '内容', '时间'], data),
  ).toEqual(['工单编号', '诉求内容', '单位（处理情况）', '内容（处理情况）', '时间（处理情况）'])
  expect(
    await read(['办理情况表', '', '', '', '备注'], ['工单编号', '内容', '单位', '时间', ''], data),
  ).toEqual(['工单编号', '内容', '单位', '时间', '备注'])
})
