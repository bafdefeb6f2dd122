import type { HotlineField } from '../../config/hotline-columns.ts'
import type { Note } from '../notes.ts'
import { readPhone } from '../phone.ts'
import { type PlaceCells, readPlace } from '../place/place.ts'
import { identityOf, type NameReading, phoneBesideName, readEmail, readName } from '../reporter.ts'
import { asksForSecrecy } from '../secrecy.ts'
import { cleanLine, cleanText, foldWidth, matchText } from '../text.ts'
import type { Place, Reporter, Ticket } from '../ticket.ts'
import { joinTimes, readTime, type TimeOptions } from '../time.ts'
import { type Anonymity, readAnonymity } from './anonymity.ts'
import { readHtmlCell } from './html-cell.ts'
import type { Cell, Found, Row } from './row.ts'

/** What is collected beside the facts while a row is read. */
export interface Findings {
  /** Ticket field to where it came from. */
  readonly fields: Record<string, string>
  readonly notes: Note[]
}

/**
 * The first time among a field's columns that can be read, a date and a time of day in two of them joined; a note
 * says why none could.
 */
export function timeOf(
  row: Row,
  field: HotlineField,
  target: string,
  options: TimeOptions,
  findings: Findings,
): string | null {
  const read = row.all(field).map((found) => ({ ...found, reading: readTime(found.cell, options) }))
  const dated = read.find(({ reading }) => reading.value !== null)
  if (dated === undefined) {
    const [doubt] = read.flatMap(({ reading }) => reading.note ?? [])
    if (doubt !== undefined) findings.notes.push(`${doubt}:${target}`)
    return null
  }
  const clock = read.find(({ reading }) => reading.note === 'no-date')
  const joined = clock === undefined ? null : joinTimes(dated.reading, clock.cell, options)
  const { value, note } = joined ?? dated.reading
  const isJoined = joined !== null && clock !== undefined
  findings.fields[target] = isJoined ? `${dated.column.origin}, ${clock.column.origin}` : dated.column.origin
  if (note !== null) findings.notes.push(`${note}:${target}`)
  return value
}

/** A field's first cell on one line. */
export function lineOf(row: Row, field: HotlineField, target: string, findings: Findings): string | null {
  return cleanLine(linesOf(row, field, target, findings) ?? '')
}

/** A field's first cell, on as many lines as it has. */
export function linesOf(row: Row, field: HotlineField, target: string, findings: Findings): string | null {
  const found = row.first(field)
  const text = found === null ? '' : cleanText(wordsOf(found.cell, target, findings))
  if (found === null || text === '') return null
  findings.fields[target] = found.column.origin
  return text
}

/**
 * All of a field's cells as text of several lines, best column first. What a cell merely repeats of another
 * is left out.
 */
export function textOf(row: Row, field: HotlineField, target: string, findings: Findings): string | null {
  const texts: string[] = []
  const said: string[] = []
  const origins: string[] = []
  const cells = row.all(field)
  for (const { cell, column } of cells) {
    const text = cleanText(wordsOf(cell, target, findings))
    const folded = cells.length > 1 ? matchText(text) : ''
    if (text === '' || said.some((earlier) => earlier.includes(folded))) continue
    said.push(folded)
    texts.push(text)
    origins.push(column.origin)
  }
  if (texts.length === 0) return null
  findings.fields[target] = origins.join(', ')
  return texts.join('\n\n')
}

/** What a cell says to a reader. */
function wordsOf(cell: Cell, target: string, findings: Findings): string {
  const text = unescapeCell(String(cell))
  const read = readHtmlCell(text)
  const note: Note = `html-read:${target}`
  if (read !== null && !findings.notes.includes(note)) findings.notes.push(note)
  return read ?? text
}

/**
 * Some exporters leave the escapes of the XLSX format (ECMA-376 Part 1, 22.9.2.19) in the text; mysql, PostgreSQL and
 * pandas write `\n` for a line end. Before a letter or behind another backslash it may be part of a path.
 */
function unescapeCell(text: string): string {
  const told = text.includes('_x000')
    ? text.replace(/_x000D_\n?|_x000A_/gi, '\n').replace(/_x0009_/g, '\t')
    : text
  if (!told.includes('\\')) return told
  return told.replace(/(?<!\\)(?:\\r)?\\n(?![A-Za-z_])/g, '\n').replace(/(?<!\\)\\t(?![A-Za-z_])/g, '\t')
}

