import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import {
  beginning,
  biffRows,
  biffSheet,
  biffStream,
  compoundFile,
  ended,
  longs,
  longText,
  numberAt,
  record,
  sharedAt,
  shorts,
  textAt,
  textFormulaAt,
  wideText,
} from './fixtures/biff-file.ts'
import { sampleRows, workbook } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'

const names = ['工单编号', '诉求人', '诉求内容']
const plain = biffSheet([names, ['A-1', '张三', '路灯不亮'], ['A-2', '李四', '井盖缺失']])
const two = [
  { 工单编号: 'A-1', 诉求人: '张三', 诉求内容: '路灯不亮' },
  { 工单编号: 'A-2', 诉求人: '李四', 诉求内容: '井盖缺失' },
]

async function readFile(file: Uint8Array) {
  await using folder = await TestFolder.create()
  await folder.write('a.xls', file)
  return (await folder.read()).map((item) => item.meta.problem ?? cellsOf(item))
}

const read = (book: Parameters<typeof biffStream>[0], stream = 'Workbook') =>
  readFile(compoundFile({ [stream]: biffStream(book) }))

it.each(['Workbook', 'WORKBOOK'])('reads the stream %s', async (stream) => {
  expect(await read({ sheets: { 甲: plain } }, stream)).toEqual(two)
})

it('keeps the cells of a sheet apart from the numbers of a chart in it', async () => {
  const chart = [beginning(0x20), numberAt(0, 0, 5), numberAt(1, 0, 7), textAt(0, 1, '图例'), ended]
  const rest = biffRows([[], [], ['A-2', '李四', '井盖缺失']])
  const sheet = biffSheet([names, ['A-1', '张三', '路灯不亮']], ...chart, ...rest)
  expect(await read({ sheets: { 甲: sheet } })).toEqual(two)
})

it('leaves out sheets that are charts', async () => {
  const chart = Buffer.concat([beginning(0x20), ...biffRows([names, ['x', 'y', 'z']]), ended])
  expect(await read({ sheets: { 图: chart, 甲: plain }, kinds: { 图: 2 } })).toEqual(two)
})

it('reads the text of a formula behind what it shares, and one that goes on in another record', async () => {
  const long = `${'长'.repeat(5000)}尾`
  const bytes = longText(long)
  const sheet = biffSheet(
    [names],
    textFormulaAt(1, 0),
    record(0x4bc, Buffer.alloc(10)),
    record(0x207, longText('A-1')),
    textFormulaAt(1, 2),
    record(0x207, bytes.subarray(0, 8003)),
    record(0x3c, Buffer.from([1]), bytes.subarray(8003)),
  )
  expect(await read({ sheets: { 甲: sheet } })).toEqual([{ 工单编号: 'A-1', 诉求内容: long }])
})

it('reads shared texts across records, without fonts and readings, and a row without its text as broken', async () => {
  const rich = [
    shorts(2),
    Buffer.from([0x0d]),
    shorts(1),
    longs(4),
    Buffer.from('路灯', 'utf16le'),
    Buffer.alloc(8),
  ]
  const first = Buffer.concat([longs(6, 6), ...names.map(longText), longText('A-1'), ...rich, shorts(6)])
  const split = [
    record(0xfc, first, wideText('井盖')),
    record(0x3c, Buffer.from([0]), Buffer.from('ab', 'latin1')),
    record(0x3c, wideText('缺失')),
  ]
  const sheet = biffSheet(
    [],
    ...[0, 1, 2].map((column) => sharedAt(0, column, column)),
    ...[sharedAt(1, 0, 3), sharedAt(1, 1, 4), sharedAt(1, 2, 5)],
    ...[sharedAt(2, 0, 3), sharedAt(2, 2, 9)],
  )
  expect(await read({ sheets: { 甲: sheet }, own: split })).toEqual([
    { 工单编号: 'A-1', 诉求人: '路灯', 诉求内容: '井盖ab缺失' },
    'ROW_MALFORMED',
  ])
})

it('reads rows and cells in whatever order, and texts with fonts of their own', async () => {
  const sheet = biffSheet(
    [],
    ...[textAt(2, 2, '井盖缺失'), textAt(2, 0, 'A-2'), textAt(1, 0, 'A-1'), textAt(1, 2, '路灯不亮', 0xd6)],
    ...biffRows([names]).toReversed(),
    ...[textAt(1, 1, '张三'), textAt(2, 1, '李四')],
  )
  expect(await read({ sheets: { 甲: sheet } })).toEqual(two)
})

