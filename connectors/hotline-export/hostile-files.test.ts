import { Buffer } from 'node:buffer'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLogger } from '../../config/logging.ts'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import { collect, never } from '../suite/probe.ts'
import { biffSheet, biffStream, compoundFile, longs, longText, record } from './fixtures/biff-file.ts'
import { TestFolder } from './fixtures/test-folder.ts'
import { rowXml, xlsxParts } from './fixtures/xlsx-parts.ts'
import { zipFile } from './fixtures/zip-file.ts'
import { HtmlRows } from './markup-rows.ts'
import { ExportReader } from './read-export.ts'
import { hotlineExportSettings } from './settings.ts'
import { SteadyFile } from './steady-file.ts'

const names = ['工单编号', '诉求人', '诉求内容']
const row = ['A-1', '张三', '路灯不亮']
const rows = rowXml(1, names) + rowXml(2, row)
const workbook = 'xl/workbook.xml'
const page = (inside: string) =>
  `<table><tr>${names.map((name) => `<td>${name}`).join('')}<tr><td>A-1<td>张三<td>${inside}</table>`
const xml = (inside: string) =>
  `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>${inside}</Table></Worksheet></Workbook>`
const xlsx = (book: Parameters<typeof xlsxParts>[0], change = (part: string) => part) => {
  const parts = xlsxParts(book)
  return zipFile({ ...parts, [workbook]: change(parts[workbook] ?? '') })
}

/** A BIFF8 workbook with this many entries for its one sheet. */
function manySheets(count: number): Uint8Array {
  const rowsOfSheet = Array.from({ length: 2000 }, () => row)
  const stream = biffStream({ sheets: { 甲: biffSheet([names, ...rowsOfSheet]) } })
  const first = stream.indexOf(record(0x85).subarray(0, 2))
  const bound = stream.subarray(first, first + 4 + stream.readUInt16LE(first + 2))
  const more = (count - 1) * bound.length
  bound.writeUInt32LE(bound.readUInt32LE(4) + more, 4)
  const all = Array.from({ length: count }, () => bound)
  return compoundFile({
    Workbook: Buffer.concat([stream.subarray(0, first), ...all, stream.subarray(first + bound.length)]),
  })
}

/** Shared texts of which each stands in a record of its own. */
function manyBlocks(count: number): Uint8Array {
  const texts = [
    record(0xfc, longs(count, count)),
    ...Array.from({ length: count }, () => record(0x3c, longText(''))),
  ]
  return compoundFile({ Workbook: biffStream({ sheets: { 甲: biffSheet([names, row]) }, own: texts }) })
}

/** A compound file that says of each of its tables that it stands in the first sector. */
function endlessTables(bytes: number): Uint8Array {
  const file = Buffer.alloc(bytes)
  file.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
  file.writeUInt16LE(9, 30)
  file.writeUInt32LE(bytes / 4, 44)
  file.writeUInt32LE(0xffffffff, 72)
  return file
}

/** A row of many cells that all refer to one long text. */
function wideRow(cells: number): Uint8Array {
  const shared = Array.from({ length: cells }, () => '<c t="s"><v>0</v></c>').join('')
  return xlsx({
    sheets: { 甲: `${rows}<row r="3">${shared}</row>` },
    sharedTexts: [`<t>${'路'.repeat(300_000)}</t>`],
  })
}

