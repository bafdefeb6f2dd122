import { createHash } from 'node:crypto'
import { appendFile, chmod, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { describeConnector } from '../connector.suite.ts'
import type { Cursor } from '../connector.ts'
import type { ConnectorHarness } from '../suite/harness.ts'
import { collect, never } from '../suite/probe.ts'
import { Progress } from './cursor.ts'
import { describeFile } from './describe-file.ts'
import type { ExportFile } from './export-folder.ts'
import { csv, header, sampleRow, sampleRows, workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'
import { hotlineExport } from './hotline-export.ts'
import { hotlineExportSettings } from './settings.ts'

async function harness(afterArchive: 'keep' | 'move' | 'delete'): Promise<ConnectorHarness> {
  const folder = await TestFolder.create()
  let next = 0
  return {
    secrets: [],
    async add(count) {
      const rows = Array.from({ length: count }, (_, index) => sampleRow(next + index + 1))
      next += count
      await folder.write(`export-${String(next).padStart(5, '0')}.csv`, csv([header, ...rows]))
      return rows.map(([number = '']) => number)
    },
    connect: () => folder.connect({ afterArchive }),
    connectNowhere() {
      const missing = folder.connect({})
      return Object.assign(Object.create(missing), {
        open: async (signal: AbortSignal) => {
          await rm(folder.path, { recursive: true })
          return missing.open(signal)
        },
        read: missing.read.bind(missing),
        close: missing.close.bind(missing),
      })
    },
    async state() {
      const names = await readdir(folder.path)
      const facts = names.toSorted().map(async (name) => {
        const stats = await stat(join(folder.path, name), { bigint: true })
        const bytes = stats.isFile() ? await readFile(join(folder.path, name)) : ''
        return [name, stats.mtimeNs, stats.ctimeNs, createHash('sha256').update(bytes).digest('hex')].join()
      })
      return (await Promise.all(facts)).join('\n')
    },
    dispose: () => folder[Symbol.asyncDispose](),
  }
}

describeConnector('hotline-export', () => harness('keep'), ['wait'])
describeConnector('hotline-export with afterArchive: delete', () => harness('delete'), ['wait'])
describeConnector('hotline-export with afterArchive: move', () => harness('move'), ['wait'])

it('leaves files alone that are still being written or have the names of unfinished downloads', async () => {
  await using folder = await TestFolder.create()
  const names = ['~$a.xlsx', '.hidden.csv', 'a.csv.part', 'a.tmp', 'a.crdownload']
  for (const name of names) await folder.write(name, csv(sampleRows(1)))
  await folder.write('fresh.csv', csv(sampleRows(1)))
  expect(await folder.read({ settleMs: 60_000 })).toEqual([])
  expect((await folder.read()).map(({ meta }) => meta.file)).toEqual(['fresh.csv'])
})

it('is out of reach where its path is neither a file nor a folder', async () => {
  const settings = hotlineExportSettings.parse({ path: '/dev/null', settleMs: 0 })
  const log = pino({ level: 'silent' })
  const context = { sourceId: 'x', timeZone: 'Asia/Shanghai', clock: Date.now, log }
  const connector = hotlineExport.connect(settings, context)
  const refused = { code: 'SOURCE_PATH', details: { reason: 'neither a file nor a folder' } }
  await expect(connector.open(never())).rejects.toMatchObject(refused)
  await expect(collect(connector.read(null, never()))).rejects.toMatchObject(refused)
})

it('reads only names that match include', async () => {
  await using folder = await TestFolder.create()
  await folder.write('工单.CSV', csv(sampleRows(1)))
  await folder.write('readme.md', 'nothing')
  expect((await folder.read({ include: ['*.csv'] })).map(({ meta }) => meta.file)).toEqual(['工单.CSV'])
})

it('refuses a folder for archived files where none are moved', () => {
  const read = (settings: Record<string, unknown>) => () =>
    hotlineExportSettings.parse({ path: '.', archivePath: 'done', ...settings })
  expect(read({ afterArchive: 'move' })).not.toThrow()
  for (const settings of [{}, { afterArchive: 'delete' }])
    expect(read(settings)).toThrow('afterArchive: move')
})

it('refuses patterns that no name can match', () => {
  const read = (pattern: string) => () => hotlineExportSettings.parse({ path: '.', include: [pattern] })
  for (const pattern of ['*.csv', '工单*', '工单.csv', '[ab]?.xls', '{a,b}.csv', 'csv*', '导出'])
    expect(read(pattern)).not.toThrow()
  for (const pattern of ['.csv', 'csv', 'XLSX', '.*', 'inbox/*.csv', '/abs/a.csv'])
    expect(read(pattern)).toThrow('Write a name or a pattern such as *.csv')
})

it('finds a file that arrives later with an old modification time', async () => {
  await using folder = await TestFolder.create()
  await folder.write('new.csv', csv(sampleRows(2)))
  const [, last] = await folder.read()
  const late = await folder.write('late.csv', csv([header, sampleRow(9)]))
  await utimes(late, 1_000_000_000, 1_000_000_000)
  const items = await folder.read({}, last?.cursor)
  expect(items.map(({ externalId }) => externalId)).toEqual(['GD2026000009'])
})

it('reads nothing again from the cursor of the last item', async () => {
  await using folder = await TestFolder.create()
  for (let file = 0; file < 300; file += 1) {
    await folder.write(`f${String(file).padStart(3, '0')}.csv`, csv([header, sampleRow(file)]))
  }
  const items = await folder.read()
  const cursor = items.at(-1)?.cursor
  expect(items.length).toBe(300)
  expect(JSON.stringify(cursor).length).toBeLessThan(4096)
  expect(await folder.read({}, cursor)).toEqual([])
})

it('reads every file of a folder whose files all changed at once, and none of them again', async () => {
  await using folder = await TestFolder.create()
  const paths: string[] = []
  for (let file = 0; file < 400; file += 1) {
    paths.push(
      await folder.write(`f${String(file).padStart(3, '0')}.csv`, csv([header, sampleRow(file + 1)])),
    )
  }
  await Promise.all(paths.map((path) => chmod(path, 0o640)))
  const items = await folder.read()
  expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(400)
  const rest = await folder.read({}, items[199]?.cursor)
  expect(rest.map(({ externalId }) => externalId)).toEqual(
    items.slice(200).map(({ externalId }) => externalId),
  )
  expect(await folder.read({}, items.at(-1)?.cursor)).toEqual([])
})

const second = 1_000_000_000n

/** Files whose ctimes are so many seconds after 1970. */
function filesAt(...seconds: readonly number[]): readonly ExportFile[] {
  return seconds.map((at, index) => {
    const name = `f${String(index).padStart(4, '0')}.csv`
    return { path: name, name, id: `${index}of${at}`, ctimeNs: BigInt(at) * second }
  })
}

/** Reads files of one item each as the connector does; gives what was read, and the last cursor. */
function readThrough(files: readonly ExportFile[], from: Cursor | null, now: number, most = files.length) {
  const progress = new Progress(from, 'scope', files, BigInt(now) * second)
  const read: ExportFile[] = []
  let cursor = from
  for (const file of files) {
    if (read.length === most || progress.startOf(file) === null) continue
    read.push(file)
    cursor = progress.complete(file, 1)
  }
  return { read, cursor }
}

it('goes on in the midst of a thousand files of one ctime', () => {
  const files = filesAt(...Array(1500).fill(7000), 7001)
  const first = readThrough(files, null, 7002, 700)
  expect(JSON.stringify(first.cursor).length).toBeLessThan(4096)
  const { read, cursor } = readThrough(files, first.cursor, 7002)
  expect(read).toEqual(files.slice(700))
  expect(readThrough(files, cursor, 7002).read).toEqual([])
})

it('finds a file that joins a thousand of the same ctime, and reads them no more than once again', () => {
  const files = filesAt(...Array(1500).fill(7000))
  const [late] = filesAt(7000).map((file) => ({ ...file, name: 'f0000-late.csv', id: 'late' }))
  const joined = [...files.slice(0, 1), late as ExportFile, ...files.slice(1)]
  const again = readThrough(joined, readThrough(files, null, 7001).cursor, 7001)
  expect(again.read).toContain(late)
  expect(readThrough(joined, again.cursor, 7001).read).toEqual([])
  const fewer = readThrough(joined.slice(40), again.cursor, 7001)
  expect(readThrough(joined.slice(40), fewer.cursor, 7001).read).toEqual([])
})

it('starts over when the clock was set back, and is not led on by a file from the future', () => {
  const day = 86_400
  const now = 20_000 * day
  const [old, present, future] = filesAt(now - day, now + 1, now + day)
  if (old === undefined || present === undefined || future === undefined) throw new Error('three files')
  const ahead = readThrough([future], null, now + day)
  expect(readThrough([present, future], ahead.cursor, now + 2).read).toEqual([present, future])
  const led = readThrough([old, future], null, now)
  expect(readThrough([old, present, future], led.cursor, now + 2).read).toEqual([present])
})

it('reads everything once more from a cursor that may have passed over files of one ctime', () => {
  const files = filesAt(7000, 7000)
  const { tied, ...earlier } = readThrough(files, null, 7001).cursor ?? {}
  expect(readThrough(files, earlier, 7001).read).toEqual(files)
})

it('reads everything again once a setting that changes the reading has changed', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', csv(sampleRows(2)))
  const cursor = (await folder.read()).at(-1)?.cursor
  expect((await folder.read({ afterArchive: 'move' }, cursor)).length).toBe(0)
  expect((await folder.read({ shortRows: 'accept' }, cursor)).length).toBe(2)
})

it('gives equal ids and bytes for unchanged rows of an overlapping export, and a new body for a changed row', async () => {
  await using folder = await TestFolder.create()
  const rows = [sampleRow(1), sampleRow(2), sampleRow(3)]
  await folder.write('1.csv', csv([header, ...rows]))
  const changed = [...sampleRow(3).slice(0, 4), '已经修好，谢谢', '鼓楼区']
  await folder.write(
    '2.csv',
    `某市热线导出\r\n${csv([header, sampleRow(2), changed, sampleRow(4)], '\t', '\n')}`,
  )
  const items = await folder.read()
  const [, b, c, b2, c2, d] = items
  expect(items.length).toBe(6)
  expect([b2?.externalId, b2?.body]).toEqual([b?.externalId, b?.body])
  expect(c2?.externalId).toBe(c?.externalId)
  expect(c2?.body).not.toEqual(c?.body)
  expect(d?.externalId).toBe('GD2026000004')
})

it('identifies a row without a number by its cells, whatever its running number or column order', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    '1.csv',
    csv([
      ['序号', '诉求内容', '联系电话'],
      ['1', '路灯不亮', '13800138000'],
    ]),
  )
  await folder.write(
    '2.csv',
    csv([
      ['联系电话', '序号', '诉求内容', '备注'],
      ['13800138000', '7', ' 路灯不亮', ''],
    ]),
  )
  const [first, second] = await folder.read()
  expect(first?.externalId).toMatch(/^row-[0-9A-Z]{26}$/)
  expect(second?.externalId).toBe(first?.externalId)
  expect(cellsOf(first)).toEqual({ 诉求内容: '路灯不亮', 联系电话: '13800138000' })
})

