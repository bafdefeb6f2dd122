import type { Ticket } from '../normalizers/ticket.ts'
import type { KnownTexts, OutboxKey, TicketWrite } from './stores/store.ts'

/** Texts that wait for the relay take no more memory than this; it reads the others from the store. */
const maxBytes = 16 * 1024 * 1024

/** Texts of one commit on their way to another thread: the buffer moves there, nothing is copied. */
export interface TextBatch {
  readonly bytes: ArrayBuffer
  readonly texts: readonly (OutboxKey & { readonly start: number; readonly end: number })[]
}

/** No character of a string takes more of them in UTF-8. */
const bytesPerCharacter = 3

/** Where a batch of usual size is written before it gets a buffer of its own. */
const scratch = Buffer.alloc(4 * 1024 * 1024)

/** Tickets as JSON in UTF-8, all in one buffer of their own. */
export function textsOf(tickets: readonly Ticket[]): Uint8Array<ArrayBuffer>[] {
  const texts = tickets.map((ticket) => JSON.stringify(ticket))
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const room = characters * bytesPerCharacter
  const roomy = room <= scratch.length ? scratch : Buffer.alloc(room)
  const ends = [0]
  for (const text of texts) {
    const start = ends.at(-1) ?? 0
    ends.push(start + roomy.write(text, start))
  }
  const bytes = roomy.buffer.slice(0, ends.at(-1))
  return texts.map((_, index) => {
    const start = ends[index] ?? 0
    return new Uint8Array(bytes, start, (ends[index + 1] ?? start) - start)
  })
}

/** Writes with the texts of their tickets, made by {@link textsOf}. */
export function withTexts(writes: readonly Omit<TicketWrite, 'text'>[]): readonly TicketWrite[] {
  const texts = textsOf(writes.map(({ ticket }) => ticket))
  return writes.flatMap((write, index) => {
    const text = texts[index]
    return text === undefined ? [] : [{ ...write, text }]
  })
}

/** What goes to the relay of a commit whose texts {@link textsOf} has made; null when there is nothing. */
export function textBatch(writes: readonly TicketWrite[]): TextBatch | null {
  const bytes = writes[0]?.text.buffer
  if (!(bytes instanceof ArrayBuffer) || writes.some(({ text }) => text.buffer !== bytes)) return null
  const texts = writes.map(({ ticket, text }) => ({
    ticketId: ticket.id,
    revision: ticket.revision,
    start: text.byteOffset,
    end: text.byteOffset + text.byteLength,
  }))
  return { bytes, texts }
}

/**
 * Texts of what has just been committed, for the relay to publish without reading them back. The store has them
 * all and alone says what waits: what is missing here is only slower.
 */
export class HandedTexts implements KnownTexts {
  private readonly handed = new Map<string, Handed>()
  private bytes = 0

  /** Keeps them while there is room, the newest of each ticket. */
  take({ bytes, texts }: TextBatch): void {
    if (this.bytes >= maxBytes) return
    for (const { ticketId, revision, start, end } of texts) {
      this.forget(ticketId)
      this.handed.set(ticketId, { revision, text: Buffer.from(bytes, start, end - start) })
      this.bytes += end - start
    }
  }

  get({ ticketId, revision }: OutboxKey): Uint8Array | undefined {
    const handed = this.handed.get(ticketId)
    return handed?.revision === revision ? handed.text : undefined
  }

  /** They have been published. */
  drop(keys: readonly OutboxKey[]): void {
    for (const key of keys) if (this.get(key) !== undefined) this.forget(key.ticketId)
  }

  /** Nothing waits any longer. */
  clear(): void {
    this.handed.clear()
    this.bytes = 0
  }

  private forget(ticketId: string): void {
    this.bytes -= this.handed.get(ticketId)?.text.byteLength ?? 0
    this.handed.delete(ticketId)
  }
}

interface Handed {
  readonly revision: number
  readonly text: Uint8Array
}