it.each<[string, string, () => string | Uint8Array, readonly string[]]>([
  [
    'an HTML page of many tables in each other',
    'a.xls',
    () => page('<table><tr><td>'.repeat(60_000)),
    ['FILE_UNREADABLE'],
  ],
  ['XML that never ends its elements', 'a.xls', () => xml('<Row>'.repeat(150_000)), ['FILE_UNREADABLE']],
  [
    'a sheet that never ends its elements',
    'a.xlsx',
    () => xlsx({ sheets: { 甲: '<row><c>'.repeat(100_000) } }),
    ['FILE_UNREADABLE'],
  ],
  [
    'merged cells that never end',
    'a.xlsx',
    () => xlsx({ sheets: { 甲: rows }, behind: `<mergeCells>${'<mergeCell '.repeat(500_000)}` }),
    ['A-1', 'FILE_UNREADABLE'],
  ],
  [
    'a number format of brackets',
    'a.xlsx',
    () => xlsx({ sheets: { 甲: rows }, formats: ['['.repeat(200_000)] }),
    ['A-1'],
  ],
  [
    'a header of brackets',
    'a.csv',
    () => `${names.join(',')},${'('.repeat(200_000)}\n${row.join(',')},\n`,
    ['A-1'],
  ],
  [
    'a header of marks',
    'a.csv',
    () => `${names.join(',')},a${'\u0301\u0323'.repeat(100_000)}\n${row.join(',')},\n`,
    ['A-1'],
  ],
  [
    'one sheet under many names',
    'a.xlsx',
    () =>
      xlsx({ sheets: { 甲: rows } }, (part) =>
        part.replace(/<sheet .*?\/>/, (sheet) => sheet.repeat(20_000)),
      ),
    ['A-1'],
  ],
  ['one sheet of an XLS under many names', 'a.xls', () => manySheets(3000), ['A-1']],
  ['shared texts in many records', 'a.xls', () => manyBlocks(60_000), ['A-1']],
  ['tables of sectors without end', 'a.xls', () => endlessTables(4 * 1024 * 1024), ['FILE_UNREADABLE']],
  ['one long text in all cells of a row', 'a.xlsx', () => wideRow(400), ['A-1', 'ITEM_TOO_LARGE']],
  [
    'a text of words that can be taken apart in many ways',
    'a.csv',
    () => `${names.join(',')}\nA-1,张三,${'微信号'.repeat(28)}吧(急)\n`,
    ['A-1'],
  ],
  [
    'one name for more columns than any table has',
    'a.csv',
    () => `${names.join(',')}${',a'.repeat(20_000)}\n${row.join(',')}${',1'.repeat(20_000)}\n`,
    ['FILE_NOT_A_TABLE'],
  ],
  [
    'headers of one name',
    'a.csv',
    () => {
      const more = (cell: string) => `,${cell}`.repeat(990)
      const one = `${names.join(',')}${more('序号')}\n${row.join(',')}${more('1')}\n`
      const other = `${names.toReversed().join(',')}${more('序号')}\n${row.toReversed().join(',')}${more('1')}\n`
      return (one + other).repeat(40)
    },
    ['A-1'],
  ],
  [
    'tables without names',
    'a.xls',
    () => page(`路灯</table>${'<table><tr><td>x<td>y<td>z</table>'.repeat(40_000)}<table>`),
    ['A-1'],
  ],
  [
    'more tables than any export has',
    'a.xls',
    () => page(`路灯</table>${'<table><tr><td>x<td>y<td>z</table>'.repeat(60_000)}<table>`),
    ['A-1', 'FILE_UNREADABLE'],
  ],
  [
    'a quote that stays open in each line',
    'a.csv',
    () => `${names.join(',')}\n${'"x\n'.repeat(50_000)}${row.join(',')}\n`,
    ['ROW_MALFORMED', 'A-1'],
  ],
])('a file with %s is read at once', async (_what, name, make, ids) => {
  await using folder = await TestFolder.create()
  await folder.write(name, make())
  const took = stopwatch()
  const items = await folder.read()
  expect(took()).toBeLessThan(100)
  expect([...new Set(items.map(({ meta, externalId }) => meta.problem ?? externalId))]).toEqual(ids)
})

