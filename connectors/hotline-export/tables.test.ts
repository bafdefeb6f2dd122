import { expect, it } from 'vitest'
import { describeFile } from './describe-file.ts'
import { csv, header, html, sampleRow, sampleRows, spreadsheetMl, workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder, textOf } from './fixtures/test-folder.ts'
import { hotlineExportSettings } from './settings.ts'

const settings = hotlineExportSettings.parse({ path: '.' })

it('reads every sheet with a known header, and only those', async () => {
  await using folder = await TestFolder.create()
  const sheets = {
    说明: [['本表由热线办制作'], ['请勿外传']],
    一月: [header, sampleRow(1)],
    二月: [header, sampleRow(2)],
  }
  const path = await folder.write('a.xlsx', workbook(sheets, 'xlsx'))
  expect((await folder.read()).map(({ meta }) => meta.sheet)).toEqual(['一月', '二月'])
  expect((await folder.read({ sheet: '二月' })).map(({ externalId }) => externalId)).toEqual(['GD2026000002'])
  expect((await describeFile(path, settings)).unknownSheets).toEqual(['说明'])
  const [absent] = await folder.read({ sheet: '三月' })
  expect(absent?.meta).toMatchObject({ problem: 'FILE_NOT_A_TABLE' })
  expect(absent?.meta.problemDetail).toContain('no rows in the sheet that is configured')
})

it('reads only the sheet of an XML spreadsheet that is configured', async () => {
  await using folder = await TestFolder.create()
  const [a, b] = [1, 2].map((number) => spreadsheetMl([header, sampleRow(number)]))
  const second = b?.slice(b.indexOf('<Worksheet'), b.indexOf('</Workbook>')).replace('工单"', '二月"')
  await folder.write('a.xls', a?.replace('</Workbook>', `${second}</Workbook>`) ?? '')
  expect((await folder.read()).length).toBe(2)
  expect((await folder.read({ sheet: '二月' })).map(({ externalId }) => externalId)).toEqual(['GD2026000002'])
})

it.each([3, 60])(
  'reads a sheet of %i rows without a header under that of the sheet before it',
  async (count) => {
    await using folder = await TestFolder.create()
    const [, ...rows] = sampleRows(count + 2)
    const sheets = { Sheet1: [['热线导出'], header, ...rows.slice(0, 2)], Sheet2: rows.slice(2), Sheet3: [] }
    const path = await folder.write('a.xlsx', workbook(sheets, 'xlsx'))
    const items = await folder.read()
    expect(items.map(({ externalId }) => externalId)).toEqual(rows.map(([id]) => id))
    expect(cellsOf(items[2])).toMatchObject({ 诉求内容: expect.stringContaining('编号3'), 区划: '鼓楼区' })
    expect((await describeFile(path, settings)).tables).toMatchObject([
      { sheet: 'Sheet1', headerRow: 2, continues: null },
      { sheet: 'Sheet2', headerRow: 0, continues: 'Sheet1', idColumn: '工单编号' },
    ])
  },
)

it('reads a sheet without a header under that of the sheet before it, also where an earlier one had none either', async () => {
  await using folder = await TestFolder.create()
  const names = ['工单编号', '诉求人', '诉求内容']
  const sheets = {
    Sheet1: [['A-202601', '张三', '路灯不亮']],
    Sheet2: [names, ['A-202602', '张三', '路灯不亮']],
    Sheet3: [names.toReversed(), ['井盖丢失', '李四', 'A-202603']],
    Sheet4: [['AB-202604', '李四', '停水202604']],
  }
  const path = await folder.write('a.xlsx', workbook(sheets, 'xlsx'))
  expect((await describeFile(path, settings)).tables).toMatchObject([
    { sheet: 'Sheet1', continues: 'Sheet2' },
    { sheet: 'Sheet2', continues: null },
    { sheet: 'Sheet3', continues: null },
    { sheet: 'Sheet4', continues: 'Sheet3' },
  ])
})

it('reads HTML whose header stands in a table of its own, and whose rows go on in others', async () => {
  await using folder = await TestFolder.create()
  const [names, ...rows] = sampleRows(90)
  const parts = [[names ?? []], rows.slice(0, 50), rows.slice(50)]
  await folder.write('a.xls', parts.map(html).join('\n'))
  expect((await folder.read()).map(({ externalId }) => externalId)).toEqual(rows.map(([id]) => id))
})

