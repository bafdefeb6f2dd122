import { YiwangError } from '../config/errors.ts'
import type { Ticket, TicketEvent } from '../normalizers/ticket.ts'
import { ticketIdOf } from './ids.ts'
import { foundingOf, incidentIdOf } from './incidents.ts'
import { freed } from './lineage.ts'

type Dedupe = Ticket['dedupe']

/** What a person says of a ticket; it outranks the algorithm for good. */
export type Ruling =
  /** It repeats the other, or is about the same incident. */
  | { readonly verdict: 'duplicate' | 'related'; readonly ticketId: string; readonly otherId: string }
  /** It does not belong where it is linked. */
  | { readonly verdict: 'apart'; readonly ticketId: string }

/** A ticket that a ruling names. */
export interface Family {
  readonly named: Ticket
  /** Its master, or itself. */
  readonly head: Ticket
  /** Tickets that either of them was once taken away from. */
  readonly keptFrom: readonly Ticket[]
}

/** A ticket as a ruling leaves it; its revision and its counts are still those of before. */
export interface RuledTicket {
  readonly ticket: Ticket
  readonly event: TicketEvent
}

/** What a ruling makes of tickets. */
export interface Judgement {
  /** Of those that it names and their masters, the most important one first. */
  readonly tickets: readonly RuledTicket[]
  /** Of those that repeat one of these. */
  readonly along: readonly Along[]
  /** The incident that tickets come into, or are confirmed in. */
  readonly incidentId: string | null
}

/** What becomes of the tickets that repeat a master. */
export interface Along {
  readonly masterId: string
  /** All that are concerned have this in their text; absent: all are. */
  readonly holding?: string
  /** Null: nothing becomes of it. */
  become(ticket: Ticket): RuledTicket | null
}

const sameReport = '人工认定为同一诉求'
const sameIncident = '人工认定为同一事件'
const apart = '人工认定并非同一诉求或同一事件'

/**
 * Makes a ticket a repeat of the other's master. Tickets that repeated it become repeats of that master too, and keep
 * their reasons, told to be about the one before. The other ticket is fixed where it is: else the two would be parted when its text is corrected.
 * @throws YiwangError LINK_SELF, LINK_LOOP
 */
export function ruleDuplicate(one: Family, other: Family, at: string): Judgement {
  const { named } = one
  const master = other.head
  if (named.id === other.named.id) throw linkError('LINK_SELF', one, other)
  if (named.id === master.id) throw linkError('LINK_LOOP', one, other)
  const isFollowing = (ticket: Ticket) =>
    ticket.dedupe.masterId === named.id || hasMoved(ticket, named.id, master.id)
  const ids = [named, ...other.keptFrom.filter(isFollowing)].map(({ id }) => id)
  return {
    tickets: [
      linked(named, repeatOf(named, master, at)),
      ...reconciled(master, ids),
      ...(other.named.id === master.id
        ? []
        : [confirmed(other.named, repeatOf(other.named, master, at), ids)]),
    ],
    along: [
      { masterId: named.id, become: (ticket) => linked(ticket, movedTo(ticket, master, at)) },
      // Their links may be missing yet.
      {
        ...{ masterId: master.id, holding: named.id },
        become: (ticket) => (hasMoved(ticket, named.id, master.id) ? asItIs(ticket) : null),
      },
    ],
    incidentId: master.dedupe.incidentId,
  }
}

/**
 * Two reports and their repeats become reports of one incident: the other's, in which the other stays for good, or one
 * that begins with the other.
 * @param isTaken whether an incident of this id has tickets
 * @throws YiwangError LINK_SELF where both are one report
 */
export function ruleRelated(
  one: Family,
  other: Family,
  at: string,
  isTaken: (incidentId: string) => boolean,
): Judgement {
  if (one.head.id === other.head.id) throw linkError('LINK_SELF', one, other)
  const known = other.head.dedupe.incidentId
  const incidentId = known ?? freeIncidentId(other.head, one.head, isTaken)
  const joining = (ticket: Ticket) =>
    linked(ticket, memberOf(ticket, incidentId, ticket.id === one.head.id, at))
  const joiners: Along = { masterId: one.head.id, become: joining }
  if (known !== null) {
    const there = Array.from(new Set([other.head, other.named]), (ticket) =>
      confirmed(ticket, memberOf(ticket, known, false, at)),
    )
    return { tickets: [joining(one.head), ...there], along: [joiners], incidentId }
  }
  // Of what is known of it only the label counts here; the rest is counted when it is written.
  const incident = foundingOf(other.head, { terms: [] })
  const founding = (ticket: Ticket): RuledTicket => {
    const member = memberOf(ticket, incidentId, false, at)
    const dedupe = { ...member, incident: member.incident ?? incident }
    return { ticket: { ...ticket, dedupe }, event: 'ticket.updated' }
  }
  return {
    tickets: [joining(one.head), founding(other.head)],
    along: [joiners, { masterId: other.head.id, become: founding }],
    incidentId,
  }
}