it('does not follow a link out of the folder, unless the source names it', async () => {
  await using folder = await TestFolder.create()
  await using elsewhere = await TestFolder.create()
  const table = (id: string) => `${names.join(',')}\n${id},张三,路灯不亮\n`
  const secret = await elsewhere.write('secret.csv', table('B-1'))
  const link = join(folder.path, 'a.csv')
  await symlink(secret, link)
  await symlink(await folder.write('own.csv', table('A-1')), join(folder.path, 'b.csv'))
  const ids = (await folder.read()).map(({ meta, externalId }) => meta.problem ?? externalId)
  expect(ids.toSorted()).toEqual(['A-1', 'A-1', 'FILE_UNREADABLE'])
  const named = folder.connect({}, Date.now, link)
  expect((await collect(named.read(null, never()))).map(({ externalId }) => externalId)).toEqual(['B-1'])
})

/** Cells and characters of all rows of a page. */
function saidIn(html: string): number {
  const rows = new HtmlRows(1024 * 1024).push(html, true)
  return rows.reduce(
    (sum, { cells }) => sum + cells.reduce<number>((all, cell) => all + 1 + String(cell ?? '').length, 0),
    0,
  )
}

it.each<[string, string]>([
  [
    'a cell that spans rows',
    `<table><tr><td rowspan=0>${'x'.repeat(100_000)}${'<tr><td>y'.repeat(1000)}</table>`,
  ],
  ['columns that a cell spans', `<table>${'<tr><td colspan=1000>y'.repeat(20_000)}</table>`],
  [
    'a text inside many tables',
    `${page('')}${'<table><tr><td>a<td>b<td>'.repeat(300)}${'x'.repeat(400_000)}${'</table>'.repeat(300)}`.replace(
      '</table>',
      '',
    ),
  ],
])('a page does not repeat %s any number of times', (_what, html) => {
  expect(saidIn(html)).toBeLessThan(2 * 1024 * 1024 + html.length * 21)
})

/** A workbook of so many rows, whose three cells all refer to one text of 300 kB. */
function rowsOfOneText(count: number): Uint8Array {
  const cells = '<c t="s"><v>0</v></c>'.repeat(3)
  return xlsx({
    sheets: { 甲: `${rows}${`<row>${cells}</row>`.repeat(count)}` },
    sharedTexts: [`<t>${'路'.repeat(100_000)}</t>`],
  })
}

it('a workbook does not repeat one long text any number of times', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.xlsx', rowsOfOneText(2000))
  const items = await folder.read({ maxExpandedBytes: 16 * 1024 * 1024 })
  expect(items.map(({ meta }) => meta.problem)).toEqual(['FILE_EXPANDS_TOO_MUCH'])
})

it('rows of a workbook that say far more than the file come a few at a time', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.xlsx', rowsOfOneText(40))
  const file = await SteadyFile.open(path)
  const log = createLogger({ level: 'silent' })
  const reader = new ExportReader(file, hotlineExportSettings.parse({ path }), log, 0)
  const sizes: number[] = []
  for await (const batch of reader.drafts())
    sizes.push(batch.reduce((sum, draft) => sum + (draft?.body.length ?? 0), 0))
  await file.close()
  expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(40 * 900_000)
  expect(Math.max(...sizes)).toBeLessThan(6 * 1024 * 1024)
})

it('a row of an XML spreadsheet with a cell beyond column 1000 is broken, and no row below it', async () => {
  await using folder = await TestFolder.create()
  const data = (text: string) => `<Data ss:Type="String">${text}</Data>`
  const line = (cells: readonly string[]) =>
    `<Row>${cells.map((cell) => `<Cell>${data(cell)}</Cell>`).join('')}</Row>`
  const reaching = (id: string, column: number) =>
    `<Row><Cell>${data(id)}</Cell><Cell ss:Index="${column}">${data('多出来的')}</Cell></Row>`
  const packed = `<Row><Cell>${data('x').repeat(2000)}</Cell></Row>`
  await folder.write(
    'a.xls',
    xml(`${line(names)}${line(row)}${reaching('A-2', 1001)}${packed}${reaching('A-3', 1000)}`),
  )
  const items = await folder.read()
  expect(items.map(({ meta, externalId }) => meta.problem ?? externalId)).toEqual([
    ...['A-1', 'ROW_MALFORMED', 'ROW_MALFORMED', 'A-3'],
  ])
})