it.each([
  ['', 0, 1, 2],
  ['', 1, 2, 3],
  ['', 4, 17, 30],
  ['Unnamed: 0', 0, 1, 2],
])('leaves out what a program counts rows by under %j: %j, %j, %j', async (name, ...counts) => {
  await using folder = await TestFolder.create()
  const texts = ['路灯不亮', '井盖缺失', '停电']
  const rows = texts.map((text, index) => [String(counts[index]), text])
  await folder.write('a.csv', csv([[name, '诉求内容'], ...rows]))
  await folder.write('b.csv', csv([['诉求内容'], ['停电']]))
  const items = await folder.read()
  expect(items.map(cellsOf)).toEqual([...texts, '停电'].map((text) => ({ 诉求内容: text })))
  expect(items[2]?.externalId).toBe(items[3]?.externalId)
})

it.each([
  ['2', '1', '3'],
  ['20260301', '20260302', '20260303'],
  ['1', '西区', '3'],
])('keeps what stands under a blank name and counts no rows: %j, %j, %j', async (...cells) => {
  await using folder = await TestFolder.create()
  const rows = cells.map((cell) => [cell, `路灯${cell}不亮`])
  await folder.write('a.csv', csv([['', '诉求内容'], ...rows]))
  expect((await folder.read()).map((item) => cellsOf(item).列1)).toEqual(cells)
})

