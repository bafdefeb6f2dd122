import { YiwangError } from '../../../config/errors.ts'
import { firstWaiting, nextWaiting, type WaitingEvent } from '../outbox-entry.ts'
import type { Commit, Lease, LinkWrite, OutcomeWrite, TicketWrite } from '../store.ts'
import { assertHeld } from './leases.ts'
import type { TicketDoc } from './models.ts'
import type { Mongo } from './mongo.ts'
import { onlyDuplicateKeys } from './mongo-error.ts'
import { writeTerms } from './terms.ts'
import { withFreeThreadKeys } from './threads.ts'

/** Well under the 16 MiB of a document, which also holds the keys. */
const largestTextBytes = 15 * 1024 * 1024

type Stored = Pick<
  TicketDoc,
  'n' | 'revision' | 'outbox' | 'event' | 'linkEvent' | 'linkRevision' | 'published' | 'link'
>

/**
 * Writes what one batch of the drain decided, without a transaction: each write is repeatable and the
 * outcomes come last, so an interrupted commit leaves its items pending and its repetition completes it.
 */
export async function commitTo(mongo: Mongo, commit: Commit, lease: Lease, decidedAt: string): Promise<void> {
  await assertHeld(mongo, lease)
  for (const write of commit.tickets) assertFits(write)
  await writeTickets(mongo, await withFreeThreadKeys(mongo, commit.tickets))
  // No revision tells that one of them has been undone meanwhile.
  if (commit.links.length > 0) await assertHeld(mongo, lease)
  await writeLinks(mongo, commit.links)
  await writeTerms(mongo, commit.terms)
  await assertHeld(mongo, lease)
  await writeOutcomes(mongo, commit.outcomes, decidedAt)
}

function assertFits({ ticket }: TicketWrite): void {
  const bytes = Buffer.byteLength(JSON.stringify(ticket))
  if (bytes > largestTextBytes) throw new YiwangError('ITEM_TOO_LARGE', { bytes, limit: largestTextBytes })
}

/**
 * What a new ticket changes in others goes first: interrupted in between, the repetition decides about the new ticket
 * once more and finds the others changed. The other way round it would find it decided, and leave the others.
 */
async function writeTickets(mongo: Mongo, writes: readonly TicketWrite[]): Promise<void> {
  const fresh = await replaceTickets(mongo, writes)
  if (fresh.length > 0) await insertTickets(mongo, fresh)
}

/** Returns the writes of tickets that are not stored. Repeats where the relay changed one between reading and writing it. */
async function replaceTickets(mongo: Mongo, writes: readonly TicketWrite[]): Promise<readonly TicketWrite[]> {
  const fresh: TicketWrite[] = []
  let left = writes
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > 10) throw new Error('tickets keep changing while they are written')
    const stored = await storedTickets(
      mongo,
      left.map(({ ticket }) => ticket.id),
    )
    const changed: TicketWrite[] = []
    for (const write of left) {
      const before = stored.get(write.ticket.id)
      if (before === undefined) fresh.push(write)
      else if (before.revision < write.ticket.revision && !(await replaceTicket(mongo, before, write)))
        changed.push(write)
    }
    left = changed
  }
  return fresh
}

async function storedTickets(mongo: Mongo, ids: readonly string[]): Promise<Map<string, Stored>> {
  const fields = {
    ...{ n: 1, revision: 1, outbox: 1, event: 1, linkEvent: 1, linkRevision: 1, published: 1, link: 1 },
  } as const
  const docs = await mongo.models.tickets.find({ _id: { $in: [...ids] } }, fields).lean()
  return new Map(docs.map((doc) => [doc._id, doc]))
}

async function insertTickets(mongo: Mongo, writes: readonly TicketWrite[]): Promise<void> {
  const last = await mongo.reserve('tickets', writes.length)
  const docs = writes.map((write, index) => newTicket(write, last - writes.length + 1 + index))
  try {
    await mongo.models.tickets.insertMany(docs, { ordered: false, lean: true })
  } catch (error) {
    // Written by an earlier try of the same commit.
    if (!onlyDuplicateKeys(error)) throw error
  }
}

