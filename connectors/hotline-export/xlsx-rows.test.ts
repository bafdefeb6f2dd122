import { expect, it } from 'vitest'
import { header, sampleRow } from './fixtures/export-files.ts'
import { cellsOf, TestFolder } from './fixtures/test-folder.ts'
import { relationship, rowXml, xlsxParts } from './fixtures/xlsx-parts.ts'
import { type ZipForm, zipFile } from './fixtures/zip-file.ts'

const names = ['工单编号', '诉求人', '诉求内容']
const rows = rowXml(1, header) + rowXml(2, sampleRow(1)) + rowXml(3, sampleRow(2))
const parts = xlsxParts({ sheets: { 甲: rows } })
const ids = ['GD2026000001', 'GD2026000002']

async function readIds(file: Uint8Array): Promise<readonly string[]> {
  await using folder = await TestFolder.create()
  await folder.write('a.xlsx', file)
  return (await folder.read()).map(({ meta, externalId }) => meta.problem ?? externalId)
}

async function readCells(book: Parameters<typeof xlsxParts>[0]) {
  await using folder = await TestFolder.create()
  await folder.write('a.xlsx', zipFile(xlsxParts(book)))
  return (await folder.read()).map((item) => item.meta.problem ?? cellsOf(item))
}

it.each<readonly [string, ZipForm]>([
  ['in the ZIP64 form, as Apache POI and EasyExcel stream it', { zip64: true }],
  ['with backslashes in its names', { backslash: true }],
  ['with comments in the archive', { comments: true }],
  ['whose empty files were streamed', { streamed: true }],
  ['whose files are not packed', { stored: true }],
])('reads a workbook %s', async (_, form) => {
  expect(await readIds(zipFile({ 'docProps/': '', ...parts }, form))).toEqual(ids)
})

it.each<readonly [string, (text: string) => string]>([
  ['prefixes', (xml) => xml.replace(/<(\/?)(?=[a-z])/g, '<$1x:').replace('xmlns=', 'xmlns:x=')],
  ['a mark', (xml) => `\ufeff${xml}`],
  ['no numbers of rows and cells', (xml) => xml.replace(/ r="[A-Z]*\d+"/g, '')],
  ['the same number in each row', (xml) => xml.replace(/<row r="\d+"/g, '<row r="1"')],
  ['cells in another order', (xml) => xml.replace(/(<c r="A.*?<\/c>)(<c r="B.*?<\/c>)/g, '$2$1')],
  [
    'rows that hold nothing but their height',
    (xml) => xml.replace('<row r="2"', '<row r="9" ht="20"/><row r="2"'),
  ],
  ['a wrong dimension', (xml) => xml.replace('<sheetData', '<dimension ref="A1"/><sheetData')],
])('reads a sheet with %s', async (_, change) => {
  const path = 'xl/worksheets/sheet1.xml'
  expect(await readIds(zipFile({ ...parts, [path]: change(parts[path] ?? '') }))).toEqual(ids)
})

it('finds the parts of a workbook by what refers to them, in whatever case', async () => {
  const {
    'xl/workbook.xml': workbook = '',
    'xl/_rels/workbook.xml.rels': relations = '',
    ...others
  } = xlsxParts({ sheets: { 甲: rows, 乙: rows } })
  const moved = {
    ...others,
    '_rels/.rels': (parts['_rels/.rels'] ?? '').replace('xl/workbook', '/xl/workbook2'),
    'xl/workbook2.xml': workbook.replaceAll('r:', 'd3p1:'),
    'xl/_rels/workbook2.xml.rels': relations
      .replace('worksheets/sheet1', '/xl/Worksheets/Sheet1')
      .replace('worksheets/sheet2', '../xl/./worksheets/sheet2'),
  }
  expect(await readIds(zipFile(moved))).toEqual([...ids, ...ids])
})

it('reads a sheet once that the workbook has under two names', async () => {
  const two = xlsxParts({ sheets: { 甲: rows, 乙: rows } })
  const path = 'xl/_rels/workbook.xml.rels'
  const twice = (two[path] ?? '').replace('sheet2', 'sheet1')
  expect(await readIds(zipFile({ ...two, [path]: twice }))).toEqual(ids)
})