/**
 * A repeat leaves its master and the incident that it shares with it, and what came along with it goes back to it; any
 * other ticket leaves its incident, and its repeats with it. It is never linked there again by the algorithm.
 * @throws YiwangError NOT_LINKED
 */
export function ruleApart({ named, head }: Family, at: string): Judgement {
  const { masterId } = named.dedupe
  const incidentId = named.dedupe.incidentId ?? head.dedupe.incidentId
  if (masterId === null && incidentId === null) return restored(named)
  const left = [masterId, incidentId].filter((id) => id !== null)
  const alone = { ...freed(named.dedupe, at, 'person'), ...ruled(apart), verdict: 'new' as const }
  const apartFrom = union(named.dedupe.apartFrom, left)
  const back = { ...named, dedupe: alone }
  return {
    tickets: [{ ticket: { ...named, dedupe: { ...alone, apartFrom } }, event: 'ticket.unlinked' }],
    along:
      masterId === null
        ? [{ masterId: named.id, become: (ticket) => leaving(ticket, at) }]
        : [
            {
              ...{ masterId, holding: named.id },
              become: (ticket) =>
                cameAlong(ticket, named) ? linked(ticket, movedTo(ticket, back, at)) : null,
            },
            // Left by an interrupted ruling that was giving them back to it.
            { masterId: named.id, become: asItIs },
          ],
    incidentId: null,
  }
}

/** Completes a ruling that was interrupted when all but the links was written. @throws YiwangError NOT_LINKED */
function restored(named: Ticket): Judgement {
  const end = named.dedupe.history.at(-1)
  if (end?.event !== 'unlinked') throw new YiwangError('NOT_LINKED', { ticket: named.id })
  const isBack = ({ dedupe }: Ticket) => {
    const now = dedupe.history.at(-1)
    return now?.masterId === named.id && now.at === end.at
  }
  return {
    tickets: [],
    along: [
      {
        ...{ masterId: named.id, holding: end.at },
        become: (ticket) => (isBack(ticket) ? asItIs(ticket) : null),
      },
    ],
    incidentId: null,
  }
}

function leaving(ticket: Ticket, at: string): RuledTicket {
  const dedupe = { ...leftIncident(ticket.dedupe, at), decidedBy: 'person' as const }
  return { ticket: { ...ticket, dedupe }, event: 'ticket.unlinked' }
}

/** Whether a repeat went from this ticket to the master that both have now, and shared its lot since. */
function cameAlong({ dedupe }: Ticket, named: Ticket): boolean {
  const left = dedupe.history.findLastIndex(({ event: name, masterId }) => {
    return name === 'unlinked' && masterId === named.id
  })
  const since = dedupe.history.slice(left + 1)
  const its = named.dedupe.history.slice(-since.length)
  return left >= 0 && since.length > 0 && JSON.stringify(since) === JSON.stringify(its)
}

/** Whether the last that became of a repeat is that it went from one master to another. */
function hasMoved({ dedupe }: Ticket, from: string, to: string): boolean {
  const [left, now] = dedupe.history.slice(-2)
  return left?.event === 'unlinked' && left.masterId === from && now?.masterId === to
}

/** A ticket that only its link is written of again. */
function asItIs(ticket: Ticket): RuledTicket {
  return { ticket, event: 'ticket.updated' }
}

function linkError(code: 'LINK_SELF' | 'LINK_LOOP', one: Family, other: Family): YiwangError {
  return new YiwangError(code, { ticket: one.named.id, other: other.named.id })
}

const linked = (ticket: Ticket, dedupe: Dedupe): RuledTicket => {
  return { ticket: { ...ticket, dedupe }, event: 'ticket.linked' }
}

/** Where it is already, now by a person's word. @param ids tickets that it is kept apart from no more */
function confirmed(ticket: Ticket, dedupe: Dedupe, ids: readonly string[] = []): RuledTicket {
  const apartFrom = without(dedupe.apartFrom, ids)
  return { ticket: { ...ticket, dedupe: { ...dedupe, apartFrom } }, event: 'ticket.updated' }
}

