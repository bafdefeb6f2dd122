import type { Connector, Item } from '../connector.ts'
import type { MemorySource } from './memory-source.ts'

/** A connector with one defect, and the rule that must notice it. */
export interface Fault {
  /** The name of the rule. */
  readonly rule: string
  /** What the faulty connector does, to end the sentence "caught: a connector that …". */
  readonly does: string
  spoil?(sound: Required<Connector>, source: MemorySource): Connector
  /** What connecting to a source that is not there throws, when that is the fault. */
  nowhere?(secret: string): Error
}

export function mapped(sound: Required<Connector>, change: (item: Item) => Item): Required<Connector> {
  return {
    ...sound,
    async *read(from, signal) {
      for await (const item of sound.read(from, signal)) yield change(item)
    },
  }
}

export function filtered(sound: Required<Connector>, keep: (item: Item) => boolean): Required<Connector> {
  return {
    ...sound,
    async *read(from, signal) {
      for await (const item of sound.read(from, signal)) if (keep(item)) yield item
    },
  }
}

export function markSeen(messages: readonly { seen: boolean }[]): void {
  for (const message of messages) message.seen = true
}

export function atEnd(item: Item, last: number): boolean {
  return Number(item.cursor.memory) === last
}