it('leaves out sheets that are charts', async () => {
  const two = xlsxParts({ sheets: { 图表: '', 甲: rows } })
  const path = 'xl/_rels/workbook.xml.rels'
  const chart = (two[path] ?? '').replace(
    relationship('rId1', 'worksheet', 'worksheets/sheet1.xml'),
    relationship('rId1', 'chartsheet', 'chartsheets/sheet1.xml'),
  )
  expect(await readIds(zipFile({ ...two, [path]: chart }))).toEqual(ids)
})

it.each<readonly [string, string, unknown]>([
  ['a text of figures', '<c t="inlineStr"><is><t>0012</t></is></c>', '0012'],
  ['a text that a formula gives', '<c t="str"><f>B1</f><v>0012_x0009_3</v></c>', '0012\t3'],
  ['a yes', '<c t="b"><v>true</v></c>', true],
  ['a yes in a figure', '<c t="b"><v>1</v></c>', true],
  ['a no', '<c t="b"><v>0</v></c>', false],
  ['a number that is blank', '<c><v> </v></c>', undefined],
  ['an error', '<c t="e"><v>#DIV/0!</v></c>', '#DIV/0!'],
  [
    'a text of several runs, with its reading, on lines of the XML',
    '<c t="inlineStr">\n<is>\n<r>\n<t>路</t>\n</r>\n<rPh sb="0" eb="1">\n<t>ろ</t>\n</rPh>\n<r><t>灯</t></r>\n</is>\n</c>',
    '路灯',
  ],
])('takes %s for what it is', async (_, cell, value) => {
  const sheet = rowXml(1, ['工单编号', '备注']) + rowXml(2, ['A-1', cell])
  expect(await readCells({ sheets: { 甲: sheet } })).toEqual([{ 工单编号: 'A-1', 备注: value }])
})

it('takes a shared text that a cell does not name for none, and one that is missing for a broken row', async () => {
  const shared = (index: number) => `<c t="s"><v>${index}</v></c>`
  const sharedTexts = names.map((name) => `<t>${name}</t>`)
  const sheet =
    rowXml(1, [0, 1, 2].map(shared)) +
    rowXml(2, ['A-1', '<c r="B2" s="0" t="s"/>', '路灯不亮']) +
    rowXml(3, ['A-2', shared(7), '井盖缺失'])
  expect(await readCells({ sheets: { 甲: sheet }, sharedTexts })).toEqual([
    { 工单编号: 'A-1', 诉求内容: '路灯不亮' },
    'ROW_MALFORMED',
  ])
})

it('says of a row that reaches far to the right that it does, and pays no regard to blank cells there', async () => {
  const sheet =
    rowXml(1, names) +
    rowXml(2, ['A-1', '张三', '路灯不亮', '<c r="XFD2"><v>1</v></c>']) +
    rowXml(3, ['A-2', '李四', '井盖缺失', '<c r="XFD3" s="0"/>'])
  expect(await readCells({ sheets: { 甲: sheet } })).toEqual([
    'ROW_MALFORMED',
    { 工单编号: 'A-2', 诉求人: '李四', 诉求内容: '井盖缺失' },
  ])
})

it('reads all runs of a text, and not how they are pronounced', async () => {
  const rich = '<r><t>路灯</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 不亮_x000D_\n请修</t></r>'
  const said = '<rPh sb="0" eb="1"><t>ludeng</t></rPh><phoneticPr fontId="1"/>'
  const sheet =
    rowXml(1, names) +
    rowXml(2, ['A-1', '<c t="s"><v>0</v></c>', `<c t="inlineStr"><is>${rich}${said}</is></c>`])
  const [cells] = await readCells({ sheets: { 甲: sheet }, sharedTexts: [`<t>张三</t>${said}`] })
  expect(cells).toEqual({ 工单编号: 'A-1', 诉求人: '张三', 诉求内容: '路灯 不亮\r\n请修' })
})

