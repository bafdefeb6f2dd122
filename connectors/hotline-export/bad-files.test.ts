import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import { expect, it, vi } from 'vitest'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import { csv, header, html, sampleRows, spreadsheetMl, workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'
import { Tables } from './tables.ts'

const xlsx = workbook({ 甲: sampleRows(300) }, 'xlsx')
const xls = workbook({ 甲: sampleRows(300) }, 'biff8')
const half = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2)

it.each<readonly [string, string | Uint8Array, string]>([
  ['an empty file', '', 'FILE_NOT_A_TABLE'],
  ['prose', '今天天气很好。\n没有表格。\n', 'FILE_NOT_A_TABLE'],
  ['a PDF', Uint8Array.from([...Buffer.from('%PDF-1.7\n'), 0, 1, 2, 0xe2, 0xe3]), 'FILE_NOT_A_TABLE'],
  ['a web archive', 'MIME-Version: 1.0\nContent-Type: multipart/related\n', 'FILE_NOT_A_TABLE'],
  ['a page without tables', '<html><body><p>无</p></body></html>', 'FILE_NOT_A_TABLE'],
  ['a table without known names', '甲,乙\n丙,丁\n', 'FILE_NO_HEADER'],
  ['half an XLSX', half(xlsx), 'FILE_UNREADABLE'],
  ['half an XLS', half(xls), 'FILE_UNREADABLE'],
  ['a ZIP of something else', zip('a.txt', Buffer.from('hello'), 5), 'FILE_NOT_A_TABLE'],
  ['a ZIP bomb', zip('xl/workbook.xml', Buffer.alloc(100_000_000), 100_000_000), 'FILE_EXPANDS_TOO_MUCH'],
  ['a ZIP that hides its size', zip('xl/workbook.xml', Buffer.alloc(1_000_000), 0), 'FILE_UNREADABLE'],
  ['a ZIP that lies about its size', zip('xl/workbook.xml', Buffer.alloc(9_000_000), 9), 'FILE_UNREADABLE'],
])('gives one item with a coded problem for %s, and reads the next file', async (_, content, code) => {
  await using folder = await TestFolder.create()
  await folder.write('a.xls', content)
  await folder.write('b.csv', csv(sampleRows(2)))
  const [bad, ...rest] = await folder.read()
  expect(bad?.meta).toMatchObject({ file: 'a.xls', problem: code })
  expect(Buffer.from(bad?.body ?? [])).toEqual(Buffer.from(content))
  expect(rest.map(({ externalId }) => externalId)).toEqual(['GD2026000001', 'GD2026000002'])
  expect((await folder.read())[0]?.externalId).toBe(bad?.externalId)
})

it('quarantines a form of one report as a whole, alone or beside a list, and takes its lines for no rows', async () => {
  await using folder = await TestFolder.create()
  const form = [
    ['热线工单登记表'],
    ['工单编号', 'GD1', '诉求时间', '2026-03-01 08:05'],
    ['诉求人', '张三', '联系电话', ''],
    ['诉求内容', '路灯不亮一个月了'],
    ['承办单位', '城管局', '办结时间', '2026-03-05'],
  ]
  await folder.write('a.xlsx', workbook({ 表单: form }, 'xlsx'))
  await folder.write('b.xlsx', workbook({ 清单: sampleRows(1), 表单: form }, 'xlsx'))
  const channels = ['电话', '微信', '邮箱', '手机', '网站']
  const list = channels.map((channel) => [channel, 'a', 'b', 'c', 'd', '路灯不亮'])
  await folder.write(
    'c.xlsx',
    workbook({ 清单: [['信息来源', '甲', '乙', '丙', '丁', '内容'], ...list] }, 'xlsx'),
  )
  const items = await folder.read()
  expect(items.map(({ meta }) => [meta.file, meta.sheet, meta.problem])).toEqual([
    ['a.xlsx', undefined, 'FILE_NOT_A_TABLE'],
    ['b.xlsx', '清单', undefined],
    ['b.xlsx', '表单', 'FILE_NO_HEADER'],
    ...channels.map(() => ['c.xlsx', '清单', undefined]),
  ])
  expect(items[0]?.meta.problemDetail).toContain('a form of one report')
})