it('does not take a mere running number under 编号 for an id, unless told to', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    '1.csv',
    csv([
      ['编号', '诉求内容'],
      ['1', '路灯不亮'],
    ]),
  )
  expect((await folder.read())[0]?.externalId).toMatch(/^row-/)
  expect((await folder.read({ columns: { id: '编号' } }))[0]?.externalId).toBe('1')
})

it.each([
  ['placeholders', ['无', '-', '#N/A', '']],
  ['what databases write for none', ['(Null)', '[NULL]', '\\N', '<null>']],
  ['a few short values', ['7', '补1']],
])('keeps the numbers under 编号 among %s, also where an export overlaps another', async (_, odd) => {
  await using folder = await TestFolder.create()
  const names = ['编号', '诉求内容']
  const [first = [], ...rest] = odd.map((number, index) => [number, `没有编号的诉求${index}`])
  const numbered = [1, 2, 3, 4, 5].map((number) => [`XF-2024-00${number}`, `路灯不亮${number}`])
  const idsOf = async (rows: readonly (readonly string[])[]) => {
    await folder.write('a.csv', csv([names, ...rows]))
    return (await folder.read()).map(({ externalId }) => externalId)
  }
  const all = await idsOf([first, ...numbered, ...rest])
  expect(all.slice(1, 6)).toEqual(numbered.map(([number]) => number))
  expect(all.filter((id) => id.startsWith('row-')).length).toBe(odd.length)
  expect(await idsOf(numbered)).toEqual(all.slice(1, 6))
  expect(await idsOf([first])).toEqual(all.slice(0, 1))
  expect(await idsOf(numbered.slice(0, 1).concat([first], rest))).toEqual([all[1], all[0], ...all.slice(6)])
  expect(await idsOf([first, ...rest])).toEqual([...all.slice(0, 1), ...all.slice(6)])
})