it.each<readonly [string, number | string, string | number]>([
  ['a date of Chinese', 31, '2026-03-01T08:05:00'],
  ['a time of Chinese', 56, '2026-03-01T08:05:00'],
  ['elapsed hours of its own', 46, '2026-03-01T08:05:00'],
  ['上午 and 下午', '上午/下午h&quot;时&quot;mm&quot;分&quot;', '2026-03-01T08:05:00'],
  ['a language', '[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@', '2026-03-01T08:05:00'],
  ['elapsed hours', '[h]:mm', '2026-03-01T08:05:00'],
  ['a colour and a sum', '[Red]#,##0.00', 46082.3368055556],
  ['a word', '0.00&quot;days&quot;', 46082.3368055556],
  ['an exponent', '0.00E+00', 46082.3368055556],
  ['the general form and a unit', 'G/通用格式&quot;元&quot;', 46082.3368055556],
])('tells by a number format with %s whether a number is a time', async (_, format, time) => {
  const sheet = (serial: string) =>
    rowXml(1, ['工单编号', '诉求时间']) + rowXml(2, ['A-1', `<c r="B2" s="1"><v>${serial}</v></c>`])
  const formats = [0, format]
  const [cells] = await readCells({ sheets: { 甲: sheet('46082.3368055556') }, formats })
  expect(cells).toEqual({ 工单编号: 'A-1', 诉求时间: time })
  if (typeof time === 'number') return
  expect(await readCells({ sheets: { 甲: sheet('44620.3368055556') }, formats, date1904: true })).toEqual([
    cells,
  ])
})

it('gives a time of day as such, and a number that no date has as it is', async () => {
  const dated = (value: string) => `<c s="1"><v>${value}</v></c>`
  const sheet =
    rowXml(1, ['工单编号', '来电时间', '联系电话']) +
    rowXml(2, ['A-1', dated('0.336805555555556'), dated('13800138000')])
  for (const date1904 of [false, true]) {
    expect(await readCells({ sheets: { 甲: sheet }, formats: [0, 22], date1904 })).toEqual([
      { 工单编号: 'A-1', 来电时间: '08:05:00', 联系电话: 13800138000 },
    ])
  }
})

it.each([
  [1, '1900-01-01T00:00:00'],
  [59, '1900-02-28T00:00:00'],
  [60, 60],
  [61, '1900-03-01T00:00:00'],
])('gives the day %j of a workbook as Excel shows it', async (serial, shown) => {
  const sheet = rowXml(1, names) + rowXml(2, ['A-1', '张三', `<c s="0"><v>${serial}</v></c>`])
  expect(await readCells({ sheets: { 甲: sheet }, formats: [14] })).toMatchObject([{ 诉求内容: shown }])
})

it('tells by which calendar a workbook counts days that no format shows as a date', async () => {
  const dates = async (date1904: boolean) => {
    await using folder = await TestFolder.create()
    const sheet = rowXml(1, ['工单编号', '诉求时间']) + rowXml(2, ['A-1', '<c><v>44620.25</v></c>'])
    await folder.write('a.xlsx', zipFile(xlsxParts({ sheets: { 甲: sheet }, date1904 })))
    const [item] = await folder.read()
    return { ...cellsOf(item), dates: item?.meta.dates }
  }
  expect(await dates(true)).toEqual({ 工单编号: 'A-1', 诉求时间: 44620.25, dates: '1904' })
  expect(await dates(false)).toEqual({ 工单编号: 'A-1', 诉求时间: 44620.25 })
})

it('keeps long numbers that a program wrote out, and takes none that a spreadsheet has rounded for an id', async () => {
  const written = ['202603011234567891', '202603011234567000', '2.0260301123456701E+17', '202603011234567008']
  const sheet = written.map((id, index) => rowXml(index + 2, [`<c><v>${id}</v></c>`, '张三', `路灯${index}`]))
  const given = await readIds(zipFile(xlsxParts({ sheets: { 甲: rowXml(1, names) + sheet.join('') } })))
  expect(given.map((id) => id.slice(0, 4))).toEqual(['2026', 'row-', 'row-', 'row-'])
  expect(given[0]).toBe('202603011234567891')
})

it.each(['', '<v>0</v>'])('reads what a link shows where nobody calculated it: %s', async (value) => {
  const link = `<c><f>HYPERLINK("http://oa.example.cn/a,b","GD""1")</f>${value}</c>`
  const sheet = rowXml(1, names) + rowXml(2, [link, '<c><f>B1&amp;C1</f><v></v></c>', '路灯不亮'])
  expect(await readCells({ sheets: { 甲: sheet } })).toEqual([{ 工单编号: 'GD"1', 诉求内容: '路灯不亮' }])
})