it('sets a file aside that meets a fault of the program, and reads the next one', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', csv(sampleRows(3)))
  await folder.write('b.csv', csv(sampleRows(2)))
  using _fault = vi.spyOn(Tables.prototype, 'push').mockImplementationOnce(() => {
    throw new RangeError('Maximum call stack size exceeded')
  })
  const [bad, ...rest] = await folder.read()
  expect(bad?.meta).toMatchObject({ file: 'a.csv', problem: 'FILE_UNREADABLE' })
  expect(rest.map(({ meta }) => meta.file)).toEqual(['b.csv', 'b.csv'])
})

it.each(['', 'From: <x>\r\nSubject: =?gb2312?B?\r\n =?=\r\n'])(
  'names a web archive that begins with %j',
  async (fields) => {
    await using folder = await TestFolder.create()
    await folder.write('a.xls', `${fields}MIME-Version: 1.0\r\n\r\n<html>`)
    const [item] = await folder.read()
    expect(JSON.parse(item?.meta.problemDetail ?? '')).toMatchObject({ reason: 'a web archive (MHTML)' })
  },
)

it.each([
  ['HTML', html(sampleRows(3))],
  ['XML', spreadsheetMl(sampleRows(3))],
])('reads a cut off %s file as far as it goes, and says so', async (format, whole) => {
  await using folder = await TestFolder.create()
  await folder.write('a.xls', whole.slice(0, whole.lastIndexOf('请尽快')))
  const items = await folder.read()
  expect(items.map(({ meta }) => meta.problem)).toEqual([
    undefined,
    undefined,
    'ROW_MALFORMED',
    'FILE_UNREADABLE',
  ])
  expect(JSON.parse(items.at(-1)?.meta.problemDetail ?? '')).toMatchObject({ format })
})

it('never reads a file over the limit, and knows it by name, size and time', async () => {
  await using folder = await TestFolder.create()
  const handle = await open(join(folder.path, 'huge.csv'), 'w')
  await handle.truncate(10 * 1024 ** 3)
  await handle.close()
  const [item] = await folder.read()
  expect(item?.meta).toMatchObject({ problem: 'FILE_TOO_LARGE', bytes: String(10 * 1024 ** 3) })
  expect(item?.body.length).toBe(0)
  expect((await folder.read())[0]?.externalId).toBe(item?.externalId)
})

it('stops at maxRows and says so', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', csv(sampleRows(5)))
  const items = await folder.read({ maxRows: 3 })
  expect(items.at(-1)?.meta.problem).toBe('FILE_TOO_MANY_ROWS')
  expect(JSON.parse(items.at(-1)?.meta.problemDetail ?? '')).toMatchObject({ limit: 3, row: 4 })
  expect(items.length).toBe(4)
})

it('makes an item of a broken row, and goes on with the rest', async () => {
  await using folder = await TestFolder.create()
  const [, one, two] = sampleRows(2)
  await folder.write('a.csv', `${csv([header, one ?? []])}GD9,"张三,138,x\r\n${csv([two ?? []])}GD8,少\r\n`)
  const items = await folder.read()
  expect(items.map(({ meta }) => [meta.row, meta.problem])).toEqual([
    ['2', undefined],
    ['3', 'ROW_MALFORMED'],
    ['4', undefined],
    ['5', 'ROW_MALFORMED'],
  ])
  expect(Buffer.from(items[1]?.body ?? []).toString()).toBe('GD9,"张三,138,x')
  expect((await folder.read({ shortRows: 'accept' })).map(cellsLength)).toEqual([6, null, 6, 2])
})

it('reads on past a row of an HTML table that has more cells than any table', async () => {
  await using folder = await TestFolder.create()
  const row = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  const wide = `<tr>${'<td rowspan=2>路</td>'.repeat(300_000)}</tr>`
  const rows = [row(['工单编号', '诉求内容']), wide, row([]), row(['GD2026000001', '路灯不亮'])]
  await folder.write('a.xls', `<table>${rows.join('')}</table>`)
  await folder.write('b.csv', csv(sampleRows(1)))
  const items = await folder.read()
  expect(items.map(({ externalId }) => externalId)).toContain('GD2026000001')
  expect(items.map(({ meta }) => meta.file)).toContain('b.csv')
})

it('refuses a cell over the limit in a workbook, and goes on', async () => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求内容'],
    ['A-1', '长'.repeat(2000)],
    ['A-2', '短'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  const items = await folder.read({ maxCellBytes: 1024 })
  expect(items.map(({ meta }) => meta.problem)).toEqual(['ITEM_TOO_LARGE', undefined])
})