it('makes one item of a sheet that may hold reports, but not of covers, legends and figures', async () => {
  await using folder = await TestFolder.create()
  const other = Array.from({ length: 50 }, (_, index) => [index, '某某', '小区门口的路灯坏了三天没人修', 'x'])
  const sheets = {
    工单: sampleRows(2),
    封面: [['某市热线'], ['二〇二六年三月'], ['编制：', '热线办', '审核：', '某某']],
    图例: [
      ['代码', '含义'],
      ['1', '投诉举报类的诉求和建议'],
      ['2', '咨询求助类的诉求和建议'],
    ],
    汇总: [
      ['片区', '受理量', '办结量', '满意率', '排名', '环比'],
      ['甲', 120, 118, 0.98, 1, 2],
      ['乙', 90, 80, 0.9, 2, 1],
    ],
    补录: other,
  }
  const path = await folder.write('a.xlsx', workbook(sheets, 'xlsx'))
  const items = await folder.read()
  expect(items.map(({ meta }) => [meta.sheet, meta.problem])).toEqual([
    ['工单', undefined],
    ['工单', undefined],
    ['补录', 'FILE_NO_HEADER'],
  ])
  expect(JSON.parse(items[2]?.meta.problemDetail ?? '')).toEqual({
    file: 'a.xlsx › 补录',
    'file.en': 'a.xlsx › 补录 (50 rows)',
    'file.zh': 'a.xlsx › 补录（50 行）',
    sheet: '补录',
    rows: 50,
  })
  expect(textOf(items[2])).toContain('49\t某某\t小区门口')
  expect((await folder.read())[2]?.externalId).toBe(items[2]?.externalId)
  expect((await folder.read({}, items[1]?.cursor)).at(-1)?.meta.problem).toBe('FILE_NO_HEADER')
  expect((await describeFile(path, settings)).unknownSheets).toEqual(['封面', '图例', '汇总', '补录'])
})

it('reads no rows of a sheet of figures beside a table, though some of its column names are known', async () => {
  await using folder = await TestFolder.create()
  const figures = {
    统计: [
      ['所属区域', '受理量', '办结量'],
      ['鼓楼区', 30, 28],
      ['仓山区', 12, 12],
      ['合计', 42, 40],
    ],
    字典: [
      ['区域', '代码'],
      ['鼓楼区', '350102'],
      ['仓山区', '350104'],
    ],
  }
  const words = [
    ['区域', '市民原话'],
    ['鼓楼区', '路灯不亮'],
    ['仓山区', '停水'],
  ]
  const few = [
    ['姓名', '电话', '反映的事'],
    ['李四', '13800138001', '没电了'],
  ]
  const sheets = { 工单: sampleRows(1), ...figures, 原话: words, 电话: few }
  await folder.write('a.xlsx', workbook(sheets, 'xlsx'))
  await folder.write('empty.xlsx', workbook({ 原话: words.slice(0, 1) }, 'xlsx'))
  expect((await folder.read()).map(({ meta }) => [meta.sheet, meta.row])).toEqual([
    ['工单', '2'],
    ['原话', '2'],
    ['原话', '3'],
    ['电话', '2'],
  ])
})

it('joins a header of two rows, and drops a header that is repeated below', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求人', '', '诉求内容'],
    ['', '姓名', '联系电话', ''],
    ['A-1', '张三', '13800138000', '路灯不亮'],
    ['工单编号', '姓名', '联系电话', '诉求内容'],
    ['A-2', '李四', '13900139000', '井盖缺失'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  expect((await folder.read()).map(cellsOf)).toEqual([
    { 工单编号: 'A-1', 姓名: '张三', 联系电话: '13800138000', 诉求内容: '路灯不亮' },
    { 工单编号: 'A-2', 姓名: '李四', 联系电话: '13900139000', 诉求内容: '井盖缺失' },
  ])
})

