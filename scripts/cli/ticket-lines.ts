import type { Ticket } from '../../normalizers/ticket.ts'
import type { Cli } from './cli.ts'
import { evidenceField, originText } from './known-words.ts'
import { maskDigits, maskEmail, maskName, shownPhone } from './masking.ts'
import type { MessageKey } from './messages.ts'
import { noteText } from './note-text.ts'
import { reasonText } from './reason-text.ts'
import { cut, oneLine } from './text-table.ts'

export interface TicketLinesOptions {
  /** Names, phones and addresses as they are, not masked. */
  readonly full: boolean
  /** Also where each field came from, and what was doubtful. */
  readonly provenance: boolean
}

const shownBody = 400

/** A ticket for people to read, one field per line; fields without a value are left out. */
export function ticketLines(
  ticket: Ticket,
  cli: Cli,
  { full, provenance }: TicketLinesOptions,
): readonly string[] {
  const { reporter, place, dedupe } = ticket
  const person = [
    full ? reporter.name : maskName(reporter.name),
    shownPhone(reporter, full),
    full ? reporter.email : maskEmail(reporter.email),
    full ? reporter.wechatId : maskName(reporter.wechatId),
    reporter.anonymous ? cli.say('notToBeNamed') : null,
  ]
  const shown = (text: string) => (full ? text : maskDigits(text))
  const division = [place.province, place.city, place.district, place.street, place.code]
  const fields: readonly (readonly [MessageKey, string | null])[] = [
    ['ticket', `${ticket.id} r${ticket.revision}`],
    [
      'source',
      `${cli.say('inBrackets', { text: ticket.sourceId, inside: cli.say(`channel_${ticket.channel}`) })} ${ticket.externalId}`,
    ],
    ['kind', cli.say(`kind_${ticket.kind}`)],
    ['submitted', ticket.submittedAt],
    ['received', ticket.receivedAt],
    ['reporter', person.filter(Boolean).join(' ') || null],
    ['place', [place.text, division.filter(Boolean).join(' ')].filter(Boolean).join(' | ') || null],
    ['title', ticket.title === null ? null : shown(ticket.title)],
    ['body', full ? ticket.body : maskDigits(cut(ticket.body, shownBody))],
    [
      'attachments',
      ticket.attachments
        .map(({ name, mediaType, bytes }) =>
          cli.say('inBrackets', { text: name ?? '-', inside: `${mediaType}, ${bytes} B` }),
        )
        .join(cli.say('semicolon')),
    ],
    ['followUps', ticket.followUps.length === 0 ? null : String(ticket.followUps.length)],
    [
      'dedupe',
      `${cli.say(`verdict_${dedupe.verdict}`)}${dedupe.masterId === null ? '' : ` ${dedupe.masterId}`} ${shown(reasonText(dedupe.reasons, cli.locale))}`,
    ],
    ...linkFields(dedupe, full, cli),
    [
      'reports',
      cli.say('reportCounts', {
        reports: dedupe.reports,
        reporters: dedupe.reporters,
        channels: dedupe.channels.map((channel) => cli.say(`channel_${channel}`)).join(cli.say('comma')),
      }),
    ],
  ]
  const lines = fields.flatMap(([key, value]) =>
    value ? [`  ${cli.say('field', { name: cli.say(key), value: oneLine(value) })}`.trimEnd()] : [],
  )
  return provenance ? [...lines, ...provenanceLines(ticket, cli)] : lines
}

/** What a link rests on, what a person might want to link, and what was linked before. */
function linkFields(
  dedupe: Ticket['dedupe'],
  full: boolean,
  cli: Cli,
): readonly (readonly [MessageKey, string | null])[] {
  const { score, fields, terms, algorithm, incidentId, incident, suggestion, recurrenceOf, history } = dedupe
  const shown = (text: string) => (full ? text : maskDigits(text))
  const named = fields.map((field) => evidenceField(field, cli.locale))
  const evidence = {
    fields: named.join(cli.say('comma')),
    terms: shown(terms.join(cli.say('comma'))),
    algorithm,
  }
  const about = incident && {
    ...{ label: shown(incident.label), reports: incident.reports, reporters: incident.reporters },
    ...{ first: incident.firstAt, last: incident.lastAt },
  }
  return [
    ['evidence', score === null ? null : cli.say('evidenceText', { score: score.toFixed(2), ...evidence })],
    [
      'incident',
      incidentId === null ? null : `${incidentId} ${about === null ? '' : cli.say('incidentText', about)}`,
    ],
    [
      'suggestion',
      suggestion &&
        `${cli.say(`verdict_${suggestion.verdict}`)} ${suggestion.ticketId} ${suggestion.score.toFixed(2)} ${shown(reasonText(suggestion.reasons, cli.locale))}`,
    ],
    ['recurrenceOf', recurrenceOf],
    [
      'linkHistory',
      history
        .map(({ at, by, event, masterId, incidentId: joined }) =>
          [at, cli.say(`by_${by}`), cli.say(`link_${event}`), masterId, joined].filter(Boolean).join(' '),
        )
        .join(cli.say('semicolon')),
    ],
    ['candidatesCut', dedupe.cut ? cli.say('candidatesCutText') : null],
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
