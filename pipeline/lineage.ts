import type { Ticket } from '../normalizers/ticket.ts'

type Dedupe = Ticket['dedupe']
type Link = Dedupe['history'][number]

/** Without master and incident; the end of each is remembered. @param at RFC 3339 */
export function freed(dedupe: Dedupe, at: string, by: Link['by']): Dedupe {
  const { masterId, incidentId, history } = dedupe
  if (masterId === null && incidentId === null) return dedupe
  const end: Link = { at, by, event: 'unlinked', masterId, incidentId }
  return { ...dedupe, masterId: null, incidentId: null, incident: null, history: [...history, end] }
}

/** Whether a ticket has left this incident, or a person has said that it does not belong there. */
export function hasLeft({ apartFrom, history }: Dedupe, incidentId: string): boolean {
  return (
    apartFrom.includes(incidentId) ||
    history.some((link) => link.event === 'unlinked' && link.incidentId === incidentId)
  )
}