it.each<readonly [string, readonly string[], string]>([
  ['has a mark', header, `\ufeff${csv([header])}`],
  ['has a name twice', [...header, '备注', '备注'], csv([[...header, '备注', '备注']])],
  [
    'has a name with a line break',
    ['工单\n编号', ...header.slice(1)],
    csv([['工单\n编号', ...header.slice(1)]]),
  ],
  ['is written otherwise', header, csv([header.map((name) => ` ${name}*`)])],
])('drops a header that joined files repeat, when it %s', async (_, names, repeated) => {
  await using folder = await TestFolder.create()
  const rows = [1, 2].map((number) => [...sampleRow(number), 'x', 'y'].slice(0, names.length))
  await folder.write('a.csv', csv([names, rows[0] ?? []]) + repeated + csv([rows[1] ?? []]))
  expect((await folder.read()).map(({ externalId }) => externalId)).toEqual(['GD2026000001', 'GD2026000002'])
})

it('joins a header of two lines whose lower one has a name that is not known', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['某市12345热线工单'],
    ['工单编号', '诉求人信息', '', '', '诉求内容', '诉求时间'],
    ['', '姓名', '联系电话', '民族', '', ''],
    ['A-1', '张三', '13800138000', '汉', '路灯不亮', '2026/3/1 8:05'],
  ]
  const path = await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  const cells = { 工单编号: 'A-1', 姓名: '张三', 联系电话: '13800138000', 民族: '汉', 诉求内容: '路灯不亮' }
  const items = await folder.read()
  expect(items.map(cellsOf)).toEqual([{ ...cells, 诉求时间: '2026/3/1 8:05' }])
  expect((await describeFile(path, settings)).tables).toMatchObject([{ headerRow: 3, unmapped: ['民族'] }])
})

it('takes a first row with a known word in it for no second line of the header', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    'a.csv',
    csv([
      ['工单编号', '诉求内容', '其他'],
      ['A-1', '', '附件'],
      ['', '路灯', '附件'],
    ]),
  )
  expect((await folder.read()).map(({ meta }) => meta.row)).toEqual(['2', '3'])
})

it('drops both lines of a header that is repeated, and keeps rows that share a word with it', async () => {
  await using folder = await TestFolder.create()
  const lines = [
    ['工单编号', '诉求人', '', '诉求内容'],
    ['', '姓名', '联系电话', ''],
  ]
  const rows = [
    ...lines,
    ['A-1', '', '', '路灯'],
    ...lines,
    ['', '姓名', '138', '诉求内容'],
    ['A-2', '', '', '诉求内容'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  expect((await folder.read()).map(({ meta }) => meta.row)).toEqual(['3', '6', '7'])
})

it.each([3, 60])('makes no item of a row with nothing but spaces, be it number %d', async (rows) => {
  await using folder = await TestFolder.create()
  const blank = header.map((_, index) => (index === 0 ? '\u3000' : '\u00a0'))
  await folder.write('a.xls', html([...sampleRows(rows), blank, [...sampleRow(rows + 1)]]))
  await folder.write('b.xlsx', workbook({ 工单: [...sampleRows(rows), [' ', '\u3000']] }, 'xlsx'))
  const items = await folder.read()
  expect(items).toHaveLength(2 * rows + 1)
  expect(items.map(textOf)).not.toContain('{}')
})

it('makes repeated and blank header names unique, and keeps cells exactly as they are', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    'a.csv',
    csv([
      ['工单编号', '备注', '', '备注', '诉求内容'],
      ['A-1', ' x ', '7', 'ｙ', '  路灯\u3000'],
    ]),
  )
  expect(cellsOf((await folder.read())[0])).toEqual({
    工单编号: 'A-1',
    备注: ' x ',
    列3: '7',
    '备注#2': 'ｙ',
    诉求内容: '  路灯\u3000',
  })
})

it('takes the header row and the column names that are configured', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', 'x,y\nNr,Was\n5,Licht kaputt\n')
  expect((await folder.read())[0]?.meta.problem).toBe('FILE_NO_HEADER')
  const columns = { id: 'nr', body: ['Was'] }
  expect((await folder.read({ headerRow: 2, columns })).map(cellsOf)).toEqual([
    { Nr: '5', Was: 'Licht kaputt' },
  ])
  expect((await folder.read({ columns })).map(({ externalId }) => externalId)).toEqual(['5'])
})

it('describes a file that it cannot read by its problem', async () => {
  await using folder = await TestFolder.create()
  const unclear = await folder.write('a.csv', Buffer.from('naïve;Straße\n', 'latin1'))
  expect((await describeFile(unclear, settings)).problem?.code).toBe('FILE_ENCODING_AMBIGUOUS')
  const missing = await describeFile(`${folder.path}/none.csv`, settings)
  expect(missing.problem).toMatchObject({
    code: 'FILE_UNREADABLE',
    details: { file: 'none.csv', reason: 'ENOENT' },
  })
})

