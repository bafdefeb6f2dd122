import type { ErrorDetails } from '../../config/errors.ts'
import { columnKey, type HotlineField, isSumWord } from '../../config/hotline-columns.ts'
import { shownColumns } from '../../config/shown-columns.ts'
import { kindNamed, readKind } from '../kind.ts'
import { languageOf } from '../language.ts'
import type { ArchivedItem, NormalizeContext, Normalized, Normalizer, TicketDraft } from '../normalizer.ts'
import { problemOf, unreadable } from '../problem.ts'
import { beginning, cleanLine } from '../text.ts'
import type { TimeOptions } from '../time.ts'
import { configuredNames } from './columns.ts'
import { type Findings, lineOf, officialOf, placeOf, reporterOf, textOf, timeOf } from './facts.ts'
import { hintsOf } from './hints.ts'
import { type Row, readRow } from './row.ts'

/**
 * Makes a ticket of one row of a hotline export: a JSON object of header and cell, blank cells left out.
 * Columns are understood by the source's `columns` setting and the built-in names.
 */
export const hotline: Normalizer = { name: 'hotline', version: '2', normalize }

function normalize(item: ArchivedItem, context: NormalizeContext): Normalized {
  const problem = problemOf(item)
  if (problem) return problem
  const row = readRow(item, context.settings)
  if (row === null) return unreadable(item, 'the row is no JSON object')
  const sum = sumWordOf(row)
  if (sum !== null) return { outcome: 'skipped', policy: 'sum-row', detail: sum }
  const foot = footOf(row)
  if (foot !== null) return { outcome: 'skipped', policy: 'footer-row', detail: foot }
  const replaced = row.replaced.map((field) => `column-missing:${field}` as const)
  const findings: Findings = { fields: {}, notes: replaced }
  const title = lineOf(row, 'title', 'title', findings)
  const body = bodyOf(row, title, findings)
  if (body === null) return withoutText(item, row, context)
  const draft = draftOf(row, title, body, context, timeOptions(item, context), findings)
  return { outcome: 'ticket', draft, attachments: [], threadKeys: [], refersTo: [] }
}

/** What shows that a row sums up others: its first cell, or the second beside the group that it is a sum of. */
function sumWordOf(row: Row): string | null {
  const [first = null, second = null] = row.leading
  if (isSumWord(first)) return String(first).trim()
  return isSumWord(second) && row.first('id') === null ? String(second).trim() : null
}

/** What stands below a table: who made and checked it and when (制表人：小陈), or the number of the page. */
const foot =
  /^(?:(?:制表|填表|填报|编制|审核|审批|复核|校对|统计|汇总|打印|导出|录入|报送)(?:人|人员|员|单位|部门|科室|日期|时间)?[:：][^，。；！？,;!?]*$|第\d+页(?:[,，/]?共\d+页)?$)/
const longestFoot = 40
/** Of a text beside it, such as the name of who checked the table. */
const longestBeside = 10

function footOf(row: Row): string | null {
  const first = String(row.leading[0] ?? '').trim()
  return isFoot(first) && !mayBeReport(row, first) ? first : null
}

function isFoot(text: string): boolean {
  return text.length <= longestFoot && foot.test(text.replace(/\s+/g, ''))
}

/** Whether a row that begins like a foot has more of a report: a time, a phone or a text. */
function mayBeReport(row: Row, first: string): boolean {
  const has = (field: HotlineField, what: RegExp) => what.test(row.text(field) ?? '')
  const isText = (text: string | null) => text !== null && text.length > longestBeside && !isFoot(text)
  const texts = [row.text('title'), row.text('body')].filter((text) => text?.trim() !== first)
  const isTimed = (['submittedAt', 'receivedAt', 'occurredAt'] as const).some((field) => has(field, /\d/))
  return isTimed || has('phone', /\d{7}/) || texts.some(isText)
}

/** A report may have only a title; then that is all that the citizen said. */
function bodyOf(row: Row, title: string | null, findings: Findings): string | null {
  const body = textOf(row, 'body', 'body', findings)
  if (body !== null || title === null) return body
  const origin = findings.fields.title
  if (origin !== undefined) findings.fields.body = origin
  return title
}

