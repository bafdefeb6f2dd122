import type { Item } from '../connector.ts'
import { atEnd, type Fault, filtered, mapped, markSeen } from './fault.ts'
import { collect } from './probe.ts'

/** Connectors that break the rules of reading. */
export const readingFaults: readonly Fault[] = [
  {
    rule: 'open leaves the source unchanged and consumes nothing',
    does: 'marks the first message seen as soon as it connects',
    spoil: (sound, { messages }) => ({ ...sound, open: async () => markSeen(messages.slice(0, 1)) }),
  },
  {
    rule: 'read changes nothing at the source',
    does: 'marks messages seen while reading them',
    spoil: (sound, { messages }) => ({
      ...sound,
      async *read(from, signal) {
        for await (const item of sound.read(from, signal)) {
          markSeen(messages.slice(0, 1))
          yield item
        }
      },
    }),
  },
  {
    rule: 'reading again gives the same ids and the same bytes',
    does: 'numbers items by the read instead of by what identifies them at the source',
    spoil(sound) {
      let serial = 0
      return mapped(sound, (item) => ({ ...item, externalId: `item-${++serial}` }))
    },
  },
  {
    rule: 'reading again gives the same ids and the same bytes',
    does: 'stamps the time of reading into the body',
    spoil(sound) {
      let now = 0
      return mapped(sound, (item) => ({ ...item, body: Buffer.concat([item.body, Buffer.of(++now)]) }))
    },
  },
  {
    rule: 'everything that the source holds is read, oldest first',
    does: 'reads the newest first',
    spoil: (sound) => ({
      ...sound,
      async *read(from, signal) {
        yield* (await collect(sound.read(from, signal))).toReversed()
      },
    }),
  },
  {
    rule: 'everything that the source holds is read, oldest first',
    does: 'leaves out what another program has marked seen, or anything else it finds odd',
    spoil: (sound) => filtered(sound, (item) => item.externalId !== 'message-2'),
  },
  {
    rule: 'every item has an external id of its own',
    does: 'takes for the id a header that two messages share',
    spoil: (sound) => mapped(sound, (item) => ({ ...item, externalId: 'same-subject' })),
  },
  {
    rule: 'resuming from any cursor misses no later item',
    does: 'writes the end of the page into the cursor of every item on it',
    spoil: (sound) =>
      mapped(sound, (item) => ({
        ...item,
        cursor: { memory: Math.ceil(Number(item.cursor.memory) / 3) * 3 },
      })),
  },
  {
    rule: 'resuming from a cursor repeats nothing',
    does: 'starts again at the item of the cursor instead of after it',
    spoil: (sound) => ({
      ...sound,
      read: (from, signal) =>
        sound.read(from === null ? null : { memory: Math.max(0, Number(from.memory) - 1) }, signal),
    }),
  },
  {
    rule: 'a cursor that it does not know is refused or reads everything',
    does: 'takes a cursor that it cannot read for the end of the source',
    spoil: (sound) => ({
      ...sound,
      read: (from, signal) =>
        sound.read(from !== null && from.memory === undefined ? { memory: 9_999 } : from, signal),
    }),
  },
  {
    rule: 'a cursor is small JSON without secrets, and so are the facts beside it',
    does: 'keeps its password in the cursor',
    spoil: (sound, { secret }) => mapped(sound, (item) => ({ ...item, cursor: { ...item.cursor, secret } })),
  },
  {
    rule: 'a cursor is small JSON without secrets, and so are the facts beside it',
    does: 'keeps a list of everything seen in the cursor',
    spoil: (sound) =>
      mapped(sound, (item) => ({ ...item, cursor: { ...item.cursor, seen: 'message-1,'.repeat(500) } })),
  },
  {
    rule: 'items that arrive after a read are found from its last cursor',
    does: 'remembers the list that it saw when it was opened',
    spoil(sound, source) {
      let known = Number.POSITIVE_INFINITY
      return {
        ...sound,
        async open() {
          known = source.messages.length
        },
        read: (from, signal) =>
          filtered(sound, (item) => Number(item.cursor.memory) <= known).read(from, signal),
      }
    },
  },
  {
    rule: 'items that arrive during a read are found by it or by the next',
    does: 'sets the last cursor to where the source ends by then, beyond what it gave',
    spoil: (sound, source) => ({
      ...sound,
      async *read(from, signal) {
        const last = source.messages.length
        for (const item of (await collect(sound.read(from, signal))).slice(0, last)) {
          yield { ...item, cursor: atEnd(item, last) ? { memory: source.messages.length } : item.cursor }
        }
      },
    }),
  },
  {
    rule: 'a reader who stops early can read again',
    does: 'goes on where the reader stopped',
    spoil(sound) {
      let last: Item | null = null
      return {
        ...sound,
        async *read(from, signal) {
          for await (const item of sound.read(last?.cursor ?? from, signal)) {
            last = item
            yield item
          }
        },
      }
    },
  },
  {
    rule: 'facts have agreed names, and problems are codes of the catalogue with their details',
    does: 'invents a name for a fact',
    spoil: (sound) =>
      mapped(sound, (item) => ({ ...item, meta: { ...item.meta, ...{ subject: 'streetlight' } } })),
  },
  {
    rule: 'facts have agreed names, and problems are codes of the catalogue with their details',
    does: 'reports a problem in its own words',
    spoil: (sound) => mapped(sound, (item) => ({ ...item, meta: { ...item.meta, problem: 'too big' } })),
  },
  {
    rule: 'facts have agreed names, and problems are codes of the catalogue with their details',
    does: 'leaves out what the text of the problem names',
    spoil: (sound) =>
      mapped(sound, (item) => ({ ...item, meta: { ...item.meta, problem: 'ITEM_UNREADABLE' } })),
  },
  {
    rule: 'inventory gives exactly the locators of what is read',
    does: 'lists only the first page',
    spoil: (sound) => ({
      ...sound,
      async *inventory(signal) {
        let listed = 0
        for await (const locator of sound.inventory(signal)) if (++listed <= 3) yield locator
      },
    }),
  },
]