/** What a verdict by a person rests on: that person. */
function ruled(reason: string) {
  return {
    ...{ score: null, reasons: [reason], terms: [], fields: [] },
    ...{ suggestion: null, recurrence: null, decidedBy: 'person' as const },
  }
}

function repeatOf(ticket: Ticket, master: Ticket, at: string): Dedupe {
  const { dedupe, reporter, channel } = ticket
  const { incidentId } = master.dedupe
  const isThere = dedupe.masterId === master.id
  if (isThere && dedupe.incidentId === incidentId && dedupe.decidedBy === 'person') return dedupe
  const before = isThere ? dedupe : freed(dedupe, at, 'person')
  return {
    ...before,
    // The reasons of the algorithm stay where a person agrees.
    ...(isThere ? { suggestion: null, decidedBy: 'person' } : ruled(sameReport)),
    ...{ verdict: 'duplicate', masterId: master.id, incidentId },
    apartFrom: without(dedupe.apartFrom, [master.id, incidentId]),
    history: [...before.history, event('linked', master.id, incidentId, at)],
    ...{ reports: 1, reporters: reporter.key === null ? 0 : 1, channels: [channel] },
  }
}

/** A repeat that goes where its master goes, or back to it. What it rests on is that it repeats that one. */
function movedTo(ticket: Ticket, master: Ticket, at: string): Dedupe {
  const { incidentId } = master.dedupe
  const before = freed(ticket.dedupe, at, 'person')
  return {
    ...before,
    ...{ masterId: master.id, incidentId, verdict: 'duplicate' },
    reasons: reasonsMoved(ticket.dedupe, master.id),
    apartFrom: without(before.apartFrom, [master.id, incidentId]),
    history: [...before.history, event('linked', master.id, incidentId, at)],
  }
}

const movedAlong = /^原为 (\S+) 的重复件，随其改挂$/

/** The reasons of a repeat are about the ticket that it was found to repeat: said first, as long as it stands under another. */
function reasonsMoved({ masterId, reasons }: Dedupe, to: string): string[] {
  const before = movedAlong.exec(reasons[0] ?? '')?.[1]
  const own = before === undefined ? reasons : reasons.slice(1)
  const found = before ?? masterId
  return found === null || found === to ? [...own] : [`原为 ${found} 的重复件，随其改挂`, ...own]
}

function memberOf(ticket: Ticket, incidentId: string, isHead: boolean, at: string): Dedupe {
  const { dedupe } = ticket
  const isThere = dedupe.incidentId === incidentId
  if (isThere && dedupe.decidedBy === 'person') return dedupe
  const before = isThere ? dedupe : leftIncident(dedupe, at)
  return {
    ...before,
    ...(isHead && !isThere ? ruled(sameIncident) : { decidedBy: 'person' as const, suggestion: null }),
    ...(isHead ? { verdict: 'related' as const } : {}),
    incidentId,
    apartFrom: without(dedupe.apartFrom, [incidentId]),
    history: [...before.history, event('linked', dedupe.masterId, incidentId, at)],
  }
}

function leftIncident(dedupe: Dedupe, at: string): Dedupe {
  const { incidentId, history } = dedupe
  if (incidentId === null) return dedupe
  const end = event('unlinked', null, incidentId, at)
  return { ...dedupe, incidentId: null, incident: null, history: [...history, end] }
}

function event(
  name: 'linked' | 'unlinked',
  masterId: string | null,
  incidentId: string | null,
  at: string,
): Dedupe['history'][number] {
  return { at, by: 'person', event: name, masterId, incidentId }
}

/** A ticket that was kept apart from these no longer is. */
function reconciled(ticket: Ticket, ids: readonly string[]): readonly RuledTicket[] {
  const apartFrom = without(ticket.dedupe.apartFrom, ids)
  if (apartFrom.length === ticket.dedupe.apartFrom.length) return []
  return [{ ticket: { ...ticket, dedupe: { ...ticket.dedupe, apartFrom } }, event: 'ticket.updated' }]
}

/** An incident is named after its first ticket, unless that one has left an incident of its name. */
function freeIncidentId(first: Ticket, second: Ticket, isTaken: (id: string) => boolean): string {
  const wanted = [first.id, second.id, ticketIdOf(first.id, second.id)].map(incidentIdOf)
  return wanted.find((id) => !isTaken(id)) ?? incidentIdOf(first.id)
}

function without(ids: readonly string[], gone: readonly (string | null)[]): string[] {
  return ids.filter((id) => !gone.includes(id))
}

function union(ids: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...ids, ...added])]
}