it.each([
  ['1+1 这样写的，其实是诉求', '=1+1 这样写的，其实是诉求'],
  ['=紧急==&quot;停电&quot;', '==紧急=="停电"'],
  ['-小区停水三天', '-小区停水三天'],
])('keeps words that a program took for the formula %s', async (formula, text) => {
  for (const value of ['', '<v></v>', '<v>0</v>', '<v>#NAME?</v>']) {
    const sheet = rowXml(1, names) + rowXml(2, ['A-1', '张三', `<c t="e"><f>${formula}</f>${value}</c>`])
    const [cells] = await readCells({ sheets: { 甲: sheet } })
    expect(cells).toMatchObject({ 诉求内容: text })
  }
})

it.each([
  `'工 单'!B2&amp;工单.甲!B3`,
  'IF(A2=&quot;是&quot;,&quot;投诉&quot;,&quot;咨询&quot;)',
  'VLOOKUP(A2,字典,2)',
  'B2*C2',
])('takes no formula for words: %s', async (formula) => {
  const cell = (value: string) => `<c><f>${formula}</f>${value}</c>`
  const sheet = rowXml(1, names) + rowXml(2, ['A-1', cell('<v></v>'), cell('<v>0</v>')])
  expect(await readCells({ sheets: { 甲: sheet } })).toEqual([{ 工单编号: 'A-1', 诉求内容: 0 }])
})

it('reads a sheet that ends too early as far as it goes, and says so', async () => {
  const path = 'xl/worksheets/sheet1.xml'
  const whole = parts[path] ?? ''
  const cut = whole.slice(0, whole.lastIndexOf('请尽快'))
  expect(await readIds(zipFile({ ...parts, [path]: cut }))).toEqual([
    'GD2026000001',
    'ROW_MALFORMED',
    'FILE_UNREADABLE',
  ])
})

it('does not take a sheet of which nothing is left for one without rows', async () => {
  const two = xlsxParts({ sheets: { 甲: rows, 乙: rows } })
  expect(await readIds(zipFile({ ...two, 'xl/worksheets/sheet2.xml': '' }))).toEqual([
    ...ids,
    'FILE_UNREADABLE',
  ])
})

it.each<readonly [string, Uint8Array, string, string]>([
  [
    'an encrypted ZIP',
    zipFile(parts, { encrypted: true }),
    'FILE_UNREADABLE',
    'it is protected by a password',
  ],
  ['a ZIP that has lost some bytes', shortened(), 'FILE_UNREADABLE', 'its directory is damaged'],
  [
    'a workbook with damaged styles',
    zipFile(parts, { damaged: 'xl/styles.xml' }),
    'FILE_UNREADABLE',
    'its structure is damaged',
  ],
  [
    'a workbook without its texts',
    zipFile({
      ...parts,
      'xl/_rels/workbook.xml.rels':
        xlsxParts({ sheets: { 甲: rows }, sharedTexts: [] })['xl/_rels/workbook.xml.rels'] ?? '',
    }),
    'FILE_UNREADABLE',
    'a part of it is missing',
  ],
  ['an XLSB', zipFile({ 'xl/workbook.bin': 'x' }), 'FILE_NOT_A_TABLE', 'a binary Excel workbook (XLSB)'],
  ['a DOCX', zipFile({ 'word/document.xml': 'x' }), 'FILE_NOT_A_TABLE', 'a Word document'],
  [
    'an ODS',
    zipFile({ mimetype: 'x', 'content.xml': 'x' }),
    'FILE_NOT_A_TABLE',
    'an OpenDocument file (ODS)',
  ],
])('says of %s what it is', async (_, file, problem, reason) => {
  await using folder = await TestFolder.create()
  await folder.write('a.xlsx', file)
  const [item] = await folder.read()
  expect(item?.meta.problem).toBe(problem)
  expect(JSON.parse(item?.meta.problemDetail ?? '')).toMatchObject({ reason })
})

/** A workbook that has lost two bytes before its directory. */
function shortened(): Uint8Array {
  const bytes = zipFile(parts)
  return Uint8Array.from([...bytes.slice(0, 60), ...bytes.slice(62)])
}