it('keeps the numbers under 编号 that come only after many rows without one', async () => {
  await using folder = await TestFolder.create()
  const rows = Array.from({ length: 60 }, (_, index) => [
    index < 50 ? '无' : `XF-2024-0${index}`,
    `路灯${index}`,
  ])
  await folder.write('a.csv', csv([['编号', '诉求内容'], ...rows]))
  const ids = (await folder.read()).map(({ externalId }) => externalId)
  expect(ids.slice(50)).toEqual(rows.slice(50).map(([number]) => number))
  expect(new Set(ids).size).toBe(60)
})

it('notes the header where configured columns are absent, and takes no other column for the id', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write(
    '1.csv',
    csv([
      ['工单编号', '诉求内容'],
      ['20260301001', '路灯不亮'],
    ]),
  )
  const columns = { id: '受理编号', body: '市民原话', phone: [] }
  const [item] = await folder.read({ columns })
  expect(item?.externalId).toMatch(/^row-/)
  expect(item?.meta.columns).toBe('["工单编号","诉求内容"]')
  const { tables } = await describeFile(path, hotlineExportSettings.parse({ path, columns }))
  expect(tables).toMatchObject([
    {
      mapped: { id: [], body: ['诉求内容'] },
      absent: { id: ['受理编号'], body: ['市民原话'] },
      idColumn: null,
    },
  ])
})

it('says that a column of running numbers is not used', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write(
    '1.csv',
    csv([
      ['编号', '诉求内容', '河流'],
      ['1', '路灯不亮', ''],
      ['2', '小区停水', ''],
    ]),
  )
  const { tables } = await describeFile(path, hotlineExportSettings.parse({ path }))
  expect(tables).toMatchObject([
    { mapped: { id: [], body: ['诉求内容'] }, unmapped: ['编号', '河流'], idColumn: null },
  ])
})

it('takes no column for the id when told that none is', async () => {
  await using folder = await TestFolder.create()
  await folder.write(
    '1.csv',
    csv([
      ['工单编号', '诉求内容'],
      ['20260301001', '路灯不亮'],
    ]),
  )
  const [item] = await folder.read({ columns: { id: [], body: '诉求内容' } })
  expect(item?.externalId).toMatch(/^row-/)
  expect(item?.meta).not.toHaveProperty('columns')
})

it('does not take a number for an id that a spreadsheet has rounded', async () => {
  await using folder = await TestFolder.create()
  const rows = (id: string | number) => [
    ['工单编号', '诉求内容'],
    [id, '路灯不亮'],
    [id, '井盖缺失'],
  ]
  await folder.write('a.csv', csv(rows('2.02609E+13')))
  await folder.write('b.xlsx', workbook({ 甲: rows(2 ** 60) }, 'xlsx'))
  const ids = (await folder.read()).map(({ externalId }) => externalId)
  expect(ids).toEqual(Array.from({ length: 4 }, () => expect.stringMatching(/^row-/)))
  expect(new Set(ids).size).toBe(4)
  await folder.write('c.xlsx', workbook({ 甲: [rows(1)[0] ?? [], [20260903000001, '路灯']] }, 'xlsx'))
  expect((await folder.read()).at(-1)?.externalId).toBe('20260903000001')
})

