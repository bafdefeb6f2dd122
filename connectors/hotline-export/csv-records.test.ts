import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CsvRecords, type CsvShape } from './csv-records.ts'
import { csv } from './fixtures/export-files.ts'
import type { RawRow } from './raw-row.ts'

function split(
  text: string,
  shape: Partial<CsvShape> = {},
  width = 3,
  piece = text.length || 1,
): readonly RawRow[] {
  const records = new CsvRecords(
    { delimiter: ',', newline: '\n', ...shape },
    { width, acceptShort: false, maxCellBytes: 1024 * 1024, firstDataRow: 1 },
  )
  const rows: RawRow[] = []
  const take = (part: string, last: boolean) => {
    rows.push(...records.push(part, last))
    while (records.hasMore) rows.push(...records.push('', last))
  }
  for (let at = 0; at < text.length; at += piece) take(text.slice(at, at + piece), false)
  take('', true)
  return rows
}

const brief = (rows: readonly RawRow[]) =>
  rows.map(({ row, cells, broken }) => [row, broken?.detail.reason ?? cells])

const cell = fc.string({ unit: fc.constantFrom(...'a中𠮷",;\n\r\t =\u3000😀'), maxLength: 8 })
const newline = fc.constantFrom<CsvShape['newline']>('\n', '\r\n', '\r')
const delimiter = fc.constantFrom(',', '\t', ';')

it('gives back exactly the cells that were written, in any pieces', () => {
  const table = fc.array(fc.tuple(fc.constantFrom('x', '"', '行'), cell, fc.constantFrom('z', '末')), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(table, newline, delimiter, fc.integer({ min: 1, max: 40 }), (rows, end, between, piece) => {
      const read = split(csv(rows, between, end), { newline: end, delimiter: between }, 3, piece)
      expect(read.map(({ cells }) => cells)).toEqual(rows)
      expect(read.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1))
    }),
  )
})

it('gives the same rows for hostile text however it is cut, and loses no letter', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', 'b', 'ü', ' '),
    maxLength: 60,
  })
  fc.assert(
    fc.property(hostile, newline, fc.integer({ min: 1, max: 9 }), (text, end, piece) => {
      const whole = split(text, { newline: end })
      expect(split(text, { newline: end }, 3, piece)).toEqual(whole)
      const said = whole.map(({ cells, broken }) => broken?.text ?? cells.join('')).join('')
      expect(said.replace(/[^abü]/g, '')).toBe(text.replace(/[^abü]/g, ''))
    }),
    { numRuns: 500 },
  )
})

it.each(['\n', '\r\n', '\r'] as const)('goes on behind %j after an unclosed quote', (newline) => {
  const lines = ['1,"开头没有结尾,x', '2,好,y', '3,"引""号",z', '']
  expect(brief(split(lines.join(newline), { newline }))).toEqual([
    [1, 'a quote is not closed'],
    [2, ['2', '好', 'y']],
    [3, ['3', '引"号', 'z']],
  ])
})

it('takes quotes inside a line as the clerk wrote them', () => {
  expect(brief(split('1,他说"不行",x\n2,"他说"不行"了",y\n'))).toEqual([
    [1, ['1', '他说"不行"', 'x']],
    [2, ['2', '他说"不行"了', 'y']],
  ])
})

it('marks rows with too many or too few cells, and lets blank ones at the end pass', () => {
  expect(brief(split('1,2\n1,2,3,4\n1,2,3,,\n'))).toEqual([
    [1, '2 cells where the header has 3'],
    [2, '4 cells where the header has 3'],
    [3, ['1', '2', '3', '', '']],
  ])
})

it.each(['9', '"9"'])('reads a file whose line ends change on the way, before and behind %j', (nine) => {
  const text = `1,2,3\r\n4,5,6\n7,8,${nine}\n1,2,3\r\n4,5,6\r\n`
  expect(brief(split(text, { newline: '\r\n' }))).toEqual([
    [1, ['1', '2', '3']],
    [2, ['4', '5', '6']],
    [3, ['7', '8', '9']],
    [4, ['1', '2', '3']],
    [5, ['4', '5', '6']],
  ])
})

