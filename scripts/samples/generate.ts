import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { csvRepeats, htmlRepeats, xlsRepeats, xlsxRepeats } from './repeats.ts'
import { makeRows, pickerOf, type Row } from './rows.ts'
import { writeBiff8, writeCsv, writeHtml, writeXlsx } from './writers.ts'

/** The same words from the same person as a mail in mail/, so that the two are linked. */
const piling = {
  name: '张女士',
  phone: '13800138000',
  kind: '投诉',
  category: '噪声扰民',
  department: '城市管理局',
  title: '夜间打桩',
  text: '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。',
  place: '江滨路12号',
  district: '崇川区',
  status: '办理中',
  reply: '',
} as const satisfies Partial<Row>

/** The four exports by file name. The same bytes each time. */
export function hotlineSamples(): ReadonlyMap<string, Uint8Array> {
  const pick = pickerOf(12345)
  const used = new Set<string>()
  const [csv, xlsx, xls, html] = ['GD20250315', 'XC-25-', '', '32061220250300'].map((prefix) =>
    makeRows(pick, prefix, 38, used),
  )
  if (csv === undefined || xlsx === undefined || xls === undefined || html === undefined) throw new Error()
  return new Map([
    [
      'hotline-gb18030.csv',
      writeCsv('12345政务服务便民热线工单导出表（2025年3月1日至3月15日）', [...csvRows(csv), ...csvRepeats]),
    ],
    ['hotline.xlsx', writeXlsx([...xlsxRows(xlsx, csv), ...xlsxRepeats])],
    ['hotline-biff8.xls', writeBiff8('通州区便民热线投诉件登记表', [...xlsRows(xls, xlsx), ...xlsRepeats])],
    ['hotline-html.xls', writeHtml('数字城管受理清单', [...htmlRows(html, xls), ...htmlRepeats])],
  ])
}

/** With the report of the mail, a row without text, a row handled later on, and that row once more as it was. */
function csvRows(rows: readonly Row[]): readonly Row[] {
  const open = { ...at(rows, 4), status: '办理中', reply: '' }
  const handled = { ...open, status: '已办结', reply: '已到现场处理完毕，市民表示满意。' }
  const changed = rows
    .with(4, open)
    .with(7, { ...at(rows, 7), ...piling })
    .with(2, { ...at(rows, 2), name: '陈𬍛' })
  return [...changed, { ...at(rows, 9), id: 'GD202503159001', text: '', title: '' }, handled, handled]
}

/** With two reports of the CSV again, one citizen who wants no name, and the same words from someone else. */
function xlsxRows(rows: readonly Row[], csv: readonly Row[]): readonly Row[] {
  return [
    ...rows.with(3, { ...at(rows, 3), name: '', phone: '', anonymous: true }),
    { ...at(csv, 12), id: 'XC-25-9001' },
    { ...at(csv, 20), id: 'XC-25-9002', text: ` ${at(csv, 20).text.replaceAll('，', ',')}` },
    { ...at(csv, 25), id: 'XC-25-9003', name: '另一位市民', phone: '13900139001' },
  ]
}

/** With one report of the XLSX again, whose reporter is not named. */
function xlsRows(rows: readonly Row[], xlsx: readonly Row[]): readonly Row[] {
  const numbered = rows.map((row, index) => ({ ...row, id: `TZ〔2025〕${100 + index}号` }))
  return [...numbered, { ...at(xlsx, 10), id: 'TZ〔2025〕900号', name: '', phone: '' }]
}

/** With two reports of the .xls again. GBK has no four-byte characters. */
function htmlRows(rows: readonly Row[], xls: readonly Row[]): readonly Row[] {
  const repeats = [5, 6].map((index) => ({ ...at(xls, index), id: `3206122025039900${index}` }))
  return [...rows, ...repeats].map((row) => ({ ...row, name: row.name.replaceAll(/[𬍛㐂]/gu, '某') }))
}

function at(rows: readonly Row[], index: number): Row {
  const row = rows[index]
  if (row === undefined) throw new Error(`no row ${index}`)
  return row
}

if (import.meta.main) {
  for (const [name, bytes] of hotlineSamples()) {
    writeFileSync(join(import.meta.dirname, name), bytes)
    console.error(`${name}: ${bytes.length} bytes`)
  }
}
