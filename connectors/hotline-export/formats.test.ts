import type XLSX from '@e965/xlsx'
import iconv from 'iconv-lite'
import { expect, it } from 'vitest'
import { describeFile } from './describe-file.ts'
import { csv, header, html, sampleRow, sampleRows, spreadsheetMl, workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder, textOf } from './fixtures/test-folder.ts'
import { hotlineExportSettings } from './settings.ts'

const titled = [['某市12345热线工单导出'], [], ...sampleRows(3)]
const settings = hotlineExportSettings.parse({ path: '.' })

it.each<readonly [string, string | Uint8Array, string]>([
  ['CSV named .xls', csv(sampleRows(3)), 'CSV'],
  ['TSV named .csv', csv(sampleRows(3), '\t'), 'CSV'],
  ['semicolons', csv(sampleRows(3), ';'), 'CSV'],
  ['sep= line', `sep=;\r\n${csv(sampleRows(3), ';')}`, 'CSV'],
  [
    'CSV below titles',
    `某市热线导出,,,,,\n制表单位：热线办,,,,,\n日期：2026年3月1日\n\n${csv(sampleRows(3))}`,
    'CSV',
  ],
  ['XLSX named .csv', workbook({ 工单: titled }, 'xlsx'), 'XLSX'],
  ['BIFF8 named .xlsx', workbook({ 工单: titled }, 'biff8'), 'XLS'],
  ['HTML named .xls', html(titled), 'HTML'],
  ['HTML in GB18030', iconv.encode(html(titled), 'gb18030'), 'HTML'],
  ['XML named .xls', spreadsheetMl(titled), 'XML'],
])('recognises %s by its content', async (_, content, format) => {
  await using folder = await TestFolder.create()
  const path = await folder.write('export.dat', content)
  const items = await folder.read()
  expect(items.map(cellsOf)).toEqual(
    [1, 2, 3].map((number) =>
      Object.fromEntries(header.map((name, index) => [name, sampleRow(number)[index]])),
    ),
  )
  expect(items.map(({ externalId }) => externalId)).toEqual(['GD2026000001', 'GD2026000002', 'GD2026000003'])
  const described = await describeFile(path, settings)
  expect(described).toMatchObject({ format, problem: null, unknownSheets: [] })
  expect(described.tables).toMatchObject([{ columns: header, unmapped: [], idColumn: '工单编号' }])
})

it.each(['xlsx', 'biff8'] as const)(
  'gives cached formula values, real dates and times of %s',
  async (bookType) => {
    await using folder = await TestFolder.create()
    const cells = ['A-1', '路灯', new Date(Date.UTC(2020, 8, 3, 8, 5, 0)), 7, true]
    const names = ['工单编号', '诉求内容', '诉求时间', '转处理次数', '是否督办']
    const change = (sheet: XLSX.WorkSheet) => {
      sheet.D2 = { t: 'n', v: 42, f: '40+2' }
    }
    for (const date1904 of [false, true]) {
      await folder.write(`${date1904}.xls`, workbook({ 甲: [names, cells] }, bookType, change, date1904))
    }
    const items = await folder.read()
    expect(items.length).toBe(2)
    for (const item of items) {
      expect(Object.values(cellsOf(item))).toEqual(['A-1', '路灯', '2020-09-03T08:05:00', 42, true])
    }
  },
)

it('takes the Z of a date cell for what it is, a wall clock, and that of a text for UTC', async () => {
  await using folder = await TestFolder.create()
  const names = ['工单编号', '诉求时间', '备注']
  const text = '2020-09-03T00:05:00.000Z'
  const rows = (date: Date | string) => ({ 甲: [names, ['A-1', date, 'x']] })
  const date = new Date(Date.UTC(2020, 8, 3, 8, 5, 0))
  await folder.write(
    'a.xlsx',
    workbook(rows(date), 'xlsx', () => {}, false, true),
  )
  await folder.write(
    'b.xlsx',
    workbook(rows(text), 'xlsx', () => {}, false, true),
  )
  expect((await folder.read()).map((item) => cellsOf(item).诉求时间)).toEqual(['2020-09-03T08:05:00', text])
})