it('reads numbers that are packed in four bytes, one or several in a record, and dates of a format of their own', async () => {
  const columns = ['工单编号', '诉求内容', '经度', '纬度', '数', '诉求时间', '受理时间']
  const integer = (value: number) => ((value << 2) | 2) >>> 0
  const packed = [1.5, 150]
    .map((value) => new Float64Array([value]))
    .map((double) => {
      return (new Uint32Array(double.buffer)[1] ?? 0) & ~3
    })
  const [own = 0, hundredths = 0] = packed
  const several = [shorts(0), longs(own), shorts(0), longs(hundredths | 1), shorts(0), longs(integer(-7))]
  const sheet = biffSheet(
    [columns, ['A-1', '路']],
    record(0xbd, shorts(1, 2), ...several, shorts(1), longs(integer(46_082)), shorts(5)),
    record(0x27e, shorts(1, 6, 1), longs(integer(4_608_225) | 1)),
  )
  const own164 = record(0x41e, shorts(164), longText('yyyy"年"m"月"d"日"'))
  expect(await read({ sheets: { 甲: sheet }, formats: [0, 164], own: [own164] })).toEqual([
    {
      ...{ 工单编号: 'A-1', 诉求内容: '路', 经度: 1.5, 纬度: 1.5, 数: -7 },
      ...{ 诉求时间: '2026-03-01T00:00:00', 受理时间: '2026-03-01T06:00:00' },
    },
  ])
})

it('reads shared texts behind fonts that go on in another record, and fewer of them than are stated', async () => {
  const rich = [shorts(2), Buffer.from([9]), shorts(3), Buffer.from('路灯', 'utf16le'), Buffer.alloc(6)]
  const own = [
    record(0xfc, longs(9, 9), ...names.map(longText), longText('A-1'), ...rich),
    record(0x3c, Buffer.alloc(6), longText('坏')),
  ]
  const heads = [0, 1, 2].map((column) => sharedAt(0, column, column))
  const sheet = biffSheet([], ...heads, sharedAt(1, 0, 3), sharedAt(1, 1, 4), sharedAt(1, 2, 5))
  expect(await read({ sheets: { 甲: sheet }, own })).toEqual([
    { 工单编号: 'A-1', 诉求人: '路灯', 诉求内容: '坏' },
  ])
})

it('reads more shared texts than two bytes can count', async () => {
  const texts = [...names, 'A-1', ...Array.from({ length: 65_536 }, () => '甲'), '路灯不亮']
  const records: Buffer[] = []
  for (let at = 0; at < texts.length; at += 1000) {
    const count = at === 0 ? [longs(texts.length, texts.length)] : []
    records.push(record(at === 0 ? 0xfc : 0x3c, ...count, ...texts.slice(at, at + 1000).map(longText)))
  }
  const cells = [0, 1, 2].map((column) => sharedAt(0, column, column))
  const sheet = biffSheet([], ...cells, sharedAt(1, 0, 3), sharedAt(1, 2, texts.length - 1))
  expect(await read({ sheets: { 甲: sheet }, own: records })).toEqual([
    { 工单编号: 'A-1', 诉求内容: '路灯不亮' },
  ])
})

it('tells dates by the formats that Chinese programs have built in, of 1904 as well', async () => {
  const sheet = (serial: number) =>
    biffSheet([
      ['工单编号', '诉求时间', '来电时间'],
      ['A-1', numberAt(1, 1, serial, 1), numberAt(1, 2, 0.25, 1)],
    ])
  const cells = { 工单编号: 'A-1', 诉求时间: '2026-03-01T06:00:00', 来电时间: '06:00:00' }
  const formats = [0, 31]
  expect(await read({ sheets: { 甲: sheet(46082.25) }, formats })).toEqual([cells])
  expect(await read({ sheets: { 甲: sheet(44620.25) }, formats, date1904: true })).toEqual([cells])
})

it('reads the number that a formula gave', async () => {
  const number = Buffer.alloc(8)
  number.writeDoubleLE(13_800_138_000)
  const formula = record(0x06, shorts(1, 1, 0), number, Buffer.alloc(8))
  const sheet = biffSheet([
    ['工单编号', '联系电话'],
    ['A-1', formula],
  ])
  expect(await read({ sheets: { 甲: sheet } })).toEqual([{ 工单编号: 'A-1', 联系电话: 13_800_138_000 }])
})

it('reads errors, and what formulas give that is neither a number nor a text', async () => {
  const codes = [0, 7, 15, 23, 29, 36, 42, 43]
  const result = (row: number, kind: number, value: number) =>
    record(0x06, shorts(row, 2, 0), Buffer.from([kind, 0, value, 0, 0, 0, 255, 255]), Buffer.alloc(8))
  const sheet = biffSheet(
    [names],
    ...codes.flatMap((code, index) => [
      textAt(index + 1, 0, `A-${index}`),
      record(0x205, shorts(index + 1, 1, 0), Buffer.from([code, 1])),
      result(index + 1, index === 0 ? 1 : 2, index === 0 ? 1 : code),
    ]),
    ...[textAt(9, 0, 'A-9'), textAt(9, 1, '张三'), result(9, 3, 0)],
  )
  const texts = ['#NULL!', '#DIV/0!', '#VALUE!', '#REF!', '#NAME?', '#NUM!', '#N/A', '#ERR!']
  expect(await read({ sheets: { 甲: sheet } })).toEqual([
    ...texts.map((text, index) => {
      return { 工单编号: `A-${index}`, 诉求人: text, 诉求内容: index === 0 ? true : text }
    }),
    { 工单编号: 'A-9', 诉求人: '张三' },
  ])
})

