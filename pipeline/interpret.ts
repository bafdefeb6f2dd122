import { toYiwangError, YiwangError } from '../config/errors.ts'
import type {
  ArchivedItem,
  AttachmentContent,
  NormalizeContext,
  Normalized,
  Normalizer,
} from '../normalizers/normalizer.ts'
import { checkOf } from '../normalizers/schema-check.ts'
import { type AttachmentRef, Ticket } from '../normalizers/ticket.ts'
import type { BlobStore } from './stores/store.ts'
import { ticketOf, undecided } from './ticket-of.ts'

/** How the items of one source are interpreted. */
export interface Interpreter {
  readonly normalizer: Normalizer
  readonly context: NormalizeContext
  /** Connector kind and version, for a ticket's provenance. */
  readonly connector: string
}

const isTicket = checkOf(Ticket)

type TicketResult = Extract<Normalized, { outcome: 'ticket' }>

/** An item that makes a ticket: as revision 1, with nothing decided about duplicates yet. */
export interface TicketReading<Archived extends ArchivedItem> {
  readonly item: Archived
  readonly outcome: 'ticket'
  readonly ticket: Ticket
  readonly threadKeys: readonly string[]
  readonly refersTo: readonly string[]
}

/** An item and what became of it when it was interpreted. */
export type Reading<Archived extends ArchivedItem> =
  | TicketReading<Archived>
  | ({ readonly item: Archived } & Exclude<Normalized, TicketResult>)
  /** Unexpected or passing trouble: the item waits and is tried again. */
  | { readonly item: Archived; readonly outcome: 'failed'; readonly error: YiwangError }

/**
 * Interprets one item and brings its attachments into the blob store.
 * Never rejects: trouble with one item is an answer about that item and stops no other.
 */
export async function interpret<Archived extends ArchivedItem>(
  item: Archived,
  interpreters: ReadonlyMap<string, Interpreter>,
  blobs: Pick<BlobStore, 'put'>,
): Promise<Reading<Archived>> {
  const interpreter = interpreters.get(item.sourceId)
  if (interpreter === undefined)
    return { item, outcome: 'quarantined', code: 'SOURCE_REMOVED', details: { source: item.sourceId } }
  try {
    const answer = interpreter.normalizer.normalize(item, interpreter.context)
    const result = answer instanceof Promise ? await answer : answer
    if (result.outcome !== 'ticket') return { item, ...result }
    const attachments =
      result.attachments.length === 0 ? [] : await keepAttachments(result.attachments, blobs)
    const ticket = checked(makeTicket(item, result, attachments, interpreter))
    return { item, outcome: 'ticket', ticket, threadKeys: result.threadKeys, refersTo: result.refersTo }
  } catch (thrown) {
    return { item, outcome: 'failed', error: toYiwangError(thrown) }
  }
}

function makeTicket(
  item: ArchivedItem,
  { draft }: TicketResult,
  attachments: readonly AttachmentRef[],
  { connector, normalizer }: Interpreter,
): Ticket {
  return ticketOf({
    item,
    draft,
    attachments,
    dedupe: undecided(draft),
    connector,
    normalizer: `${normalizer.name}/${normalizer.version}`,
  })
}

/** Downstream relies on the schema, so nothing that breaks it goes further than here. */
function checked(ticket: Ticket): Ticket {
  if (isTicket(ticket)) return ticket
  const result = Ticket.safeParse(ticket)
  if (result.success) return ticket
  const places = result.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`)
  throw new YiwangError('INTERNAL', { reason: `the ticket breaks its schema at ${places.join(', ')}` })
}

async function keepAttachments(
  files: readonly AttachmentContent[],
  blobs: Pick<BlobStore, 'put'>,
): Promise<AttachmentRef[]> {
  const kept: AttachmentRef[] = []
  for (const { name, mediaType, body } of files) {
    const sha256 = await blobs.put(body)
    kept.push({ name, mediaType, bytes: body.byteLength, sha256, uri: `blob:sha256/${sha256}` })
  }
  return kept
}