function draftOf(
  row: Row,
  title: string | null,
  body: string,
  context: NormalizeContext,
  times: TimeOptions,
  findings: Findings,
): TicketDraft {
  const words = title === null || title === body ? body : `${title}\n${body}`
  noteChannel(row, findings)
  return {
    channel: context.channel,
    platform: context.platform,
    externalUrl: urlOf(row, findings),
    threadId: null,
    title,
    body,
    language: languageOf(body),
    reporter: reporterOf(row, words, (identity) => context.reporterKey(identity), findings),
    occurredAt: timeOf(row, 'occurredAt', 'occurredAt', times, findings),
    submittedAt: timeOf(row, 'submittedAt', 'submittedAt', times, findings),
    receivedAt: timeOf(row, 'receivedAt', 'receivedAt', times, findings),
    place: placeOf(row, words, context.homeDivision, findings),
    kind: kindOf(row, findings),
    ...hintsOf(row, findings),
    handling: null,
    official: officialOf(row, times, findings),
    fields: findings.fields,
    notes: findings.notes,
  }
}

/**
 * The kind that the first of its columns names which names any: 工单类型 is often 转办件. A category counts where it is
 * the kind's name and no more: 类别 may be 投诉, but 消费投诉 is what a report is about.
 */
function kindOf(row: Row, findings: Findings): TicketDraft['kind'] {
  const read = row.all('kind').map(({ cell, column }) => ({ column, ...readKind(cleanLine(String(cell))) }))
  const named = row.all('category').flatMap(({ cell, column }) => {
    const kind = kindNamed(cleanLine(String(cell)))
    return kind === null ? [] : [{ column, kind, note: null }]
  })
  const best = [...read, ...named].find(({ kind }) => kind !== 'other') ?? read[0]
  if (best === undefined) return 'other'
  findings.fields.kind = best.column.origin
  if (best.note !== null) findings.notes.push(best.note)
  return best.kind
}

/** How the report reached the hotline (电话, 网站): the ticket's channel stays the source's own. */
function noteChannel(row: Row, findings: Findings): void {
  const word = lineOf(row, 'channel', 'channel', findings)
  if (word !== null) findings.fields.channel = `${findings.fields.channel}: ${beginning(word, 40)}`
}

function urlOf(row: Row, findings: Findings): string | null {
  const text = row.text('url')?.trim() ?? ''
  const isWebAddress = /^https?:\/\//i.test(text) && URL.canParse(text)
  if (text !== '' && !isWebAddress) findings.notes.push('url-invalid')
  return isWebAddress ? lineOf(row, 'url', 'externalUrl', findings) : null
}

function timeOptions({ meta }: ArchivedItem, { timeZone, settings }: NormalizeContext): TimeOptions {
  const { dateOrder } = settings
  return {
    timeZone,
    dateOrder: dateOrder === 'mdy' || dateOrder === 'dmy' ? dateOrder : null,
    is1904: meta.dates === '1904',
  }
}

function withoutText(item: ArchivedItem, row: Row, { settings }: NormalizeContext): Normalized {
  const { file, row: number } = item.meta
  return {
    outcome: 'quarantined',
    code: 'ROW_NO_TEXT',
    details: { file: file ?? '?', row: number ?? '?', ...columnsText(row, settings) },
  }
}

/** The row's columns by their names, and a number for those that may be cells of an odd header. */
function columnsText(row: Row, settings: NormalizeContext['settings']): ErrorDetails {
  const configured = new Set(configuredNames(settings).map(columnKey))
  const { names, hidden } = shownColumns(row.headers, row.headers, (name) => configured.has(columnKey(name)))
  const columns = names.join(', ').slice(0, 300)
  if (hidden === 0) return { columns }
  return {
    columns,
    'columns.en': `${columns === '' ? '' : `${columns} and `}${hidden} not shown here`,
    'columns.zh': `${columns === '' ? '' : `${columns}，另有 `}${hidden} 列未在此显示`,
  }
}
