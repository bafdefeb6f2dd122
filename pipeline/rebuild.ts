import type { Settings } from '../config/settings.ts'
import { profileOf } from '../dedupe/profile.ts'
import { TermStatistics } from '../dedupe/term-statistics.ts'
import { matchText } from '../normalizers/text.ts'
import { Decider } from './decider.ts'
import { pageOfTickets, Shifts, stopPoint } from './give-way.ts'
import { formOf, keepForm, noteForm, rebuildName } from './index-form.ts'
import { awaitLease, processingLease } from './lease-keeper.ts'
import type { Store } from './stores/store.ts'
import { TermLedger } from './term-ledger.ts'
import { reportOf } from './ticket-of.ts'

const patienceMs = 30_000

export interface RebuildOptions {
  readonly signal: AbortSignal
  /** How long it works until it lets others decide; a second by default. */
  readonly shiftMs?: number
  readonly onProgress: (progress: {
    readonly step: 'counting' | 'indexing'
    readonly tickets: number
  }) => void
}

/**
 * Counts all terms anew, then makes every ticket's keys anew, page by page, while the system runs: from time to time
 * it gives way to those who decide. Interrupted, it goes on where it was with the keys, unless some of another form
 * were or are wanted since; the count begins again.
 * Returns how many tickets got their keys in this call.
 * @throws YiwangError PROCESSING_BUSY, STOPPED, LEASE_LOST
 */
export async function rebuildIndex(
  store: Store,
  { dedupe, processing }: Pick<Settings, 'dedupe' | 'processing'>,
  { signal, shiftMs = 1_000, onProgress }: RebuildOptions,
): Promise<number> {
  const ttlMs = processing.leaseMs
  const wait = { ttlMs, waitMs: ttlMs + patienceMs, signal }
  await keepForm(store, dedupe)
  const form = `${formOf(dedupe)} `
  const reached = await store.progress(rebuildName)
  let after = reached?.startsWith(form) ? reached.slice(form.length) : null
  if (after === null && dedupe.similar) await countTerms(store, wait, onProgress)
  const decider = new Decider(dedupe)
  await decider.begin(0, store)
  const shifts = new Shifts(store, shiftMs)
  let done = 0
  for (;;) {
    await stopPoint(signal)
    const kept = await awaitLease(store, processingLease, wait)
    try {
      const page = await store.ticketsInOrder({ after, since: null, ...pageOfTickets })
      const entries = page.tickets.map(({ ticket }) => ({
        ...{ ticketId: ticket.id, revision: ticket.revision },
        matchKeys: decider.inquire(ticket).keys,
      }))
      done += await store.reindex(entries, null, kept.lease)
      after = page.next
      if (after === null) await noteForm(store, dedupe)
      await store.saveProgress(rebuildName, after === null ? null : form + after, kept.lease)
    } finally {
      await kept.release(false)
    }
    onProgress({ step: 'indexing', tickets: done })
    if (after === null) return done
    await shifts.giveWay(signal)
  }
}

async function countTerms(
  store: Store,
  wait: Parameters<typeof awaitLease>[2],
  onProgress: RebuildOptions['onProgress'],
): Promise<void> {
  const statistics = new TermStatistics()
  let counted = 0
  const take = async (after: string | null) => {
    await stopPoint(wait.signal)
    const page = await store.ticketsInOrder({ after, since: null, ...pageOfTickets })
    return { ...page, profiles: page.tickets.map(({ ticket }) => profileOf(reportOf(ticket), matchText)) }
  }
  const count = ({ profiles }: Awaited<ReturnType<typeof take>>) => {
    for (const { terms, matters, domains } of profiles) statistics.add([...terms, ...matters, ...domains])
    counted += profiles.length
    onProgress({ step: 'counting', tickets: counted })
  }
  let after: string | null = null
  for (;;) {
    const page = await take(after)
    if (page.next === null) break
    count(page)
    after = page.next
  }
  const kept = await awaitLease(store, processingLease, wait)
  try {
    // What came while the rest was counted.
    for (;;) {
      const page = await take(after)
      count(page)
      if (page.next === null) break
      after = page.next
    }
    const ledger = await TermLedger.load(store)
    await store.reindex([], ledger.replacedBy(statistics, kept.lease.token), kept.lease)
  } finally {
    await kept.release(false)
  }
}