it('reads the sheet that is configured alone', async () => {
  await using folder = await TestFolder.create()
  const other = biffSheet([names, ['A-3', '王五', '占道经营']])
  await folder.write('a.xls', compoundFile({ Workbook: biffStream({ sheets: { 甲: plain, 乙: other } }) }))
  expect((await folder.read({ sheet: '乙' })).map(({ externalId }) => externalId)).toEqual(['A-3'])
})

it('finds a workbook of as many bytes as small streams stay below, and a large one by many tables of sectors', async () => {
  const whole = biffStream({ sheets: { 甲: plain } })
  for (const bytes of [4095, 4096, 17_000_000]) {
    const padded = Buffer.concat([whole, Buffer.alloc(bytes - whole.length)])
    expect(await readFile(compoundFile({ Workbook: padded }))).toEqual(two)
  }
})

it('tells by which calendar a workbook counts days that no format shows as a date', async () => {
  const sheet = biffSheet([
    ['工单编号', '诉求时间'],
    ['A-1', numberAt(1, 1, 44620.25, 0)],
  ])
  for (const date1904 of [false, true]) {
    await using folder = await TestFolder.create()
    await folder.write('a.xls', compoundFile({ Workbook: biffStream({ sheets: { 甲: sheet }, date1904 }) }))
    const [item] = await folder.read()
    expect(cellsOf(item)).toEqual({ 工单编号: 'A-1', 诉求时间: 44620.25 })
    expect(item?.meta.dates).toBe(date1904 ? '1904' : undefined)
  }
})

it('reads a workbook that ends inside a sheet as far as it goes, and says so', async () => {
  const whole = biffStream({ sheets: { 甲: plain } })
  const cut = whole.subarray(0, whole.length - 12)
  expect(await readFile(compoundFile({ Workbook: cut }))).toEqual([
    two[0],
    { 工单编号: 'A-2', 诉求人: '李四' },
    'FILE_UNREADABLE',
  ])
})

it('says at every place where a workbook is cut off that it is', async () => {
  const rows = sampleRows(60)
  const whole = workbook({ 甲: rows }, 'biff8')
  for (let part = 1; part < 40; part += 1) {
    const items = await readFile(whole.subarray(0, (whole.length * part) / 40))
    const isAllThere = items.length === rows.length - 1 && items.every((item) => typeof item !== 'string')
    expect([part, items.at(-1), isAllThere]).toEqual([
      part,
      isAllThere ? items.at(-1) : expect.stringMatching(/^FILE_/),
      isAllThere,
    ])
  }
})

function withMovedSheet(): Buffer {
  const stream = biffStream({ sheets: { 甲: plain } })
  const at = stream.indexOf(shorts(0x85, 10)) + 4
  stream.writeUInt32LE(stream.readUInt32LE(at) + 2, at)
  return stream
}

it.each<readonly [string, Uint8Array, string, string]>([
  [
    'an encrypted workbook',
    compoundFile({ Workbook: biffStream({ sheets: { 甲: plain }, own: [record(0x2f, Buffer.alloc(54))] }) }),
    'FILE_UNREADABLE',
    'it is protected by a password',
  ],
  [
    'an encrypted XLSX',
    compoundFile({ EncryptedPackage: Buffer.alloc(5000), EncryptionInfo: Buffer.alloc(300) }),
    'FILE_UNREADABLE',
    'it is protected by a password',
  ],
  [
    'a sheet that is not where it should be',
    compoundFile({ Workbook: withMovedSheet() }),
    'FILE_UNREADABLE',
    'its structure is damaged',
  ],
  [
    'a workbook of BIFF5',
    compoundFile({ Book: biffStream({ sheets: { A: plain }, version: 0x500 }) }),
    'FILE_NOT_A_TABLE',
    'a workbook of Excel 95 or older',
  ],
  [
    'BIFF without a container',
    Buffer.concat([
      record(0x809, shorts(0, 0x10, 0, 0)),
      record(0x204, shorts(0, 0, 0, 2), Buffer.from('ab')),
      ended,
    ]),
    'FILE_NOT_A_TABLE',
    'a workbook of Excel 95 or older',
  ],
  ['a DOC', compoundFile({ WordDocument: Buffer.alloc(5000) }), 'FILE_NOT_A_TABLE', 'a Word document'],
  [
    'an MSG',
    compoundFile({ __properties: Buffer.alloc(50) }),
    'FILE_NOT_A_TABLE',
    'an Office file without a workbook',
  ],
])('says of %s what it is', async (_, file, problem, reason) => {
  await using folder = await TestFolder.create()
  await folder.write('a.xls', file)
  const [item] = await folder.read()
  expect(item?.meta.problem).toBe(problem)
  expect(JSON.parse(item?.meta.problemDetail ?? '')).toMatchObject({ reason })
})
