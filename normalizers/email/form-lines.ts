import { foldWidth } from '../text.ts'
import { isContent, isPersonal, isSpeech, section } from './form-labels.ts'
import { fieldLines } from './senders.ts'

/** A field of a form as it was mailed. */
export interface Field {
  readonly label: string
  readonly value: string
}

/** A line that is no field has no label. */
export type Line = Field | { readonly label: null; readonly value: string }

const maxLabel = 12
/** Lists begin their lines with these. */
const bullet = /^(?:[-*•·●○◆◇■□▪►▶]+|\d{1,2}[.、)])\s*/
/** Labels of two characters that forms set as wide as those of four: 姓　　名. */
const spaced =
  /(?<![\u4e00-\u9fff])([姓电手邮内标主称地])[ \t]{1,8}([名话机箱容题呼址])(?=\s{0,4}(?:[:|\t]|$))/gm

/** The lines of a form, blank ones left out, with its fields taken apart. */
export function readLines(text: string): readonly Line[] {
  const lines = foldWidth(text)
    .split('\n')
    .map((line) => line.trim().replace(bullet, ''))
    .filter((line) => line !== '')
    .map((line) => line.replace(spaced, '$1$2'))
    .flatMap(wholeFields)
  const labelled = withoutHeadings(lines).map((line) => (isLabelAlone(line) ? `${line}:` : line))
  return fieldLines(labelled.join('\n')).flatMap(fieldsOf)
}

/** Cells that have the label and its value in them: 姓名：张伟 | 电话：13800138000. */
function wholeFields(line: string): readonly string[] {
  const cells = cellsOf(line)
  return cells.every((cell) => /^[^\s:]{1,12} ?:\s*\S/.test(cell)) ? cells : [line]
}

/** A label above its value. 建议 and 意见 may be values: what kind of letter it is. */
function isLabelAlone(line: string): boolean {
  return (
    (line.length <= maxLabel && isPersonal(line)) ||
    section.test(line) ||
    /^[\u4e00-\u9fff]{0,4}(?:内容|描述|正文)$/.test(line)
  )
}

const cellsOf = (line: string): readonly string[] => line.split(/[|\t]/).map((cell) => cell.trim())

/** Tables of one heading and one row of values as a field on each line. */
function withoutHeadings(lines: readonly string[]): readonly string[] {
  const read: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const labels = cellsOf(lines[at] ?? '')
    const values = isHeading(labels) ? valuesBelow(labels, lines, at + 1) : null
    if (values === null) {
      read.push(lines[at] ?? '')
      continue
    }
    read.push(...values.map((value, cell) => `${labels[cell]}:${value}`))
    const isRow = values.length === labels.length
    if (!isRow) read.push(`${labels[values.length]}:`)
    at += isRow ? 1 : values.length
  }
  return read
}

/** Whether labels stand where the values would in a row of label and value. */
function isHeading(cells: readonly string[]): boolean {
  const second = cells.filter((_, cell) => cell % 2 === 1)
  if (!cells.every(isShortCell) || second.length === 0) return false
  return second.some(isPersonal) || (isPersonal(cells[0] ?? '') && second.some(isSpeech))
}

function isShortCell(cell: string): boolean {
  return cell !== '' && cell.length <= maxLabel && !cell.includes(':')
}

/** The values of a row. One with a long text has its cells below each other; there the content ends what can be told. */
function valuesBelow(
  labels: readonly string[],
  lines: readonly string[],
  at: number,
): readonly string[] | null {
  const cells = cellsOf(lines[at] ?? '')
  if (cells.length === labels.length) return cells
  const last = labels.findIndex((label) => isContent(label))
  const below = lines.slice(at, at + last)
  return last > 0 && below.every((line) => !/[|:]/.test(line)) ? below : null
}

/** Where a field begins on a line: 姓名：张伟 电话：13800138000. */
const start = /(?<=^|[\s,;:])([\p{Script=Han}a-z][^\s:,;|。!?]{0,19}) ?:/giu

/** The fields of a line. What is said behind a heading or the content is all of it. */
function fieldsOf(line: string): readonly Line[] {
  const starts = [...line.matchAll(start)]
  if (starts[0]?.index !== 0) return [{ label: null, value: line }]
  const fields: Field[] = []
  for (const [at, { 0: matched, 1: label = '', index }] of starts.entries()) {
    const end = isSpeech(label) ? line.length : (starts[at + 1]?.index ?? line.length)
    fields.push({
      label,
      value: line.slice(index + matched.length, end).replace(/^[\s,;]{1,20}|[\s,;]{1,20}$/g, ''),
    })
    if (isSpeech(label)) break
  }
  return fields
}