const unnamed = [['甲', '乙', '丙'], ...[1, 2, 3].map((number) => [`${number}`, '路灯坏了', '3月1日'])]

it.each([
  ['a.csv', csv(unnamed, ';')],
  ['a.xlsx', workbook({ 来件: unnamed }, 'xlsx')],
])('shows the first rows of %s, whose columns have names that are not known', async (name, content) => {
  await using folder = await TestFolder.create()
  const path = await folder.write(name, content)
  const { problem, firstRows } = await describeFile(path, settings)
  expect(problem?.code).toBe('FILE_NO_HEADER')
  expect(firstRows).toEqual(['甲\t乙\t丙', '1\t路灯坏了\t3月1日', '2\t路灯坏了\t3月1日'])
})

it.each(['csv', 'xlsx'])(
  'takes no row of data for the header of a %s, whatever headerRow says',
  async (format) => {
    await using folder = await TestFolder.create()
    const content = format === 'csv' ? csv(sampleRows(5)) : workbook({ 甲: sampleRows(5) }, 'xlsx')
    const path = await folder.write(`a.${format}`, content)
    for (const headerRow of [3, 6, 7]) {
      const items = await folder.read({ headerRow })
      expect(items.map(({ meta }) => meta.problem)).toEqual(['FILE_NO_HEADER'])
      const { problem } = await describeFile(path, { ...settings, headerRow })
      expect(problem?.code).toBe('FILE_NO_HEADER')
    }
    expect((await folder.read({ headerRow: 1 })).length).toBe(5)
  },
)

it('takes no row for the header that holds a known name by chance', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求人', '来源', '诉求内容'],
    ...[1, 2].map((n) => [`A-${n}`, '张三', '电话', '路灯']),
  ]
  await folder.write('a.csv', csv(rows))
  expect((await folder.read({ headerRow: 2 })).map(({ meta }) => meta.problem)).toEqual(['FILE_NO_HEADER'])
})

const twoTables = [
  ['信访件'],
  ['编号', '内容'],
  ['XF-2024-001', '人民路12号路灯坏了半个月没有人修'],
  ['XF-2024-002', '青年中路菜市场门口污水横流臭气熏天'],
  ['', '河边步道的护栏断了'],
  ['热线件'],
  ['工单编号', '诉求人', '联系电话', '诉求类型', '诉求时间', '事发地址', '承办单位', '办理状态', '诉求内容'],
  [
    'RX-2024-001',
    '王五',
    '13800138002',
    '投诉',
    '2024-03-01 10:00',
    '跃龙路',
    '城管局',
    '处理中',
    '半夜打桩',
  ],
]
const padded = (rows: readonly (readonly string[])[]) =>
  rows.map((cells) => Array.from({ length: 9 }, (_, index) => cells[index] ?? ''))

it.each([
  ['CSV', csv(padded(twoTables))],
  ['XLSX', workbook({ 甲: twoTables }, 'xlsx')],
])('reads a smaller table above another in one sheet, in %s', async (_, content) => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.dat', content)
  for (const given of [{}, { headerRow: 7 }]) {
    const items = await folder.read(given)
    expect(items.map(({ meta, externalId }) => [meta.row, meta.problem, externalId.slice(0, 11)])).toEqual([
      ['3', undefined, 'XF-2024-001'],
      ['4', undefined, 'XF-2024-002'],
      ['5', undefined, expect.stringMatching(/^row-/)],
      ['8', undefined, 'RX-2024-001'],
    ])
    expect(cellsOf(items[2])).toEqual({ 内容: '河边步道的护栏断了' })
    expect(cellsOf(items[3])).toMatchObject({ 工单编号: 'RX-2024-001', 诉求内容: '半夜打桩' })
  }
  expect((await describeFile(path, settings)).tables.map(({ headerRow }) => headerRow)).toEqual([2, 7])
})

