import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, it } from 'vitest'
import { csv, header, sampleRow, sampleRows } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'
import { Gb18030Check } from './gb18030-check.ts'

const rows = sampleRows(3)
const traditional = [
  ['工單編號', '訴求人', '聯繫電話', '諮詢內容', '諮詢時間', '地址'],
  [
    'A-1',
    '王大明',
    '0912345678',
    '市民反映：中山路附近的路燈已經壞了三個星期，晚上走路非常危險',
    '2026/3/1',
    '中山路',
  ],
]
const bom = (bytes: readonly number[], text: Uint8Array) => Uint8Array.from([...bytes, ...text])

it.each<readonly [string, Uint8Array, string]>([
  ['UTF-8', Buffer.from(csv(rows)), 'utf-8 (strict)'],
  ['UTF-8 with a mark', bom([0xef, 0xbb, 0xbf], Buffer.from(csv(rows))), 'utf-8 (bom)'],
  ['GB18030', iconv.encode(csv(rows), 'gb18030'), 'gb18030 (strict)'],
  [
    'GB18030 behind a mark of UTF-8',
    bom([0xef, 0xbb, 0xbf], iconv.encode(csv(rows), 'gb18030')),
    'gb18030 (strict)',
  ],
  ['UTF-16LE with a mark', bom([0xff, 0xfe], iconv.encode(csv(rows, '\t'), 'utf-16le')), 'utf-16le (bom)'],
  ['UTF-16BE with a mark', bom([0xfe, 0xff], iconv.encode(csv(rows, '\t'), 'utf-16be')), 'utf-16be (bom)'],
])('reads %s', async (_, bytes, encoding) => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', bytes)
  const items = await folder.read()
  expect(items.map(cellsOf)).toEqual(
    rows.slice(1).map((row) => Object.fromEntries(row.map((cell, index) => [header[index], cell]))),
  )
  expect(new Set(items.map(({ meta }) => meta.encoding))).toEqual(new Set([encoding]))
})

it.each(['utf-16le', 'utf-16be'] as const)(
  'reads %s without a mark, also when 一, 开 and 需 are frequent',
  async (label) => {
    await using folder = await TestFolder.create()
    const frequent = rows.map((row) =>
      row.map((cell) => (cell.includes('路灯') ? `一开需${cell}`.repeat(20) : cell)),
    )
    await folder.write('a.csv', iconv.encode(csv(frequent, '\t'), label))
    expect((await folder.read()).map(cellsOf).map(Object.values)).toEqual(frequent.slice(1))
  },
)

it.each(['utf-8', 'gb18030'] as const)('reads a text in %s with a stray NUL', async (label) => {
  await using folder = await TestFolder.create()
  const text = csv([header, sampleRow(1), sampleRow(2)]).replace('张三', '张\0三')
  await folder.write('a.csv', label === 'utf-8' ? text : iconv.encode(text, label))
  const items = await folder.read()
  expect(items.map(({ externalId }) => externalId)).toEqual(['GD2026000001', 'GD2026000002'])
  expect(cellsOf(items[0]).诉求人).toBe('张\0三')
})

it('reads characters of GB18030 that need four bytes', async () => {
  await using folder = await TestFolder.create()
  const row = ['GD2026000001', '𠮷𡈽', '13800138000', '2026/3/1', '𠀀路灯不亮😀', '鼓楼区']
  await folder.write('a.csv', iconv.encode(csv([header, row]), 'gb18030'))
  expect(Object.values(cellsOf((await folder.read())[0]))).toEqual(row)
})

it('reads GB18030 of rare characters below names of columns', async () => {
  await using folder = await TestFolder.create()
  const row = [
    'GD2026000001',
    '龘靐',
    '13800138000',
    '2026/3/1',
    '丂丄丅丆丏丒丗丟丠両丣並丩丮'.repeat(40),
    '',
  ]
  await folder.write('a.csv', iconv.encode(csv([header, row]), 'gb18030'))
  const [item] = await folder.read()
  expect(item?.meta.encoding).toBe('gb18030 (strict)')
  expect(Object.values(cellsOf(item))).toEqual(row.slice(0, 5))
})

it('takes Big5 only where it is clearly better, and says that it guessed', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', iconv.encode(csv(traditional), 'big5'))
  const settings = { columns: { body: '諮詢內容', id: '工單編號' } }
  const [item] = await folder.read(settings)
  expect([item?.meta.encoding, item?.externalId]).toEqual(['big5 (guessed)', 'A-1'])
})

it('reads GB18030 in which a system cut a character in two, and says that it guessed', async () => {
  await using folder = await TestFolder.create()
  const text = [...iconv.encode(csv(sampleRows(60)), 'gb18030')]
  const cut = text.lastIndexOf(0xc4)
  await folder.write('a.csv', Uint8Array.from([...text.slice(0, cut + 1), 0x2c, ...text.slice(cut + 2)]))
  expect((await folder.read())[0]?.meta.encoding).toBe('gb18030 (guessed)')
})