/** Who reported, with the key by which the same person is known again. */
export function reporterOf(
  row: Row,
  words: string,
  keyOf: (identity: string) => string,
  findings: Findings,
): Reporter {
  const flags = row
    .all('anonymous')
    .map(({ cell, column }) => ({ column, ...readAnonymity(cell, column.header) }))
  const { phone, raw: phoneRaw } = phoneOf(row, findings)
  const email = emailOf(row, findings)
  const wechatId = wechatOf(row)
  const identity = identityOf({ phone, email, wechatId })
  const named = readName(row.text('reporterName'))
  const misplaced = named.name === null ? flags.find((flag) => flag.name !== null) : undefined
  const { name, kind } = misplaced === undefined ? named : readName(misplaced.name)
  const origin = misplaced ?? row.first('reporterName')
  if (name !== null && origin !== null) findings.fields['reporter.name'] = origin.column.origin
  const anonymous = isAnonymous(row, named, words, flags, findings)
  if (wechatId !== null) note(row, 'wechatId', 'reporter.wechatId', findings)
  const key = identity === null ? null : keyOf(identity)
  return { kind, anonymous, name, phone, phoneRaw, email, wechatId, key }
}

/** A request in words outranks a column that says otherwise: a name once published stays so. */
function isAnonymous(
  row: Row,
  named: NameReading,
  words: string,
  flags: readonly (Anonymity & Pick<Found, 'column'>)[],
  findings: Findings,
): boolean {
  const target = 'reporter.anonymous'
  if (named.isAnonymous || asksForSecrecy(words)) {
    note(row, named.isAnonymous ? 'reporterName' : 'body', target, findings)
    return true
  }
  const flag = flags.find((one) => one.isAnonymous) ?? flags[0]
  if (flag !== undefined) findings.fields[target] = flag.column.origin
  return flag?.isAnonymous === true
}

/** The first phone that can be dialled, else one beside the name; else the first cell as it stands, with the reason. */
function phoneOf(
  row: Row,
  findings: Findings,
): { readonly phone: string | null; readonly raw: string | null } {
  const cells = row.all('phone').map(({ cell, column }) => ({ column, ...readPhone(String(cell)) }))
  const named = row.all('reporterName').flatMap(({ cell, column }) => {
    const beside = phoneBesideName(String(cell))
    return beside === null ? [] : [{ column, ...readPhone(beside) }]
  })
  const best = [...cells, ...named].find(({ phone }) => phone !== null) ?? cells[0]
  if (!best) return { phone: null, raw: null }
  findings.fields['reporter.phone'] = best.column.origin
  if (best.note !== null) findings.notes.push(best.note)
  return best
}

/** What stands beside an address: a name, brackets, another address. */
const besideAddress = /[<>(),;:"、|/\p{Script=Han}]+/u

/** The first e-mail address, also one in a column for phones: 联系方式 may be either. */
function emailOf(row: Row, findings: Findings): string | null {
  for (const { cell, column } of [...row.all('email'), ...row.all('phone')]) {
    const text = foldWidth(String(cell))
    if (!text.includes('@')) continue
    const parts = text.split(besideAddress)
    const [email, ...others] = new Set(parts.flatMap((part) => readEmail(part) ?? []))
    if (email === undefined) continue
    findings.fields['reporter.email'] = column.origin
    if (others.length > 0) findings.notes.push('email-several')
    return email
  }
  return null
}

function wechatOf(row: Row): string | null {
  const id = foldWidth(row.text('wechatId') ?? '').trim()
  return /^[\w-]{4,64}$/.test(id) ? id : null
}

/** Where the report is about, from the columns, else from its words. */
export function placeOf(row: Row, words: string, home: string | null, findings: Findings): Place {
  const cells: PlaceCells = {
    place: row.text('place'),
    province: row.text('province'),
    city: row.text('city'),
    district: row.text('district'),
    street: row.text('street'),
    lat: numberOf(row, 'lat'),
    lon: numberOf(row, 'lon'),
  }
  const { place, notes } = readPlace(cells, words, home)
  findings.notes.push(...notes)
  for (const field of ['place', 'province', 'city', 'district', 'street', 'lat', 'lon'] as const) {
    if (cells[field] !== null) note(row, field, field === 'place' ? 'place' : `place.${field}`, findings)
  }
  return place
}

/** What an officer has answered so far; null where the export says nothing of it. */
export function officialOf(row: Row, options: TimeOptions, findings: Findings): Ticket['official'] {
  const status = lineOf(row, 'status', 'official.status', findings)
  const reply = textOf(row, 'reply', 'official.reply', findings)
  const repliedAt = timeOf(row, 'repliedAt', 'official.repliedAt', options, findings)
  const department = lineOf(row, 'department', 'official.department', findings)
  const isEmpty = status === null && reply === null && repliedAt === null && department === null
  return isEmpty ? null : { status, reply, repliedAt, department }
}

function numberOf(row: Row, field: 'lat' | 'lon'): string | number | null {
  const cell = row.first(field)?.cell ?? null
  return typeof cell === 'boolean' ? null : cell
}

function note(row: Row, field: HotlineField, target: string, findings: Findings): void {
  const found = row.first(field)
  if (found !== null) findings.fields[target] = found.column.origin
}
