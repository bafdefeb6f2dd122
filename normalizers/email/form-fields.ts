import { readPhone } from '../phone.ts'
import { readEmail, readName } from '../reporter.ts'
import { endsWithComplaint } from './complained-of.ts'
import {
  bareLabel,
  emails,
  isContent,
  isKnown,
  isPersonal,
  isSpeech,
  names,
  otherPerson,
  others,
  phones,
  writers,
} from './form-labels.ts'
import { type Field, type Line, readLines } from './form-lines.ts'
import { endsWithOther } from './phone-owner.ts'
import { isOffice, isProgram } from './senders.ts'

/** What a web form says of who filled it in. */
export interface FormFields {
  readonly name: string | null
  readonly phone: { readonly phone: string; readonly raw: string } | null
  readonly email: string | null
}

/** Forms put the fields above the content or below it; more of the text is not looked at. */
const maxHead = 10_000
const maxTail = 2000
/** Lines above the first field of a form: 您收到一封新的来信. A letter has more. */
const maxPreamble = 3
const maxFooter = 3
/** What is longer is a sentence, and no rest of an address. */
const maxHeading = 20
const maxName = 20

const footer = /系统|自动|请勿|来自|提交|时间|日期|IP|https?:/i

/**
 * Reads the fields of a web form in the text that it was mailed as: one or several on a line, in a list or a table. Only
 * those of whom the form is from, and none that stands in the content. Nulls where the text is no form.
 */
export function readForm(body: string): FormFields {
  const above = fieldsAbove(readLines(body.slice(0, maxHead)))
  if (above.some(({ label }) => isPersonal(label))) return above.length > 1 ? fromFields(above) : nothing
  const hasContent = above.some(({ label }) => isContent(label))
  return fromFields(hasContent ? fieldsBelow(readLines(body.slice(-maxTail))) : [])
}

const nothing: FormFields = { name: null, phone: null, email: null }

/** The fields that a form begins with, as far as the content. */
function fieldsAbove(lines: readonly Line[]): readonly Field[] {
  const found: Field[] = []
  const preamble: string[] = []
  let isForm = false
  for (const line of lines) {
    if (line.label === null) {
      if (isForm && isSentence(line.value)) break
      if (!isForm && preamble.push(line.value) > maxPreamble) break
      continue
    }
    if (!isForm && isPersonal(line.label)) {
      if (namesOther(preamble.at(-1) ?? '')) break
      isForm = true
    }
    if (isKnown(line.label)) found.push(line)
    if (isContent(line.label)) break
  }
  return found
}

/** Whether the fields below a line may be those of whom it complains. */
function namesOther(line: string): boolean {
  return endsWithOther.test(line) || endsWithComplaint(line)
}

/** The fields that a form ends with, where none of its content can be meant. */
function fieldsBelow(lines: readonly Line[]): readonly Field[] {
  let end = lines.length
  while (end > 0 && lines.length - end < maxFooter && isFooter(lines[end - 1])) end -= 1
  let from = end
  while (from > 0 && isShortField(lines[from - 1])) from -= 1
  const above = lines[from - 1]?.value ?? ''
  if (/(?::|如下)$/.test(above) || namesOther(above)) return []
  return lines.slice(from, end).filter((line) => line.label !== null)
}

function isFooter(line: Line | undefined): boolean {
  return line !== undefined && (line.label === null || !isPersonal(line.label)) && footer.test(textOf(line))
}

function isShortField(line: Line | undefined): boolean {
  return line !== undefined && line.label !== null && !isSpeech(line.label) && !isSentence(line.value)
}

function textOf({ label, value }: Line): string {
  return `${label ?? ''}:${value}`
}

function isSentence(text: string): boolean {
  return text.length > maxHeading && /[。!?;,]/.test(text)
}

/** The best of each kind, by the order of their labels, that can be read. Those below somebody else's name are his. */
function fromFields(fields: readonly Field[]): FormFields {
  const own: Field[] = []
  let whose: 'writer' | 'unit' | 'person' = 'writer'
  for (const field of fields) {
    const label = bareLabel(field.label)
    if (others.test(label)) whose = otherPerson.test(label) ? 'person' : 'unit'
    else if (writers.test(field.label) || (whose === 'unit' && label === '姓名')) whose = 'writer'
    if (whose === 'writer' && !others.test(label)) own.push({ label, value: field.value })
  }
  const named = valuesOf(own, names).find((value) => {
    const { name, isAnonymous } = readName(value)
    return value.length <= maxName && (name === null ? isAnonymous : !/\d/.test(name))
  })
  const [phone = null] = valuesOf(own, phones).flatMap((raw) => {
    const read = readPhone(raw).phone
    return read?.startsWith('+') ? [{ phone: read, raw }] : []
  })
  const [email = null] = valuesOf(own, emails).flatMap((value) => {
    const address = readEmail(value)
    const person = { name: null, address }
    return address === null || isOffice(person) || isProgram(person) ? [] : [address]
  })
  return { name: named ?? null, phone, email }
}

function valuesOf(fields: readonly Field[], labels: readonly string[]): readonly string[] {
  return labels.flatMap((each) => fields.flatMap(({ label, value }) => (label === each ? value : [])))
}