function newTicket(write: TicketWrite, n: number): TicketDoc {
  const { event, ticket } = write
  const { linkEvent, linkRevision } =
    event === null ? { linkEvent: null, linkRevision: null } : firstWaiting(event, ticket.revision)
  return {
    _id: write.ticket.id,
    n,
    ...fieldsOf(write),
    matchKeys: write.matchKeys ?? [],
    threadKeys: write.threadKeys,
    link: null,
    ...(event === null ? { outbox: 0 } : { outbox: ticket.revision, outboxN: n }),
    ...{ event, linkEvent, linkRevision },
    published: 0,
    publishedAt: null,
    delivered: 0,
  }
}

function fieldsOf({ ticket, at }: TicketWrite) {
  return {
    revision: ticket.revision,
    sourceId: ticket.sourceId,
    channel: ticket.channel,
    kind: ticket.kind,
    verdict: ticket.dedupe.verdict,
    at,
    reporterKey: ticket.reporter.key,
    masterId: ticket.dedupe.masterId,
    incidentId: ticket.dedupe.incidentId,
    text: JSON.stringify(ticket),
  }
}

/** False when the ticket was changed since it was read. */
async function replaceTicket(mongo: Mongo, before: Stored, write: TicketWrite): Promise<boolean> {
  const { ticket, matchKeys, threadKeys } = write
  const waiting = waitingAfter(before, write)
  const set = {
    ...fieldsOf(write),
    ...(matchKeys === null ? {} : { matchKeys: [...matchKeys] }),
    // A new master takes the ticket by a link of its own.
    ...(ticket.dedupe.masterId === (before.link?.masterId ?? null) ? {} : { link: null }),
    ...(waiting === null ? {} : { outbox: ticket.revision, outboxN: before.n, ...waiting }),
  }
  // Whatever is published or put back meanwhile changes one of these, and with it what waits.
  const { revision, outbox, published } = before
  const unchanged = { _id: ticket.id, revision, outbox, published }
  const result = await mongo.models.tickets.updateOne(unchanged, {
    $set: set,
    $addToSet: { threadKeys: { $each: [...threadKeys] } },
  })
  return result.matchedCount > 0
}

/** Null when nothing of this ticket waits after this revision. */
function waitingAfter(before: Stored, write: TicketWrite): WaitingEvent | null {
  const { event, ticket } = write
  const { event: first, linkEvent = null, linkRevision = null, published } = before
  if (before.outbox > 0 && first !== null)
    return nextWaiting({ event: first, linkEvent, linkRevision }, write, published > 0)
  return event === null ? null : firstWaiting(event, ticket.revision)
}

async function writeLinks(mongo: Mongo, links: readonly LinkWrite[]): Promise<void> {
  const writes = links.map((link) => ({
    updateOne: {
      filter: { _id: link.ticketId },
      update: {
        $set: {
          link: { masterId: link.masterId, reporterKey: link.reporterKey, channel: link.channel },
        },
      },
    },
  }))
  if (writes.length > 0) await mongo.models.tickets.bulkWrite(writes, { ordered: true })
}

/** An item that has its outcome already keeps it. */
async function writeOutcomes(
  mongo: Mongo,
  outcomes: readonly OutcomeWrite[],
  decidedAt: string,
): Promise<void> {
  const writes = outcomes.map(({ rawId, seq, kind, ticketId, reason, details }) => ({
    updateOne: {
      filter: { _id: rawId, pendingSeq: seq },
      update: {
        $set: { outcome: { kind, ticketId, reason, details: JSON.stringify(details), decidedAt } },
        $unset: { pendingSeq: 1 as const },
      },
    },
  }))
  if (writes.length > 0) await mongo.models.items.bulkWrite(writes, { ordered: false })
}
