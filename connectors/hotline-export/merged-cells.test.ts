import { expect, it } from 'vitest'
import { biffSheet, biffStream, compoundFile, record, sharedAt, shorts } from './fixtures/biff-file.ts'
import { workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'
import { rowXml, xlsxParts } from './fixtures/xlsx-parts.ts'
import { zipFile } from './fixtures/zip-file.ts'
import { MergedCells } from './merged-cells.ts'
import type { Cell } from './raw-row.ts'

const rows: readonly (readonly Cell[])[] = [
  ['工单编号', '诉求人', null, '诉求内容', '区划', '承办单位'],
  [null, '姓名', '联系电话', null, null, null],
  ['A-1', '张三', '13800138000', '路灯不亮', '鼓楼区', '城管局'],
  [null, null, null, null, null, '住建局'],
  ['A-2', '李四', null, '井盖缺失', '台江区', '城管局'],
  [null, null, null, '小区积水', null, '水务局'],
  [null, null, null, null, null, null],
  ['A-3', '王五', null, '占道经营', null, '城管局'],
]
/** First and last row, first and last column, from 0. */
const merges = [
  ...[0, 3, 4, 5].map((column) => [0, 1, column, column] as const),
  [0, 0, 1, 2] as const,
  ...[0, 1, 2, 3, 4].map((column) => [2, 3, column, column] as const),
  ...[0, 1].map((column) => [4, 6, column, column] as const),
  [4, 65_535, 4, 4] as const,
]

function spreadsheetMl(): string {
  const cell = (text: Cell, row: number, column: number) => {
    const [, last = row] = merges.find(([first, , left]) => first === row && left === column) ?? []
    return `<Cell ss:Index="${column + 1}" ss:MergeDown="${last - row}"><Data ss:Type="String">${text}</Data></Cell>`
  }
  const lines = rows.map((cells, row) => {
    const own = cells.map((text, column) => (text === null ? '' : cell(text, row, column)))
    return `<Row>${own.join('')}</Row>`
  })
  return `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="甲"><Table>${lines.join('')}</Table></Worksheet></Workbook>`
}

function merged(type: 'xlsx' | 'biff8'): Uint8Array {
  return workbook({ 甲: rows }, type, (sheet) => {
    sheet['!merges'] = merges.map(([first, last, left, right]) => ({
      ...{ s: { r: first, c: left }, e: { r: last, c: right } },
    }))
  })
}

it.each<readonly [string, string | Uint8Array]>([
  ['XLSX', merged('xlsx')],
  ['XLS', merged('biff8')],
  ['XML', spreadsheetMl()],
])('reads in an %s what merged cells say beside each of their rows', async (_, file) => {
  await using folder = await TestFolder.create()
  await folder.write('a.xls', file)
  const items = await folder.read()
  const [a, b] = [
    { 工单编号: 'A-1', 姓名: '张三', 联系电话: '13800138000', 诉求内容: '路灯不亮', 区划: '鼓楼区' },
    { 工单编号: 'A-2', 姓名: '李四', 诉求内容: '井盖缺失', 区划: '台江区' },
  ]
  expect(items.map(cellsOf)).toEqual([
    { ...a, 承办单位: '城管局' },
    { ...a, 承办单位: '住建局' },
    { ...b, 承办单位: '城管局' },
    { ...b, 诉求内容: '小区积水', 承办单位: '水务局' },
    { 工单编号: 'A-3', 姓名: '王五', 诉求内容: '占道经营', 区划: '台江区', 承办单位: '城管局' },
  ])
  // Another text under the same number is another item: as a revision it would take the first one's place.
  expect(items.map(({ externalId }) => externalId.slice(0, 4))).toEqual(['A-1', 'A-1', 'A-2', 'row-', 'A-3'])
})

it('keeps a text apart that stands in HTML beside a number of a row above', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    'a.xls',
    `<table><tr><th>工单编号<th>诉求内容<tr><td rowspan=2>A-1<td>路灯不亮<tr><td>井盖缺失</table>`,
  )
  const [first, second] = await folder.read()
  expect([first?.externalId, second?.externalId.slice(0, 4)]).toEqual(['A-1', 'row-'])
  expect(cellsOf(second)).toEqual({ 工单编号: 'A-1', 诉求内容: '井盖缺失' })
})