it('reads typed cells, indexes and merged cells of an XML spreadsheet', async () => {
  await using folder = await TestFolder.create()
  const xml = `<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><ss:Worksheet ss:Name="甲"><ss:Table>
<ss:Row><ss:Cell ss:MergeAcross="3"><ss:Data ss:Type="String">标题</ss:Data></ss:Cell></ss:Row>
<ss:Row ss:Index="3"><ss:Cell><ss:Data ss:Type="String">工单编号</ss:Data></ss:Cell><ss:Cell><ss:Data ss:Type="String">诉求内容</ss:Data></ss:Cell>
<ss:Cell><ss:Data ss:Type="String">诉求时间</ss:Data></ss:Cell><ss:Cell><ss:Data ss:Type="String">备注</ss:Data></ss:Cell></ss:Row>
<ss:Row><ss:Cell><ss:Data ss:Type="Number">12</ss:Data></ss:Cell><ss:Cell ss:Index="3"><ss:Data ss:Type="DateTime">2020-09-03T08:05:00.000</ss:Data></ss:Cell>
<ss:Cell><ss:Data ss:Type="String">a &lt;&#10;b</ss:Data><ss:Comment><ss:Data>批注</ss:Data></ss:Comment></ss:Cell></ss:Row>
</ss:Table></ss:Worksheet></ss:Workbook>`
  await folder.write('a.xls', xml)
  const [item] = await folder.read()
  expect(cellsOf(item)).toEqual({ 工单编号: 12, 诉求时间: '2020-09-03T08:05:00', 备注: 'a <\nb' })
  expect(item?.meta).toMatchObject({ sheet: '甲', row: '4' })
})

it('keeps the figures of long numbers in an XML spreadsheet that a program wrote', async () => {
  await using folder = await TestFolder.create()
  const written = spreadsheetMl([
    ['工单编号', '诉求内容'],
    ['202603011234567891', '路灯不亮'],
  ])
  await folder.write('a.xls', written.replace('"String">2026', '"Number">2026'))
  expect((await folder.read()).map(({ externalId }) => externalId)).toEqual(['202603011234567891'])
})

it.each(['="0012345"', "'0012345", ' 0012345\t', '0012345.0'])(
  'takes the number in %j for what it is',
  async (cell) => {
    await using folder = await TestFolder.create()
    await folder.write(
      'a.csv',
      csv([
        ['工单编号', '诉求内容'],
        [cell, '路灯不亮'],
      ]),
    )
    expect((await folder.read()).map(({ externalId }) => externalId)).toEqual(['0012345'])
  },
)

it('reads a table of which every cell, the names too, is wrapped for Excel to keep its zeros', async () => {
  await using folder = await TestFolder.create()
  const rows = sampleRows(2).map((cells) => cells.map((cell) => `="${cell}"`).join(','))
  const path = await folder.write('a.csv', rows.join('\r\n'))
  expect((await folder.read()).map(({ externalId }) => externalId)).toEqual(['GD2026000001', 'GD2026000002'])
  expect((await describeFile(path, settings)).tables).toMatchObject([{ unmapped: [] }])
})

it('reads CSV whose quotes inside cells stand behind a backslash', async () => {
  await using folder = await TestFolder.create()
  const rows = ['"工单编号","诉求人","诉求内容"', '"A-1","","他说\\"明天就修\\"，\\"结果\\",没修\n请管"']
  await folder.write('a.csv', [...rows, '"A-2","李四","\\"停水\\""', ''].join('\n'))
  expect((await folder.read()).map(cellsOf)).toEqual([
    { 工单编号: 'A-1', 诉求内容: '他说"明天就修"，"结果",没修\n请管' },
    { 工单编号: 'A-2', 诉求人: '李四', 诉求内容: '"停水"' },
  ])
})

it.each([
  ['where the quote ends the cell', '"A-1","李\\","在 D:\\"', '李\\', '在 D:\\'],
  ['where quotes are doubled', 'A-1,李\\"明,"他说""修""，请管"', '李\\"明', '他说"修"，请管'],
])('takes a backslash before a quote for text %s', async (_, row, name, text) => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', ['"工单编号","诉求人","诉求内容"', row, ''].join('\n'))
  expect((await folder.read()).map(cellsOf)).toEqual([{ 工单编号: 'A-1', 诉求人: name, 诉求内容: text }])
})

it('reads CSV whose cells stand in single quotes, with delimiters and quotes inside, and one that is not closed', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    "'工单编号','诉求人','诉求内容'",
    "'A-1','张三','路灯,''又''坏了\n请修'",
    "'A-2','李四','没有结尾",
  ]
  await folder.write('a.csv', [...rows, "'A-3','王五','井盖缺失'", ''].join('\r\n'))
  const items = await folder.read()
  expect(items.map(({ externalId, meta }) => meta.problem ?? externalId)).toEqual([
    'A-1',
    'ROW_MALFORMED',
    'A-3',
  ])
  expect(cellsOf(items[0])).toEqual({ 工单编号: 'A-1', 诉求人: '张三', 诉求内容: "路灯,'又'坏了\n请修" })
})

