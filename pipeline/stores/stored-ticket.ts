import type { Ticket } from '../../normalizers/ticket.ts'

/** What the tickets of release 0.1.0 lack, as it would have stood there. */
const cameLater = {
  ...{ incident: null, terms: [], fields: [], suggestion: null, recurrence: null },
  ...{ decidedBy: 'algorithm', apartFrom: [], history: [], cut: false },
} as const satisfies Partial<Ticket['dedupe']>

/** A ticket from its stored text, with the fields of today. Old texts stay as they are until they are revised. */
export function storedTicket(text: string): Ticket {
  const ticket = JSON.parse(text) as Ticket
  if ('apartFrom' in ticket.dedupe) return ticket
  return { ...ticket, dedupe: { ...cameLater, ...(ticket.dedupe as Ticket['dedupe']) } }
}

/** The same as text for the queue, whose consumers rely on the schema of today. */
export function storedText(text: Uint8Array): Uint8Array {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
  if (bytes.includes('"apartFrom":')) return text
  return Buffer.from(JSON.stringify(storedTicket(bytes.toString())))
}