it.each([' ', '<br>'])('is done in bounded time with an HTML cell of many %j', async (part) => {
  await using folder = await TestFolder.create()
  const cell = `x${`<i>${part}</i>`.repeat(100_000)}y`
  await folder.write('a.xls', `<table><tr><th>工单编号<th>诉求内容<tr><td>A-1<td>${cell}</table>`)
  const took = stopwatch()
  expect((await folder.read()).map(({ externalId }) => externalId)).toEqual(['A-1'])
  expect(took()).toBeLessThan(100)
})

it('keeps rows apart that begin alike and are too large', async () => {
  await using folder = await TestFolder.create()
  const rows = [['诉求人', '诉求内容'], ...[2000, 2001].map((length) => ['张三', '长'.repeat(length)])]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  const items = await folder.read({ maxCellBytes: 1024 })
  expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(2)
})

it('streams a CSV of 200,000 rows through a heap of 48 MB', async () => {
  await using folder = await TestFolder.create()
  const handle = await open(join(folder.path, 'big.csv'), 'w')
  const body = '中山路附近的路灯坏了，请尽快派人维修。'.repeat(8)
  await handle.write(csv([header]))
  for (let start = 0; start < 200_000; start += 10_000) {
    const rows = Array.from({ length: 10_000 }, (_, index) => [
      `GD${start + index}`,
      '张三',
      '',
      '',
      body,
      '鼓楼区',
    ])
    await handle.write(csv(rows))
  }
  await handle.close()
  expect(await countedIn(48, folder)).toBe(200_000)
}, 180_000)

it('streams an XML spreadsheet of 200,000 rows, merged two by two, through a heap of 48 MB', async () => {
  await using folder = await TestFolder.create()
  const handle = await open(join(folder.path, 'big.xls'), 'w')
  const name = 'urn:schemas-microsoft-com:office:spreadsheet'
  const cell = (text: string, given = '') => `<Cell${given}><Data ss:Type="String">${text}</Data></Cell>`
  const names = ['工单编号', '诉求内容', '区划', '承办单位', '诉求人']
  await handle.write(
    `<?xml version="1.0"?><Workbook xmlns="${name}" xmlns:ss="${name}"><Worksheet ss:Name="甲">`,
  )
  await handle.write(`<Table><Row>${names.map((text) => cell(text)).join('')}</Row>`)
  const shared = ['鼓楼区', '城管局', '张三'].map((text) => cell(text, ' ss:MergeDown="1"')).join('')
  for (let start = 0; start < 200_000; start += 10_000) {
    const rows = Array.from({ length: 5_000 }, (_, index) => {
      const [one, two] = [0, 1].map((at) => cell(`GD${start + 2 * index + at}`) + cell('路灯不亮'))
      return `<Row>${one}${shared}</Row><Row>${two}</Row>`
    })
    await handle.write(rows.join(''))
  }
  await handle.write('</Table></Worksheet></Workbook>')
  await handle.close()
  expect(await countedIn(48, folder)).toBe(200_000)
}, 180_000)

/** How many items another process makes of a folder within so much memory. */
async function countedIn(megabytes: number, folder: TestFolder): Promise<number> {
  const script = `
    const { hotlineExport: spec } = await import(process.argv[1])
    const settings = spec.settings.parse({ path: process.argv[2], settleMs: 0 })
    const log = { info() {}, warn() {}, debug() {} }
    const connector = spec.connect(settings, { sourceId: 'x', timeZone: 'Asia/Shanghai', clock: Date.now, log })
    let count = 0
    for await (const item of connector.read(null, new AbortController().signal)) count += item.body.length > 0 ? 1 : 0
    console.log(count)`
  const args = [`--max-old-space-size=${megabytes}`, '--input-type=module', '-e', script]
  const connector = join(import.meta.dirname, 'hotline-export.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [...args, connector, folder.path])
  return Number(stdout)
}

function cellsLength(item: Parameters<typeof cellsOf>[0]): number | null {
  return item?.meta.problem === undefined ? Object.keys(cellsOf(item)).length : null
}

/** A ZIP archive of one deflated file that states `statedBytes` as its size. */
function zip(name: string, content: Uint8Array, statedBytes: number): Uint8Array {
  const packed = deflateRawSync(content)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(8, 4)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(statedBytes, 18)
  fields.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    fields,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, entry, end])
}