it('takes apostrophes that do not enclose the names of a CSV for what its cells say', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', "'工单编号,'诉求人,诉求内容\r\n'A-1,O'Neil,'路灯'坏了\r\n")
  expect(Object.values(cellsOf((await folder.read())[0]))).toEqual(["'A-1", "O'Neil", "'路灯'坏了"])
})

it.each(['\n', '\r\n'])('reads CSV for the Macintosh whose cells hold the line end %j', async (inside) => {
  await using folder = await TestFolder.create()
  const rows = ['sep=,', '工单编号,诉求内容', `A-1,"路灯${inside}不亮"`, `A-2,"漏水${inside}"`, 'A-3,停电']
  await folder.write('a.csv', `${rows.join('\r')}\r`)
  expect((await folder.read()).map(cellsOf)).toEqual([
    { 工单编号: 'A-1', 诉求内容: `路灯${inside}不亮` },
    { 工单编号: 'A-2', 诉求内容: `漏水${inside}` },
    { 工单编号: 'A-3', 诉求内容: '停电' },
  ])
})

it('reads cells of an XML spreadsheet beside merged ones and comments, times of day, and no place beyond a sheet', async () => {
  await using folder = await TestFolder.create()
  const data = (text: string, type = 'String') => `<Data ss:Type="${type}">${text}</Data>`
  const lines = [
    ['工单编号', '诉求人', '诉求内容', '诉求时间'].map((name) => `<Cell>${data(name)}</Cell>`),
    [
      `<Cell>${data('A-1')}<Comment><ss:Data>批注</ss:Data></Comment></Cell>`,
      `<Cell ss:Index="99999999999">${data('张三')}</Cell><Cell>${data('路灯不亮')}</Cell>`,
      `<Cell>${data('1899-12-31T08:05:00.000', 'DateTime')}</Cell>`,
    ],
    [`<Cell ss:MergeAcross="1">${data('A-2')}</Cell><Cell>${data('井盖缺失')}</Cell>`],
    [`<Cell>${data('A-3')}</Cell><Cell Index="3">${data('积水')}</Cell>`],
  ]
  const table = lines.map((cells) => `<Row>${cells.join('')}</Row>`).join('')
  await folder.write(
    'a.xls',
    `<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>${table}</Table></Worksheet></Workbook>`,
  )
  expect((await folder.read()).map(cellsOf)).toEqual([
    { 工单编号: 'A-1', 诉求人: '张三', 诉求内容: '路灯不亮', 诉求时间: '08:05:00' },
    { 工单编号: 'A-2', 诉求内容: '井盖缺失' },
    { 工单编号: 'A-3', 诉求内容: '积水' },
  ])
})

it('reads HTML without end tags, with spans, line breaks and a layout table around it', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    'a.xls',
    `<table><tr><td><table><tr><td colspan=3>标题<tr><th>工单编号<th>诉求内容<th>备注
     <tr><td>0012<td>第一行<br>第二行&nbsp;&lt;急&gt;<td>  x  y </table></td></tr></table>`,
  )
  expect(cellsOf((await folder.read())[0])).toEqual({
    工单编号: '0012',
    诉求内容: '第一行\n第二行\u00a0<急>',
    备注: 'x y',
  })
})

it('begins a line in an HTML cell where an element of the letter does, and keeps those of a pre', async () => {
  await using folder = await TestFolder.create()
  const letters = [
    '<p>路灯不亮</p>请处理',
    '<div><div>路灯不亮</div></div> <p>请处理</p>',
    '<h3>路灯不亮</h3>请处理',
    '路灯不亮<ul><li>请处理</ul>',
    '路灯不亮<hr>请处理',
    '<pre>路灯不亮\n请处理</pre>',
    '<comment>批注：已派单</comment>路灯不亮<br>请处理',
    '<comment>批注：已办结</comment>路灯不亮<br>\n  请处理',
  ]
  const rows = letters.map((letter, row) => `<tr><td>A-${row}</td><td>${letter}</td></tr>`)
  await folder.write('a.xls', `<table><tr><td>工单编号</td><td>诉求内容</td></tr>${rows.join('')}</table>`)
  expect((await folder.read()).map((item) => cellsOf(item).诉求内容)).toEqual(
    letters.map(() => '路灯不亮\n请处理'),
  )
})

it('takes the number that Excel saved beside what an HTML cell shows of it', async () => {
  await using folder = await TestFolder.create()
  const cell = (held: string, shown: string) => `<td x:num="${held}">${shown}</td>`
  await folder.write(
    'a.xls',
    `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><th>工单编号<th>联系电话<th>诉求时间<th>转处理次数
     <tr>${cell('20260301123456', '2.0260E+13')}${cell('13800138000', '1.38E+10')}${cell('46082.25', '#######')}
     ${cell('', '2')}</table></html>`,
  )
  const [item] = await folder.read()
  expect(item?.externalId).toBe('20260301123456')
  expect(Object.values(cellsOf(item))).toEqual([20260301123456, 13800138000, 46082.25, '2'])
})

