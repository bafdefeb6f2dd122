import type { Ticket } from '../../normalizers/ticket.ts'
import type { Cli } from './cli.ts'
import { evidenceField, originText } from './known-words.ts'
import { maskDigits, maskEmail, maskName, shownPhone } from './masking.ts'
import type { MessageKey } from './messages.ts'
import { noteText } from './note-text.ts'
import { reasonText, scoreText } from './reason-text.ts'
import { cut, oneLine } from './text-table.ts'

export interface TicketLinesOptions {
  /** Names, phones and addresses as they are, not masked. */
  readonly full: boolean
  /** Also where each field came from, and what was doubtful. */
  readonly provenance: boolean
}

const shownBody = 400

type Field = readonly [MessageKey, string | null]

/** A ticket for people to read, one field per line; fields without a value are left out. */
export function ticketLines(
  ticket: Ticket,
  cli: Cli,
  { full, provenance }: TicketLinesOptions,
): readonly string[] {
  const shown = (text: string) => (full ? text : maskDigits(text))
  const channel = cli.say(`channel_${ticket.channel}`)
  const fields: readonly Field[] = [
    ['ticket', `${ticket.id} r${ticket.revision}`],
    ['source', `${cli.say('inBrackets', { text: ticket.sourceId, inside: channel })} ${ticket.externalId}`],
    ['kind', cli.say(`kind_${ticket.kind}`)],
    ['submitted', ticket.submittedAt],
    ['received', ticket.receivedAt],
    ['reporter', reporterText(ticket.reporter, full, cli)],
    ['place', placeText(ticket.place)],
    ['title', shown(ticket.title ?? '')],
    ['body', full ? ticket.body : maskDigits(cut(ticket.body, shownBody))],
    ['attachments', attachmentsText(ticket, cli)],
    ['followUps', ticket.followUps.length === 0 ? null : String(ticket.followUps.length)],
    ...dedupeFields(ticket.dedupe, full, cli),
  ]
  const lines = fields.flatMap(([key, value]) =>
    value ? [`  ${cli.say('field', { name: cli.say(key), value: oneLine(value) })}`.trimEnd()] : [],
  )
  return provenance ? [...lines, ...provenanceLines(ticket, cli)] : lines
}

function reporterText(reporter: Ticket['reporter'], full: boolean, cli: Cli): string {
  const { name, email, wechatId } = reporter
  return joined(' ', [
    full ? name : maskName(name),
    shownPhone(reporter, full),
    full ? email : maskEmail(email),
    full ? wechatId : maskName(wechatId),
    reporter.anonymous ? cli.say('notToBeNamed') : null,
  ])
}

function placeText({ text, province, city, district, street, code }: Ticket['place']): string {
  return joined(' | ', [text, joined(' ', [province, city, district, street, code])])
}

function attachmentsText({ attachments }: Ticket, cli: Cli): string {
  const texts = attachments.map(({ name, mediaType, bytes }) =>
    cli.say('inBrackets', { text: name ?? '-', inside: `${mediaType}, ${bytes} B` }),
  )
  return texts.join(cli.say('semicolon'))
}

function joined(separator: string, parts: readonly (string | null)[]): string {
  return parts.filter(Boolean).join(separator)
}

type Dedupe = Ticket['dedupe']
type Found = NonNullable<Dedupe['recurrence']>
type Evidence = Pick<Found, 'score' | 'fields' | 'terms'>

/** The verdict, what it rests on, what a person might want to link, what was linked before, and the counts. */
function dedupeFields(dedupe: Dedupe, full: boolean, cli: Cli): readonly Field[] {
  const { score, incidentId, incident, suggestion, recurrence } = dedupe
  const shown = (text: string) => (full ? text : maskDigits(text))
  const list = (texts: readonly string[]) => texts.join(cli.say('comma'))
  const reasons = (texts: readonly string[]) => shown(reasonText(texts, cli.locale))
  const evidence = ({ score, fields, terms }: Evidence) =>
    cli.say('evidenceText', {
      score: scoreText(score),
      fields: list(fields.map((field) => evidenceField(field, cli.locale))) || '-',
      terms: shown(list(terms)) || '-',
      algorithm: dedupe.algorithm,
    })
  const found = (one: Found) =>
    joined(cli.say('semicolon'), [`${one.ticketId} ${reasons(one.reasons)}`, evidence(one)])
  const about = incident && {
    ...{ label: shown(incident.label), reports: incident.reports, reporters: incident.reporters },
    ...{ first: incident.firstAt, last: incident.lastAt },
  }
  const history = dedupe.history.map(({ at, by, event, masterId, incidentId }) =>
    joined(' ', [at, cli.say(`by_${by}`), cli.say(`link_${event}`), masterId, incidentId]),
  )
  const counts = {
    reports: dedupe.reports,
    reporters: dedupe.reporters,
    channels: list(dedupe.channels.map((channel) => cli.say(`channel_${channel}`))),
  }
  return [
    ['dedupe', joined(' ', [cli.say(`verdict_${dedupe.verdict}`), dedupe.masterId, reasons(dedupe.reasons)])],
    ['evidence', score === null ? null : evidence({ ...dedupe, score })],
    ['incident', incidentId && joined(' ', [incidentId, about && cli.say('incidentText', about)])],
    ['suggestion', suggestion && `${cli.say(`verdict_${suggestion.verdict}`)} ${found(suggestion)}`],
    ['recurrenceOf', recurrence && found(recurrence)],
    ['linkHistory', history.join(cli.say('semicolon'))],
    ['candidatesCut', dedupe.cut ? cli.say('candidatesCutText') : null],
    ['reports', cli.say('reportCounts', counts)],
  ]
}

function provenanceLines({ provenance, followUps }: Ticket, cli: Cli): readonly string[] {
  const fields = Object.entries(provenance.fields).map(
    ([field, origin]) => `    ${field} ← ${oneLine(originText(origin, cli.locale))}`,
  )
  return [
    `  ${cli.say('madeBy', { connector: provenance.connector, normalizer: provenance.normalizer })}`,
    ...fields,
    ...noteLines(null, provenance.notes, cli),
    ...followUps.flatMap(({ rawId, notes }) => noteLines(rawId, notes ?? [], cli)),
  ]
}

function noteLines(rawId: string | null, notes: readonly string[], cli: Cli): readonly string[] {
  if (notes.length === 0) return []
  const head = cli.say(rawId === null ? 'notes' : 'notesOf', { item: rawId ?? '' })
  return [`  ${head}`, ...notes.map((note) => `    ${oneLine(noteText(note, cli.locale))}`)]
}
