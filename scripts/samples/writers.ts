import { type CellObject, utils, type WorkBook, write } from '@e965/xlsx'
import iconv from 'iconv-lite'
import type { Row } from './rows.ts'

/** A GB18030 file with a title row above the header and every form of time that clerks type. */
export function writeCsv(title: string, rows: readonly Row[]): Uint8Array {
  const header = [
    '工单编号',
    '诉求人',
    '联系电话',
    '诉求类型',
    '诉求标题',
    '诉求内容',
    '诉求时间',
    '所属区划',
  ]
  const lines = rows.map((row) => [
    ...[
      row.id,
      row.name,
      row.phone,
      row.kind,
      row.title,
      row.text,
      clerkTime(row.at, numberOf(row)),
      row.district,
    ],
    ...[row.department, row.status, row.reply],
  ])
  const all = [[title], [...header, '承办单位', '办理状态', '答复意见'], ...lines]
  return iconv.encode(`${all.map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`, 'gb18030')
}

/** Real dates, serials without a date format, text; phones as numbers; a formula. */
export function writeXlsx(rows: readonly Row[]): Uint8Array {
  const header = [
    '工单号',
    '来电人姓名',
    '来电号码',
    '是否匿名',
    '来电时间',
    '问题描述',
    '事发地址',
    '区县',
    '问题分类',
    '业务类型',
  ]
  const lines = rows.map((row): readonly CellObject[] => [
    text(row.id),
    text(row.name),
    row.phone === '' ? text('') : { t: 'n', v: Number(row.phone) },
    text(row.anonymous ? '是' : '否'),
    timeCell(row.at, numberOf(row)),
    text(row.text),
    text(row.place),
    row.district === '' ? text('') : { t: 's', v: row.district, f: `TRIM(" ${row.district} ")` },
    text(row.category),
    text(row.kind),
  ])
  return bytesOf(workbook('工单', [header.map(text), ...lines]), 'xlsx')
}

/** The old binary format, with two title rows and the columns of another district's system. */
export function writeBiff8(title: string, rows: readonly Row[]): Uint8Array {
  const header = [
    '序号',
    '编号',
    '联系人',
    '手机号',
    '受理时间',
    '投诉内容',
    '地点',
    '类别',
    '性质',
    '处理结果',
  ]
  const lines = rows.map((row, index): readonly CellObject[] => [
    { t: 'n', v: index + 1 },
    ...[row.id, row.name, row.phone].map(text),
    timeCell(row.at, numberOf(row)),
    ...[row.text, row.place, row.category, row.kind, row.reply].map(text),
  ])
  const head = [[text(title)], [text(`共 ${rows.length} 件`)], header.map(text)]
  return bytesOf(workbook('Sheet1', [...head, ...lines]), 'biff8')
}

/** What many web systems call an Excel export: an HTML table, here in GBK that says it is gb2312. */
export function writeHtml(title: string, rows: readonly Row[]): Uint8Array {
  const header = [
    '工单流水号',
    '市民姓名',
    '联系方式',
    '反映内容',
    '登记时间',
    '行政区',
    '事项类型',
    '办理单位',
  ]
  const lines = rows.map((row) => [
    ...[
      row.id,
      row.name,
      row.phone,
      row.text,
      clerkTime(row.at, numberOf(row)),
      row.district,
      row.kind,
      row.department,
    ],
  ])
  const cells = (tag: string, values: readonly string[]) =>
    `<tr>${values.map((value) => `<${tag}>${escaped(value)}</${tag}>`).join('')}</tr>`
  const html = `<html xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><style>td{mso-number-format:"\\@"}</style></head>
<body><table border="1">
<tr><td colspan="${header.length}" align="center"><b>${escaped(title)}</b></td></tr>
${[cells('th', header), ...lines.map((line) => cells('td', line))].join('\n')}
</table></body></html>
`
  return iconv.encode(html, 'gbk')
}

/** A row exported again keeps its form, as it keeps its number. */
function numberOf({ id }: Row): number {
  return Number(/(\d{1,4})\D*$/.exec(id)?.[1] ?? 0)
}

/** `2025-03-02 08:05:09` as this or that clerk or system writes it. */
function clerkTime(at: string, index: number): string {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = at.split(/\D/).map(Number)
  const clock = `${hour}:${String(minute).padStart(2, '0')}`
  const forms = [
    at,
    `${year}/${month}/${day} ${clock}`,
    `${year}年${month}月${day}日 ${hour}时${minute}分`,
    at.replaceAll(/\D/g, ''),
    // Day and month cannot be told apart while the day is 12 or less.
    `${String(month).padStart(2, '0')}/${String(day).padStart(2, '0')}/${year} ${clock}`,
    `${year}-${month}-${day} ${hour < 12 ? '上午' : '下午'}${hour > 12 ? hour - 12 : hour}:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}`,
  ]
  return forms[index % forms.length] ?? at
}

/** A real date, a bare serial number, or text. Serials count days from 1899-12-30, in local time. */
function timeCell(at: string, index: number): CellObject {
  const serial = Date.parse(`${at.replace(' ', 'T')}Z`) / 86_400_000 + 25_569
  if (index % 3 === 0) return { t: 'n', v: serial, z: 'yyyy/m/d h:mm' }
  return index % 3 === 1 ? { t: 'n', v: Number(serial.toFixed(6)) } : text(clerkTime(at, index))
}

function text(value: string): CellObject {
  return { t: 's', v: value }
}

function workbook(sheetName: string, lines: readonly (readonly CellObject[])[]): WorkBook {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(lines.map((line) => [...line])), sheetName)
  return book
}

function bytesOf(book: WorkBook, bookType: 'xlsx' | 'biff8'): Uint8Array {
  const bytes = write(book, { bookType, type: 'buffer', bookSST: true, compression: true }) as Uint8Array
  return bytes
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