it('keeps reports apart whose 16 figures a spreadsheet has rounded to one number', async () => {
  await using folder = await TestFolder.create()
  const bodies = ['路灯不亮', '井盖缺失', '噪音扰民']
  const rows = [['工单编号', '诉求内容'], ...bodies.map((body) => [2026090300012340, body])]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  const ids = (await folder.read()).map(({ externalId }) => externalId)
  expect(new Set(ids).size).toBe(3)
  await folder.write(
    'b.csv',
    csv([
      ['工单编号', '诉求内容'],
      ['2026090300012341', '路灯不亮'],
    ]),
  ) // a text is exact
  expect((await folder.read()).at(-1)?.externalId).toBe('2026090300012341')
})

it.each([
  '无',
  '暂无',
  '未知',
  '-',
  '——',
  '/',
  'null',
  'N/A',
  '0',
  '０',
  '#N/A',
  '#REF!',
  '#VALUE!',
  '#DIV/0!',
  '＃Ｎ/Ａ',
  '####',
])('takes %j for no number, so that the reports that have it stay apart', async (id) => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求内容'],
    [id, '路灯不亮'],
    [id, '井盖缺失'],
    ['GD-0', '噪音扰民'],
  ]
  await folder.write('a.csv', csv(rows))
  expect((await folder.read()).map(({ externalId }) => externalId)).toEqual([
    expect.stringMatching(/^row-/),
    expect.stringMatching(/^row-/),
    'GD-0',
  ])
  expect(new Set((await folder.read()).map(({ externalId }) => externalId)).size).toBe(3)
})

it('notices a file that is written to while it is read, and reads it anew later', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.csv', csv(sampleRows(20_000)))
  const connector = folder.connect({ afterArchive: 'delete' })
  const seen = []
  for await (const item of connector.read(null, never())) {
    if (seen.push(item) === 1) await appendFile(path, csv([sampleRow(20_001)]))
  }
  expect(seen.length).toBeLessThan(20_001)
  expect(seen.every(({ cursor }) => cursor.items === null)).toBe(true)
  await connector.ack(seen, never())
  expect(await readdir(folder.path)).toEqual(['a.csv'])
  expect((await folder.read({ afterArchive: 'delete' }, seen.at(-1)?.cursor)).length).toBe(20_001)
})

it('tells of the one file that is named where it is written to meanwhile', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.csv', csv(sampleRows(20_000)))
  const reading = async () => {
    for await (const _ of folder.connect({}, Date.now, path).read(null, never())) await appendFile(path, '\n')
  }
  await expect(reading()).rejects.toMatchObject({
    code: 'SOURCE_PATH',
    details: { path, reason: 'it is being written to' },
  })
})

it('leaves the one file of a source alone while it is written to, and says so in the log', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.csv', csv(sampleRows(20_000)))
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line).msg) })
  const given = hotlineExportSettings.parse({ path, settleMs: 60_000 })
  const connect = (clock: () => number) => hotlineExport.connect(given, { sourceId: 'x', clock, log })
  expect(await collect(connect(Date.now).read(null, never()))).toEqual([])
  expect(lines).toEqual(['files that were written to a moment ago are left for a later pull'])
  const later = connect(() => Date.now() + 3_600_000)
  for await (const _ of later.read(null, never())) await appendFile(path, '\n')
  expect(lines).toContain('a file changed while it was read')
})

it('names the source once in the line about a file that changed', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.csv', csv(sampleRows(20_000)))
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => lines.push(line) }).child({ source: 'x' })
  const given = hotlineExportSettings.parse({ path: folder.path, settleMs: 0 })
  const context = { sourceId: 'x', timeZone: 'Asia/Shanghai', clock: Date.now, log }
  const connector = hotlineExport.connect(given, context)
  for await (const _ of connector.read(null, never())) await appendFile(path, '\n')
  expect(lines).toEqual([expect.stringContaining('"file":"a.csv","msg":"a file changed while it was read"')])
  expect(lines[0]?.split('"source":')).toHaveLength(2)
})

