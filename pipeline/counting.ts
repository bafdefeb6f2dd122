import type { Ticket } from '../normalizers/ticket.ts'
import type { CountedMaster, LinkCounts, LinkWrite } from './stores/store.ts'

/** The fields of a master by the counts over what repeats it. */
export function withCounts(master: Ticket, counts: LinkCounts): Ticket['dedupe'] {
  return {
    ...master.dedupe,
    reports: 1 + counts.reports,
    reporters: (master.reporter.key === null ? 0 : 1) + counts.reporters,
    channels: [...new Set([master.channel, ...counts.channels])].sort(),
  }
}

/** Of a ticket that nothing repeats. */
export const noRepeats: LinkCounts = { reports: 0, reporters: 0, channels: [] }

/** What counting the repeats of a ticket needs of it. */
export function countedMaster({ id, reporter }: Ticket): CountedMaster {
  return { id, reporterKey: reporter.key }
}

/** The link of a repeat. */
export function linkOf({ id, channel, reporter }: Ticket, masterId: string): LinkWrite {
  return { ticketId: id, masterId, reporterKey: reporter.key, channel }
}

/** Master id of a ticket that no longer repeats anything: a link to it makes the store take the ticket out of the counts. */
const nowhere = ''

/** Takes a ticket out of the counts. */
export function unlinkOf(ticket: Ticket): LinkWrite {
  return linkOf(ticket, nowhere)
}

/** The links that are to be written. */
export function realLinks(links: readonly LinkWrite[]): readonly LinkWrite[] {
  return links.filter(({ masterId }) => masterId !== nowhere)
}
