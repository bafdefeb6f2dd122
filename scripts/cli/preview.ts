import { describeError } from '../../config/errors.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import type { Preview } from '../../pipeline/app.ts'
import type { Cli } from './cli.ts'
import { ticketLines } from './ticket-lines.ts'

/** What a dry run says of one item: the ticket with where each field came from, or why there is none. */
export function previewLines({ item, reading }: Preview, cli: Cli): readonly string[] {
  const head = `── ${item.meta.file ?? ''}${item.meta.row === undefined ? '' : ` #${item.meta.row}`} ${item.externalId}`
  if (reading.outcome === 'ticket') {
    const unmapped = unmappedColumns(item.meta.columns, reading.ticket)
    const rest = unmapped.length === 0 ? [] : [cli.say('unmapped', { columns: unmapped.join(', ') })]
    return [head, ...ticketLines(reading.ticket, cli, { full: true, provenance: true }), ...rest]
  }
  if (reading.outcome === 'skipped')
    return [head, cli.say('wouldSkip', { policy: reading.policy, detail: reading.detail })]
  const error = reading.outcome === 'failed' ? reading.error : reading
  const text = describeError(error.code, error.details, cli.locale)
  return [head, cli.say(reading.outcome === 'failed' ? 'wouldFail' : 'wouldQuarantine', { text })]
}

/** The same for programs. */
export function previewJson({ item, reading }: Preview, cli: Cli): object {
  const { externalId, mediaType, meta } = item
  const about = { externalId, mediaType, meta, outcome: reading.outcome }
  if (reading.outcome === 'ticket') {
    return { ...about, ticket: reading.ticket, unmapped: unmappedColumns(meta.columns, reading.ticket) }
  }
  if (reading.outcome === 'skipped') return { ...about, policy: reading.policy, detail: reading.detail }
  const { code, details } = reading.outcome === 'failed' ? reading.error : reading
  return { ...about, code, details, message: describeError(code, details, cli.locale) }
}

/** Columns of the file that no field of the ticket was taken from. */
function unmappedColumns(columns: string | undefined, ticket: Ticket): readonly string[] {
  if (columns === undefined) return []
  const names: unknown = JSON.parse(columns)
  const origins = Object.values(ticket.provenance.fields)
  if (!Array.isArray(names)) return []
  return names.map(String).filter((name) => name !== '' && !origins.some((origin) => origin.includes(name)))
}