it.each(['move', 'delete'] as const)(
  'takes a file for done that another reader puts away at the same moment, with %s',
  async (afterArchive) => {
    await using folder = await TestFolder.create()
    for (let file = 0; file < 40; file += 1)
      await folder.write(`f${file}.csv`, csv([header, sampleRow(file)]))
    const readers = [1, 2, 3].map(() => folder.connect({ afterArchive }))
    const read = await Promise.all(readers.map((one) => collect(one.read(null, never()))))
    await Promise.all(readers.map((one, index) => one.ack(read[index] ?? [], never())))
    expect(await readdir(folder.path)).toEqual(afterArchive === 'move' ? ['archived'] : [])
    if (afterArchive === 'move') expect((await readdir(join(folder.path, 'archived'))).length).toBe(40)
  },
)

it('leaves a file under its name that replaced the one it read', async () => {
  await using folder = await TestFolder.create()
  const path = await folder.write('a.csv', csv(sampleRows(3)))
  const connector = folder.connect({ afterArchive: 'delete' })
  const items = await collect(connector.read(null, never()))
  await writeFile(`${path}.part`, csv(sampleRows(4)))
  await rename(`${path}.part`, path)
  await connector.ack(items, never())
  expect(await readdir(folder.path)).toEqual(['a.csv'])
  expect((await folder.read()).length).toBe(4)
})

it('moves a file only when every row is acknowledged, in any order, and never over another', async () => {
  await using folder = await TestFolder.create()
  for (const content of [csv(sampleRows(3)), csv(sampleRows(2))]) {
    await folder.write('a.csv', content)
    const connector = folder.connect({ afterArchive: 'move' })
    const items = await collect(connector.read(null, never()))
    await connector.ack(items.slice(1), never())
    expect(await readdir(folder.path)).toContain('a.csv')
    await connector.ack(items.slice(0, 1), never())
    expect(await readdir(folder.path)).toEqual(['archived'])
  }
  const archived = (await readdir(join(folder.path, 'archived'))).toSorted()
  expect(archived).toEqual([expect.stringMatching(/^a-[0-9A-Z]{16}\.csv$/), 'a.csv'])
})

it.each(['市民诉求'.repeat(20), '市'.repeat(83), `${'a'.repeat(239)}𠮷𠮷`])(
  'moves a file with the long name %s, and another of that name',
  async (stem) => {
    await using folder = await TestFolder.create()
    for (const content of [csv(sampleRows(3)), csv(sampleRows(2))]) {
      await folder.write(`${stem}.csv`, content)
      const connector = folder.connect({ afterArchive: 'move' })
      await connector.ack(await collect(connector.read(null, never())), never())
      expect(await readdir(folder.path)).toEqual(['archived'])
    }
    const archived = await readdir(join(folder.path, 'archived'))
    expect(archived).toHaveLength(2)
    for (const name of archived) {
      expect(name.endsWith('.csv')).toBe(true)
      expect(name.startsWith(stem.slice(0, 60))).toBe(true)
      expect(name).not.toContain('\uFFFD')
    }
  },
)

it('leaves a file under its name while it cannot be moved', async () => {
  await using folder = await TestFolder.create()
  await using other = await TestFolder.create()
  const occupied = await other.write('archive', '')
  // With a name behind it this is longer than any path may be.
  const long = join(other.path, 'x').padEnd(4_092, `/${'x'.repeat(200)}`)
  await folder.write('a.csv', csv(sampleRows(3)))
  for (const archivePath of [occupied, long]) {
    const connector = folder.connect({ afterArchive: 'move', archivePath })
    const acknowledged = connector.ack(await collect(connector.read(null, never())), never())
    await expect(acknowledged).rejects.toMatchObject({ code: 'SOURCE_FILE_STUCK' })
    expect(await readdir(folder.path)).toEqual(['a.csv'])
  }
  const mended = folder.connect({ afterArchive: 'move' })
  await mended.ack(await collect(mended.read(null, never())), never())
  expect(await readdir(folder.path)).toEqual(['archived'])
})

it('leaves a file where it is if told to keep it, also when every row is acknowledged', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', csv(sampleRows(3)))
  const connector = folder.connect({ afterArchive: 'keep' })
  await connector.ack(await collect(connector.read(null, never())), never())
  expect(await readdir(folder.path)).toEqual(['a.csv'])
})