it('repeats a cell in each row that it spans, in none behind them, and never in place of another', () => {
  const ranges = [
    { first: 1, last: 3, column: 0 },
    { first: 1, last: 2, column: 1 },
  ]
  const fill = (given: readonly (readonly [number, readonly Cell[]])[]) => {
    const merged = new MergedCells(ranges)
    return given.map(([row, cells]) => merged.fill({ sheet: '', row, cells }).cells)
  }
  const start = [2, ['甲', '乙', '1']] as const
  const rows = [start, [3, [null, '己', '2']], [4, [null, null, '3']], [5, [null, null, '4']]] as const
  expect(fill(rows)).toEqual([
    ...[
      ['甲', '乙', '1'],
      ['甲', '己', '2'],
      ['甲', null, '3'],
    ],
    [null, null, '4'],
  ])
  expect(fill([start, [7, [null, null, '5']]])).toEqual([start[1], [null, null, '5']])
})

it('says when merged cells repeat more than a sheet can mean', () => {
  const cells = new MergedCells([{ first: 0, last: 1_000_000, column: 1 }])
  cells.fill({ sheet: '', row: 1, cells: ['A', '长'.repeat(100_000)] })
  const filled = Array.from({ length: 500 }, (_, index) =>
    cells.fill({ sheet: '', row: index + 2, cells: ['B'] }),
  )
  expect(filled[0]?.cells[1]).toHaveLength(100_000)
  expect(filled.at(-1)).toMatchObject({ broken: { code: 'ROW_MALFORMED', text: 'B' } })
})

const header = ['工单编号', '诉求内容', '区划']
const xls = biffSheet(
  [header, ['A-1', sharedAt(1, 1, 7), '鼓楼区'], ['A-2', '井盖缺失', null]],
  record(0xe5, shorts(1, 1, 2, 2, 2)),
)
const xlsx = xlsxParts({
  sheets: {
    甲: [header, ['A-1', '<c r="B2" t="s"><v>7</v></c>', '鼓楼区'], ['A-2', '井盖缺失']]
      .map((cells, index) => rowXml(index + 1, cells))
      .join(''),
  },
  behind: '<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>',
})

it.each<readonly [string, Uint8Array]>([
  ['XLS', compoundFile({ Workbook: biffStream({ sheets: { 甲: xls } }) })],
  ['XLSX', zipFile(xlsx)],
])('reads in an %s what merged cells say that begin in a row with a missing text', async (_, file) => {
  await using folder = await TestFolder.create()
  await folder.write('a.xls', file)
  const [first, second] = await folder.read()
  expect(first?.meta.problem).toBe('ROW_MALFORMED')
  expect(cellsOf(second)).toEqual({ 工单编号: 'A-2', 诉求内容: '井盖缺失', 区划: '鼓楼区' })
})

it('finds all merged cells of a sheet, wherever the text of its part is cut in two', async () => {
  await using folder = await TestFolder.create()
  const starts = Array.from({ length: 3000 }, (_, index) => index * 2 + 2)
  const lines = starts.map(
    (row) => rowXml(row, [`A-${row}`, '路灯不亮', '鼓楼区']) + rowXml(row + 1, ['', '积水']),
  )
  const merged = starts.map((row) => `<mergeCell ref="C${row}:C${row + 1}"/>`)
  const behind = `<mergeCells>${merged.join('')}</mergeCells>`
  await folder.write(
    'a.xlsx',
    zipFile(xlsxParts({ sheets: { 甲: rowXml(1, header) + lines.join('') }, behind })),
  )
  const districts = (await folder.read({ maxExpandRatio: 2 })).map((item) => cellsOf(item).区划)
  expect(districts).toEqual(Array.from({ length: 6000 }, () => '鼓楼区'))
})

it('says of a workbook that merges more cells than any export that it does, and reads the next file', async () => {
  await using folder = await TestFolder.create()
  const row = rowXml(1, ['工单编号', '诉求内容']) + rowXml(2, ['A-1', '路灯不亮'])
  const behind = `<mergeCells>${'<mergeCell ref="C2:C3"/>'.repeat(500_001)}</mergeCells>`
  await folder.write('a.xlsx', zipFile(xlsxParts({ sheets: { 甲: row }, behind })))
  await folder.write('b.xlsx', zipFile(xlsxParts({ sheets: { 甲: row } })))
  const items = await folder.read()
  expect(items.map(({ externalId, meta }) => meta.problem ?? externalId)).toEqual(['FILE_UNREADABLE', 'A-1'])
})