it.each([
  ['CSV', csv(padded([...twoTables.slice(6), ...twoTables.slice(1, 5)]))],
  ['XLSX', workbook({ 甲: [...twoTables.slice(6), ...twoTables.slice(1, 5)] }, 'xlsx')],
])('reads a smaller table below another in one sheet, in %s', async (_, content) => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.dat', content)
  const items = await folder.read()
  expect(items.map(cellsOf).map((cells) => cells.内容 ?? cells.诉求内容)).toEqual(
    [...twoTables.slice(7), ...twoTables.slice(2, 5)].map((cells) => cells.at(-1)),
  )
  const { tables, problem } = await describeFile(path, settings)
  expect(problem).toBeNull()
  expect(tables.map(({ headerRow }) => headerRow)).toEqual([1, 3])
})

it('leaves out a header that is printed again inside a smaller table above another', async () => {
  await using folder = await TestFolder.create()
  const printed = [...twoTables.slice(0, 3), ...twoTables.slice(1)]
  await folder.write('a.xlsx', workbook({ 甲: printed }, 'xlsx'))
  expect((await folder.read()).map(({ meta }) => meta.row)).toEqual(['3', '5', '6', '7', '10'])
})

it('tells by its length whether a value of 编号 is a number or counts rows', async () => {
  await using folder = await TestFolder.create()
  for (const [number, id] of [
    ['A00001', 'A00001'],
    ['A0001', expect.stringMatching(/^row-/)],
  ]) {
    await folder.write(
      'a.csv',
      csv([
        ['编号', '内容'],
        [number, '路灯不亮'],
      ]),
    )
    expect((await folder.read())[0]?.externalId).toEqual(id)
  }
})

it('reads a table below another whose header has a name that is not known, and takes few known words for none', async () => {
  await using folder = await TestFolder.create()
  const chance = ['市民', '电话', '夜间施工', '很吵', '', '']
  const below = [
    ['联系电话1', '工单编号', '自定义列A', '诉求内容'],
    ['13800138009', 'GD2026000009', '甲', '路灯不亮'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: [...sampleRows(1), chance, ...below] }, 'xlsx'))
  const items = await folder.read()
  expect(items.map(({ externalId }) => externalId)).toEqual(['GD2026000001', '市民', 'GD2026000009'])
  expect(cellsOf(items[2])).toEqual({
    ...{ 联系电话1: '13800138009', 工单编号: 'GD2026000009', 自定义列A: '甲', 诉求内容: '路灯不亮' },
  })
})

it('leaves out the titles of a table below another, and no other words that stand alone', async () => {
  await using folder = await TestFolder.create()
  const titles = [['二、其他诉求工单'], ['统计时间：2026年3月'], []]
  const next = [
    ['受理编号', '主要内容'],
    ['SL2026000001', '楼下噪音太大'],
  ]
  const reply = ['', '', '', '', '', '鼓楼区：已派人维修']
  const rows = [...sampleRows(1), ['市民再次来电催办'], sampleRow(2), ['', '', '', '', '井盖也没有了'], reply]
  const joined = [...rows, ...titles, header, sampleRow(3), ['GD2026000004'], ...titles, ...next]
  await folder.write('a.xlsx', workbook({ 甲: joined }, 'xlsx'))
  expect((await folder.read()).map(({ externalId, meta }) => [meta.row, externalId])).toEqual([
    ['2', 'GD2026000001'],
    ['3', '市民再次来电催办'],
    ['4', 'GD2026000002'],
    ['5', expect.stringMatching(/^row-/)],
    ['6', expect.stringMatching(/^row-/)],
    ['11', 'GD2026000003'],
    ['12', 'GD2026000004'],
    ['17', 'SL2026000001'],
  ])
})

it('takes words at the end of an HTML table for no title of the next table', async () => {
  await using folder = await TestFolder.create()
  const first = html([...sampleRows(50), ['市民再次来电催办']])
  await folder.write('a.xls', first + html([header, sampleRow(51)]))
  expect((await folder.read()).slice(49).map(({ externalId }) => externalId)).toEqual([
    ...['GD2026000050', '市民再次来电催办', 'GD2026000051'],
  ])
})

it('keeps words in the column of the text that stand alone above a repeated header', async () => {
  await using folder = await TestFolder.create()
  const names = ['诉求内容', '诉求人', '联系电话']
  const rows = [names, ['路灯不亮', '张三', '13800138000'], ['楼下噪音太大'], names, ['井盖缺失', '李四', '']]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  expect((await folder.read()).map((item) => cellsOf(item).诉求内容)).toEqual([
    ...['路灯不亮', '楼下噪音太大', '井盖缺失'],
  ])
})