it.each(['move', 'delete'] as const)(
  'keeps a file that it could not read, also with %s',
  async (afterArchive) => {
    await using folder = await TestFolder.create()
    await folder.write('a.csv', Uint8Array.from(Array(64).keys()))
    const connector = folder.connect({ afterArchive })
    const items = await collect(connector.read(null, never()))
    await connector.ack(items, never())
    expect(items.map(({ meta }) => meta.problem)).toEqual(['FILE_NOT_A_TABLE'])
    expect(await readdir(folder.path)).toEqual(['a.csv'])
  },
)

it('moves a file of which a part is in no item, but does not delete it', async () => {
  await using folder = await TestFolder.create()
  for (const [afterArchive, left] of [
    ['delete', 'a.xlsx'],
    ['move', 'archived'],
  ] as const) {
    await folder.write('a.xlsx', workbook({ 工单: sampleRows(2), 说明: [['本表由热线办制作']] }, 'xlsx'))
    const connector = folder.connect({ afterArchive })
    await connector.ack(await collect(connector.read(null, never())), never())
    expect(await readdir(folder.path)).toEqual([left])
  }
})

it('resumes inside a file close to where it was', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', csv(sampleRows(1000)))
  const items = await folder.read()
  const rest = await folder.read({}, items[899]?.cursor)
  expect(rest.length).toBeLessThan(130)
  expect(rest.slice(-100).map(({ externalId }) => externalId)).toEqual(
    items.slice(900).map(({ externalId }) => externalId),
  )
})

it.each([1, 2])('logs no cell of a row that was taken for the header, row %i', async (headerRow) => {
  await using folder = await TestFolder.create()
  const rows = [
    ['工单编号', '诉求内容', '诉求人', '热线备案码', '13800138003', '王五家门口的路灯坏了半个月没有人修'],
    ['A3', '内容', '王五', '电话', '跃龙路工地', '孙七'],
    ['A4', '井盖缺失', '李四', '网站', '青年路'],
  ]
  await folder.write('a.xlsx', workbook({ 甲: rows }, 'xlsx'))
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => lines.push(line) })
  const given = hotlineExportSettings.parse({ path: folder.path, settleMs: 0, headerRow })
  const context = { sourceId: 'x', timeZone: 'Asia/Shanghai', clock: Date.now, log }
  await collect(hotlineExport.connect(given, context).read(null, never()))
  const read = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'read the table of an export')
  expect(read).toMatchObject(
    headerRow === 1
      ? { columns: 6, unmapped: ['热线备案码'], hidden: 2 }
      : { columns: 6, unmapped: [], hidden: 4 },
  )
  expect(lines.join('')).not.toMatch(/王五|孙七|13800138003|路灯|跃龙路/)
})

it('waits no longer for a file once it has settled', async () => {
  await using folder = await TestFolder.create()
  let now = Date.now()
  const connector = folder.connect({ settleMs: 1000 }, () => now)
  await folder.write('a.csv', csv(sampleRows(1)))
  const waited = vi.fn()
  const waiting = connector.wait?.(never()).then(waited)
  expect((await collect(connector.read(null, never()))).length).toBe(0)
  expect(waited).not.toHaveBeenCalled()
  now += 5000
  await waiting
  expect((await collect(connector.read(null, never()))).length).toBe(1)
})

it('leaves running numbers out of the items, but not that a row is a sum', async () => {
  await using folder = await TestFolder.create()
  const names = ['序号', '工单编号', '诉求内容']
  await folder.write('a.csv', csv([names, ['1', 'A-1', '路灯不亮'], ['合计', '', '1件']]))
  expect((await folder.read()).map(cellsOf)).toEqual([
    { 工单编号: 'A-1', 诉求内容: '路灯不亮' },
    { 序号: '合计', 诉求内容: '1件' },
  ])
})

it('keeps words that stand alone where running numbers do, each for itself, as below a table', async () => {
  await using folder = await TestFolder.create()
  const feet = ['制表人：小陈', '审核人：小李', '12']
  const rows = feet.map((foot) => [foot, '', ''])
  await folder.write('a.csv', csv([['序号', '工单编号', '诉求内容'], ['1', 'A-1', '路灯不亮'], ...rows]))
  const [, ...below] = await folder.read()
  expect(below.map(cellsOf)).toEqual([{ 序号: feet[0] }, { 序号: feet[1] }, {}])
  expect(new Set(below.map(({ externalId }) => externalId)).size).toBe(3)
})
