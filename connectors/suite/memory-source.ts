import { YiwangError } from '../../config/errors.ts'
import type { Connector, Cursor, Item } from '../connector.ts'
import type { ConnectorHarness } from './harness.ts'

interface Message {
  readonly id: number
  readonly text: string
  seen: boolean
}

/** A source made of an array, to show that the rules can be kept, and that breaking one is noticed. */
export class MemorySource {
  readonly messages: Message[] = []
  readonly secret = 'correct-horse-battery'
  opened = 0
  private readonly listeners = new Set<() => void>()

  put(count: number): readonly string[] {
    const texts = Array.from({ length: count }, (_, index) => `text-${this.messages.length + index}.`)
    for (const text of texts) this.messages.push({ id: this.messages.length + 1, text, seen: false })
    for (const listener of this.listeners) listener()
    return texts
  }

  itemOf({ id, text }: Message): Item {
    return {
      externalId: `message-${id}`,
      mediaType: 'text/plain; charset=utf-8',
      body: new TextEncoder().encode(text),
      meta: { locator: `memory;${id}` },
      cursor: { memory: id },
    }
  }

  /** Resolves at the next `put` or on abort. */
  async change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.listeners.add(done)
      signal.addEventListener('abort', done)
    })
  }
}

/** A connector that keeps every rule; faulty ones replace single methods of it. */
function memoryConnector(source: MemorySource): Required<Connector> {
  let known = 0
  return {
    async open() {},
    async *read(from, signal) {
      known = source.messages.length
      for (let at = positionOf(from); !signal.aborted; at++) {
        const message = source.messages[at]
        if (message === undefined) return
        yield source.itemOf(message)
      }
    },
    async ack(items) {
      for (const { cursor } of items) {
        const message = source.messages[Number(cursor.memory) - 1]
        if (message) message.seen = true
      }
    },
    async close() {},
    async probe() {},
    async *inventory() {
      for (const { id } of source.messages) yield `memory;${id}`
    },
    async wait(signal) {
      if (source.messages.length === known) await source.change(signal)
      known = source.messages.length
    },
  }
}

/** One that finds its source silent. */
function silentConnector(source: MemorySource, timeoutMs: number): Required<Connector> {
  return {
    ...memoryConnector(source),
    async open(signal) {
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(), timeoutMs)
      await source.change(AbortSignal.any([signal, late.signal]))
      clearTimeout(timer)
      throw new YiwangError('SOURCE_UNREACHABLE', { source: 'memory', host: 'silent', reason: 'no answer' })
    },
  }
}

/** A harness on a fresh source. `spoil` turns the sound connector into a faulty one. */
export async function memoryHarness(
  spoil: (sound: Required<Connector>, source: MemorySource) => Connector = (sound) => sound,
  nowhere: (secret: string) => Error = () =>
    new YiwangError('SOURCE_UNREACHABLE', { source: 'memory', host: 'nowhere', reason: 'none' }),
): Promise<ConnectorHarness> {
  const source = new MemorySource()
  return {
    add: async (count) => source.put(count),
    connect: () => spoil(memoryConnector(source), source),
    connectNowhere: () => ({
      ...memoryConnector(source),
      open: () => Promise.reject(nowhere(source.secret)),
    }),
    connectSilent: (timeoutMs) => spoil(silentConnector(source, timeoutMs), source),
    state: async () => JSON.stringify([source.messages, source.opened]),
    secrets: [source.secret],
    dispose: async () => {},
  }
}

function positionOf(cursor: Cursor | null): number {
  return Number(cursor?.memory ?? 0)
}
