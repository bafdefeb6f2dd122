import type { Ticket } from '../../normalizers/ticket.ts'
import type { TicketReading } from '../interpret.ts'
import type { PendingItem } from '../stores/store.ts'
import { idOf, item, ticket } from '../stores/suite/fixtures.ts'
import { undecided } from '../ticket-of.ts'

/**
 * A report as the drain has read it. The same name with another version is its correction.
 * @param phone E.164; null where it is not known who reports
 */
export function readingOf(
  { name, version = name, seq }: { readonly name: string; readonly version?: string; readonly seq: number },
  phone: string | null,
  said: Partial<Ticket>,
): TicketReading<PendingItem> {
  const made = ticket(name)
  const rawId = idOf('R', version)
  const own: Ticket = {
    ...made,
    title: null,
    ...said,
    reporter: { ...made.reporter, name: null, phone, phoneRaw: null, key: phone },
    provenance: { ...made.provenance, rawId },
  }
  return {
    item: { ...item(name), rawId, seq, attempts: 0 },
    outcome: 'ticket',
    ticket: { ...own, dedupe: undecided(own) },
    ...{ threadKeys: [], refersTo: [] },
  }
}