it('takes the number that LibreOffice saved beside what an HTML cell shows of it', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    'a.xls',
    `<table><tr><th>工单编号<th>联系电话<th>诉求内容
     <tr><td>GD1<td sdval="13800138000" sdnum="1033;0;0.00E+00">1.38E+10</td><td>路灯不亮</table>`,
  )
  expect(cellsOf((await folder.read())[0]).联系电话).toBe(13800138000)
})

it('reads a table in a cell of an HTML table as part of what the cell says', async () => {
  await using folder = await TestFolder.create()
  const bill =
    '<table><tr><td>水费</td><td>30元</td></tr><tr><td>电费<table><tr><td>峰</td></tr></table></td></tr></table>'
  await folder.write(
    'a.xls',
    `<table><tr><th>工单编号<th>诉求内容<th>备注
     <tr><td>A-1<td>收费不合理：${bill}请核实。<td>x<tr><td>A-2<td>路灯不亮<td>y</table>`,
  )
  expect((await folder.read()).map(cellsOf)).toEqual([
    { 工单编号: 'A-1', 诉求内容: '收费不合理：\n水费 30元\n\n电费\n峰\n请核实。', 备注: 'x' },
    { 工单编号: 'A-2', 诉求内容: '路灯不亮', 备注: 'y' },
  ])
})

it('reads HTML cells that span rows, in the header and in the data', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    'a.xls',
    `<table><thead><tr><th rowspan=2>工单编号</th><th colspan=2>诉求人信息</th><th rowspan=2>诉求内容</th><th rowspan=2>区划</th></tr>
     <tr><th>姓名</th><th>联系电话</th></tr></thead><tbody>
     <tr><td>A-1</td><td>张三</td><td>13800138000</td><td>路灯不亮</td><td rowspan=3>鼓楼区</td></tr>
     <tr><td>A-2</td><td rowspan="2">李四</td><td rowspan="2">13900139000</td><td>井盖缺失</td></tr>
     <tr><td>A-3</td><td>噪音扰民</td></tr>
     <tr><td>A-4</td><td></td><td></td><td>积水</td><td rowspan=99>台江区</td></tr></tbody>
     <tbody><tr><td>A-5</td><td></td><td></td><td>占道</td></tr></tbody></table>`,
  )
  expect((await folder.read()).map((item) => Object.values(cellsOf(item)))).toEqual([
    ['A-1', '张三', '13800138000', '路灯不亮', '鼓楼区'],
    ['A-2', '李四', '13900139000', '井盖缺失', '鼓楼区'],
    ['A-3', '李四', '13900139000', '噪音扰民', '鼓楼区'],
    ['A-4', '积水', '台江区'],
    ['A-5', '占道'],
  ])
})

it('counts the rows of an HTML table that have no cells, and takes a row with cells beyond column 1000 for broken', async () => {
  await using folder = await TestFolder.create()
  const blank = '<td colspan=2000>'
  await folder.write(
    'a.xls',
    `<table><tr><th>工单编号<th>诉求内容<tr></tr><tr><td colspan=0>A-1<td>路灯不亮
     <tr><td>A-2<td>井盖缺失${blank}<tr><td>A-3<td>噪音扰民${blank}<td>多出来的</table>`,
  )
  const items = await folder.read()
  expect(items.map(({ meta, externalId }) => [meta.row, meta.problem ?? externalId])).toEqual([
    ['3', 'A-1'],
    ['4', 'A-2'],
    ['5', 'ROW_MALFORMED'],
  ])
  expect(cellsOf(items[0]).诉求内容).toBe('路灯不亮')
  expect(textOf(items[2])).toContain('噪音扰民')
})

it('says when the spans of an HTML file repeat more than a file can mean', async () => {
  await using folder = await TestFolder.create()
  const long = '长'.repeat(100_000)
  const rows = Array.from({ length: 500 }, (_, index) => `<tr><td>A-${index}`).join('')
  await folder.write(
    'a.xls',
    `<table><tr><th>工单编号<th>诉求内容<th>备注<tr><td>A<td>路灯<td rowspan=65534>${long}${rows}</table>`,
  )
  const items = await folder.read()
  expect(items.length).toBe(501)
  expect(items[1]?.meta.problem).toBeUndefined()
  expect(items.at(-1)?.meta.problem).toBe('ROW_MALFORMED')
  expect(textOf(items.at(-1)).trim()).toBe('A-499')
  const bytes = items.reduce((sum, { body }) => sum + body.length, 0)
  expect(bytes).toBeLessThan(30_000_000)
})
