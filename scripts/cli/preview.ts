import type { Preview } from '../../pipeline/preview.ts'
import type { Cli } from './cli.ts'
import { ticketLines } from './ticket-lines.ts'

/** What a dry run says of one item: the ticket with where each field came from, or why there is none. */
export function previewLines({ item, reading }: Preview, cli: Cli): readonly string[] {
  const head = `── ${item.meta.file ?? ''}${item.meta.row === undefined ? '' : ` #${item.meta.row}`} ${item.externalId}`
  if (reading.outcome === 'ticket') {
    return [head, ...ticketLines(reading.ticket, cli, { full: true, provenance: true })]
  }
  if (reading.outcome === 'skipped')
    return [head, cli.say('wouldSkip', { policy: reading.policy, detail: reading.detail })]
  const error = reading.outcome === 'failed' ? reading.error : reading
  const text = cli.describe(error)
  return [head, cli.say(reading.outcome === 'failed' ? 'wouldFail' : 'wouldQuarantine', { text })]
}

/** The same for programs. */
export function previewJson({ item, reading }: Preview, cli: Cli): object {
  const { externalId, mediaType, meta } = item
  const about = { externalId, mediaType, meta, outcome: reading.outcome }
  if (reading.outcome === 'ticket') return { ...about, ticket: reading.ticket }
  if (reading.outcome === 'skipped') return { ...about, policy: reading.policy, detail: reading.detail }
  const { code, details } = reading.outcome === 'failed' ? reading.error : reading
  return { ...about, code, details, message: cli.describe({ code, details }) }
}