it('keeps a bare line feed inside an unquoted cell when lines end otherwise', () => {
  expect(brief(split('1,上\n下,3\r\n', { newline: '\r\n' }))).toEqual([[1, ['1', '上\n下', '3']]])
  const [broken, ...rest] = split('1,上\n下\r\n4,5,6\r\n', { newline: '\r\n' })
  expect(broken?.broken?.text).toBe('1,上\n下')
  expect(brief(rest)).toEqual([[2, ['4', '5', '6']]])
})

it('refuses a cell that is too large, and a line without end, and goes on', () => {
  const limits = { width: 2, acceptShort: true, maxCellBytes: 1024, firstDataRow: 1 }
  const records = new CsvRecords({ delimiter: ',', newline: '\n' }, limits)
  const text = `1,${'长'.repeat(400)}\n2,好\n${'x'.repeat(9000)}\n短\n3,好\n`
  const rows = [...records.push(text.slice(0, 5000), false), ...records.push(text.slice(5000), true)]
  expect(rows.map(({ row, cells, broken }) => [row, broken?.code ?? cells, broken?.whole])).toEqual([
    [1, 'ITEM_TOO_LARGE', true],
    [2, ['2', '好'], undefined],
    [3, 'ITEM_TOO_LARGE', false],
    [4, ['短'], undefined],
    [5, ['3', '好'], undefined],
  ])
})

it('needs bounded time for a file full of unclosed quotes', () => {
  const rows = split('1,"x,2\n'.repeat(3000))
  expect(rows.length).toBe(3000)
  expect(rows.every(({ broken }) => broken?.code === 'ROW_MALFORMED')).toBe(true)
}, 10_000)

it('keeps the lines of a broken row together, up to the next line that looks like a row', () => {
  const text = '1,"开头没有结尾\n第二行\n\n第三行\n2,好,y\n3,"两\n行",z\n4,"又没有结尾\n5,"两\n行",w\n'
  for (const piece of [1, 7, text.length]) {
    const rows = split(text, {}, 3, piece)
    expect(rows.map(({ row, cells, broken }) => [row, broken?.text ?? cells])).toEqual([
      [1, '1,"开头没有结尾\n第二行\n\n第三行'],
      [5, ['2', '好', 'y']],
      [6, ['3', '两\n行', 'z']],
      [7, '4,"又没有结尾'],
      [8, ['5', '两\n行', 'w']],
    ])
  }
})

it('gives one broken row for a cell of ten million short lines, and goes on, in little memory', () => {
  const limits = { width: 5, acceptShort: false, maxCellBytes: 1024 * 1024, firstDataRow: 1 }
  const records = new CsvRecords({ delimiter: ',', newline: '\n' }, limits)
  const rows: RawRow[] = []
  const take = (text: string, last: boolean) => {
    const some = records.push(text, last)
    expect(some.length).toBeLessThan(11_000)
    rows.push(...some)
    while (records.hasMore) rows.push(...records.push('', last))
  }
  take('1,甲,138,"', false)
  for (let count = 0; count < 100; count += 1) take('x\n'.repeat(50_000), false)
  take('",2026-09-03\n2,乙,139,好,2026-09-03\n', true)
  expect(rows.map(({ cells, broken }) => broken?.code ?? cells[0])).toEqual(['ITEM_TOO_LARGE', '2'])
  expect(rows[0]?.broken).toMatchObject({ whole: false, detail: { bytes: 10_000_024, limit: 1024 * 1024 } })
  expect(rows[0]?.broken?.text.length).toBeLessThanOrEqual(64 * 1024)
})

it('returns the rows behind a quote that is never closed in parts', () => {
  const text = `1,"x,a\n${'2,b,c\n'.repeat(800_000)}`
  const records = new CsvRecords(
    { delimiter: ',', newline: '\n' },
    { width: 3, acceptShort: false, maxCellBytes: 1024 * 1024, firstDataRow: 1 },
  )
  let count = 0
  let most = 0
  const take = (part: string, last: boolean) => {
    let rows = records.push(part, last)
    for (;;) {
      count += rows.length
      most = Math.max(most, rows.length)
      if (!records.hasMore) return
      rows = records.push('', last)
    }
  }
  for (let at = 0; at < text.length; at += 128 * 1024) take(text.slice(at, at + 128 * 1024), false)
  take('', true)
  expect(count).toBe(800_001)
  expect(most).toBeLessThan(11_000)
})