it.each<readonly [string, string, string, string]>([
  [
    'a short text in Big5 that is valid GB18030 of common characters too',
    '請問異地就醫大病救助',
    'big5',
    'big5 (guessed)',
  ],
  [
    'a text that is valid GB18030 of mostly rare characters',
    'Straßenlärm für Fußgänger Ð¡',
    'latin1',
    'FILE_ENCODING_AMBIGUOUS',
  ],
])('takes %s for what it is', async (_, text, label, expected) => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', iconv.encode(`id,content\r\nA-1,${text}\r\n`, label))
  const [item] = await folder.read()
  expect(item?.meta.problem ?? item?.meta.encoding).toBe(expected)
})

it.each(['utf-8', 'gb18030'])(
  'reads a text in %s that ends inside a character, and says that it guessed',
  async (label) => {
    await using folder = await TestFolder.create()
    const text = csv(sampleRows(60).map((cells) => [...cells].toReversed())).trimEnd()
    await folder.write(
      'a.csv',
      iconv.encode(`${text}\r\n鼓楼区,路灯不亮,2026/3/1,13800138000,张三,工单号`, label).subarray(0, -1),
    )
    const items = await folder.read()
    expect([items.length, items[0]?.meta.encoding]).toEqual([61, `${label} (guessed)`])
  },
)

it('quarantines a file of unclear encoding whole, bytes and all', async () => {
  await using folder = await TestFolder.create()
  const bytes = Buffer.from('naïve;Straße;señor\ncafé;über;año\n', 'latin1')
  await folder.write('a.csv', bytes)
  await folder.write('b.csv', csv(rows))
  const [first, ...rest] = await folder.read()
  expect(first?.meta.problem).toBe('FILE_ENCODING_AMBIGUOUS')
  expect(JSON.parse(first?.meta.problemDetail ?? '')).toMatchObject({ file: 'a.csv' })
  expect(Buffer.from(first?.body ?? [])).toEqual(bytes)
  expect(rest.length).toBe(3)
})

it.each(['utf-32le', 'utf-32be'])('says that a file is in %s, which it cannot read', async (label) => {
  await using folder = await TestFolder.create()
  for (const addBOM of [true, false])
    await folder.write(`${addBOM}.csv`, iconv.encode(csv([header, sampleRow(1)]), label, { addBOM }))
  const items = await folder.read()
  const said = items.map(({ meta }) => [meta.problem, JSON.parse(meta.problemDetail ?? '').guess])
  expect(said).toEqual(Array(2).fill(['FILE_ENCODING_AMBIGUOUS', 'utf-32']))
})

it('reads by the configured encoding without detecting', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', iconv.encode(csv([header, sampleRow(1)]), 'gb18030'))
  expect((await folder.read({ encoding: 'gbk' }))[0]?.meta.encoding).toBe('gbk (configured)')
})

it('calls no blank line behind a mark of UTF-16 a text in UTF-32', async () => {
  await using folder = await TestFolder.create()
  for (const [name, text] of Object.entries({ a: '\n', b: '\r\n', c: '1\n2\n' }))
    await folder.write(`${name}.csv`, iconv.encode(text, 'utf-16le', { addBOM: name !== 'c' }))
  const items = await folder.read()
  expect(items.map(({ meta }) => meta.problem)).not.toContain('FILE_ENCODING_AMBIGUOUS')
})

it.each(['utf-8', 'utf-16le'])(
  'reads by a mark of %s that is right, whatever is configured',
  async (label) => {
    await using folder = await TestFolder.create()
    await folder.write('a.csv', iconv.encode(csv([header, sampleRow(1)]), label, { addBOM: true }))
    const [item] = await folder.read({ encoding: 'gb18030' })
    expect(item?.meta.encoding).toBe(`${label} (bom)`)
  },
)

it('reads by the configured encoding behind a mark that is wrong', async () => {
  await using folder = await TestFolder.create()
  await folder.write('a.csv', bom([0xef, 0xbb, 0xbf], iconv.encode(csv(rows), 'gb18030')))
  expect((await folder.read({ encoding: 'gbk' }))[0]?.meta.encoding).toBe('gbk (configured)')
})

it('checks GB18030 exactly as the platform decodes it', () => {
  const isValid = (bytes: Uint8Array, piece: number) => {
    const check = new Gb18030Check()
    for (let at = 0; at < bytes.length; at += piece)
      if (!check.accepts(bytes.subarray(at, at + piece))) return false
    return check.isComplete
  }
  const decodes = (bytes: Uint8Array) => {
    try {
      new TextDecoder('gb18030', { fatal: true }).decode(bytes)
      return true
    } catch {
      return false
    }
  }
  for (let pair = 0; pair <= 0xffff; pair += 1) {
    const bytes = Uint8Array.of(pair >> 8, pair & 0xff)
    if (isValid(bytes, 2) !== decodes(bytes)) expect.fail(`differs at ${pair.toString(16)}`)
  }
  const byte = fc.oneof(fc.integer({ min: 0x30, max: 0x39 }), fc.integer({ min: 0x7f, max: 0xff }))
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 3 }),
      fc.array(byte, { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      (a, b, piece) => {
        const bytes = Uint8Array.from([...b, ...a])
        expect(isValid(bytes, piece)).toBe(decodes(bytes))
      },
    ),
    { numRuns: 3000 },
  )
})