it('judges by the rows of a table alone whether 编号 is its number, and not by those of the next table', async () => {
  await using folder = await TestFolder.create()
  const next = ['诉求人', '诉求内容', '联系电话']
  const people = ['张三', '李四', '王五', '赵六'].map((name) => [name, '路灯不亮', '13800138000'])
  const rows = [['编号', '诉求内容', '诉求人'], ['XF-2024-001', '污水横流', '张三'], next, ...people]
  await folder.write('a.csv', csv(rows))
  await folder.write('b.xlsx', workbook({ 甲: rows }, 'xlsx'))
  const ids = (await folder.read()).filter(({ meta }) => meta.row === '2').map(({ externalId }) => externalId)
  expect(ids).toEqual(['XF-2024-001', 'XF-2024-001'])
})

it('takes a row of names without a number or a text, below a header, for no other one', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', csv([...sampleRows(1), ['诉求人', '联系电话', '', '', '', ''], sampleRow(2)]))
  expect((await folder.read()).map(({ meta, externalId }) => [meta.row, externalId])).toEqual([
    ['2', 'GD2026000001'],
    ['3', '诉求人'],
    ['4', 'GD2026000002'],
  ])
})

it('makes an item of one nearly full row above a header, and another of one that says something else', async () => {
  await using folder = await TestFolder.create()
  const ids: (string | undefined)[] = []
  for (const number of [1, 1, 2]) {
    await folder.write('a.xlsx', workbook({ 甲: [sampleRow(number).slice(0, 5), ...sampleRows(1)] }, 'xlsx'))
    const items = await folder.read()
    expect(items.map(({ meta }) => meta.problem)).toEqual([undefined, 'FILE_NO_HEADER'])
    ids.push(items[1]?.externalId)
  }
  expect(ids[0]).toBe(ids[1])
  expect(ids[0]).not.toBe(ids[2])
})

it('makes an item of a row above a header that has too large a cell', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.xlsx', workbook({ 甲: [['长'.repeat(2000)], ...sampleRows(1)] }, 'xlsx'))
  const items = await folder.read({ maxCellBytes: 1024 })
  expect(items.map(({ meta }) => [meta.row, meta.problem])).toEqual([
    ['1', 'ITEM_TOO_LARGE'],
    ['3', undefined],
  ])
})

it('takes lines of names and what they say, and sums, above a header for no table', async () => {
  await using folder = await TestFolder.create()
  const above = [
    ['编号', '2026-17', '日期', '2026年3月1日'],
    ['制表单位', '某市热线办', '制表人', '张三'],
    ['诉求类型', '承办单位', '件数'],
    ['投诉', '城管局', '12'],
    ['制表单位：某某市12345热线受理中心', '导出时间：2026年3月1日', '制表人：张三'],
    ['审核单位：某某市政务服务中心热线科', '审核时间：2026年3月2日', '审核人：李四'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: [...above, ...sampleRows(2)] }, 'xlsx'))
  expect((await folder.read()).map(({ meta }) => meta.row)).toEqual(['8', '9'])
})

it('makes an item of rows above a header that read like reports, and of titles none', async () => {
  await using folder = await TestFolder.create()
  const above = [1, 2].map((number) => ['x', ...sampleRow(number).slice(1)])
  const titles = [
    ['12345热线工单导出明细表'],
    ['制表单位：某某市12345热线受理中心', '导出时间：2026年3月1日', '制表人：张三'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: [...titles, ...above, ...sampleRows(1)] }, 'xlsx'))
  const items = await folder.read({ headerRow: 5 })
  expect(items.map(({ meta }) => [meta.row, meta.problem])).toEqual([
    ['6', undefined],
    [undefined, 'FILE_NO_HEADER'],
  ])
  expect(JSON.parse(items[1]?.meta.problemDetail ?? '')).toMatchObject({
    'file.en': 'a.xlsx › 甲, above row 5 (4 rows)',
    'file.zh': 'a.xlsx › 甲 第 5 行之前（4 行）',
  })
  expect(textOf(items[1])).toContain('路灯坏了，请尽快派人维修。编号2')
  await folder.write('a.xlsx', workbook({ 甲: [...titles, ...sampleRows(1)] }, 'xlsx'))
  expect((await folder.read()).map(({ meta }) => meta.problem)).toEqual([undefined])
})
