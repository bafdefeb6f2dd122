import { YiwangError } from '../../config/errors.ts'
import { type Fault, filtered, mapped, markSeen } from './fault.ts'

/** Connectors that break the rules of acknowledging, waiting, failing and closing. */
export const endingFaults: readonly Fault[] = [
  {
    rule: 'what was not acknowledged is read again',
    does: 'leaves out what it has given once, acknowledged or not',
    spoil: (sound, source) => ({
      ...sound,
      async *read(from, signal) {
        const already = source.opened
        for await (const item of sound.read(from, signal)) {
          source.opened = Math.max(source.opened, Number(item.cursor.memory))
          if (Number(item.cursor.memory) > already) yield item
        }
      },
    }),
  },
  {
    rule: 'ack touches only the items given',
    does: 'acknowledges everything up to the newest item given',
    spoil: (sound, source) => ({
      ...filtered(sound, (item) => source.messages[Number(item.cursor.memory) - 1]?.seen !== true),
      ack: async (items) =>
        markSeen(source.messages.slice(0, Math.max(0, ...items.map(({ cursor }) => Number(cursor.memory))))),
    }),
  },
  {
    rule: 'an acknowledgement in the middle of a read loses nothing',
    does: 'walks by number through a list that an acknowledgement shortens',
    spoil: (sound, source) => ({
      ...sound,
      async *read(_from, signal) {
        for (let at = 0; !signal.aborted; at += 1) {
          const message = source.messages.filter(({ seen }) => !seen)[at]
          if (message === undefined) return
          yield source.itemOf(message)
        }
      },
    }),
  },
  {
    rule: 'ack is repeatable, also by a connector that did not read the items',
    does: 'counts each acknowledgement at the source',
    spoil: (sound, source) => ({
      ...sound,
      async ack(items) {
        source.opened += items.length
      },
    }),
  },
  {
    rule: 'ack is repeatable, also by a connector that did not read the items',
    does: 'refuses to acknowledge what it did not read itself',
    spoil(sound) {
      const read = new Set<string>()
      return {
        ...mapped(sound, (item) => {
          read.add(item.externalId)
          return item
        }),
        async ack(items, signal) {
          if (items.some((item) => !read.has(item.externalId))) throw new Error('unknown item')
          await sound.ack(items, signal)
        },
      }
    },
  },
  {
    rule: 'cursors outlive the acknowledgement of their items',
    does: 'counts positions over a list that an acknowledgement shortens',
    spoil: (sound, source) => ({
      ...sound,
      async *read(from, signal) {
        const left = source.messages.filter(({ seen }) => !seen)
        for (const [index, message] of left.entries()) {
          if (signal.aborted) return
          if (index >= Number(from?.memory ?? 0))
            yield { ...source.itemOf(message), cursor: { memory: index + 1 } }
        }
      },
    }),
  },
  {
    rule: 'after an abort a read gives nothing more and ends',
    does: 'does not look at the signal',
    spoil: (sound) => ({ ...sound, read: (from) => sound.read(from, new AbortController().signal) }),
  },
  {
    rule: 'after an abort a read gives nothing more and ends',
    does: 'throws an error of its library on abort',
    spoil: (sound) => ({
      ...sound,
      async *read(from, signal) {
        yield* sound.read(from, signal)
        if (signal.aborted) throw new TypeError('socket is null')
      },
    }),
  },
  {
    rule: 'close may come at any time and again',
    does: 'fails when it is closed a second time',
    spoil(sound) {
      let open = true
      return {
        ...sound,
        async close() {
          if (!open) throw new Error('not connected')
          open = false
        },
      }
    },
  },
  {
    rule: 'close may come at any time and again',
    does: 'waits in close for a reader who never comes back',
    spoil(sound) {
      let reading = false
      return {
        ...sound,
        async *read(from, signal) {
          reading = true
          yield* sound.read(from, signal)
          reading = false
        },
        close: () => (reading ? new Promise(() => {}) : Promise.resolve()),
      }
    },
  },
  {
    rule: 'a source that is not there is a YiwangError with a kind that says what to do',
    does: "lets its library's error through",
    nowhere: () => new Error('connect ECONNREFUSED 127.0.0.1:143'),
  },
  {
    rule: 'a source that is not there is a YiwangError with a kind that says what to do',
    does: 'shows its password in the error',
    nowhere: (secret) =>
      new YiwangError('SOURCE_UNREACHABLE', { source: 'memory', host: `user:${secret}@nowhere`, reason: '' }),
  },
  {
    rule: 'a source that never answers is given up',
    does: 'waits for an answer until it is told to stop',
    spoil: (sound, source) => ({ ...sound, open: (signal) => source.change(signal) }),
  },
  {
    rule: 'an abort ends the wait for an answer',
    does: 'does not hand the signal on to what it waits for',
    spoil: (sound) => ({ ...sound, open: () => sound.open(new AbortController().signal) }),
  },
  {
    rule: 'wait ends when something arrives',
    does: 'ends its wait only on abort',
    spoil: (sound) => ({
      ...sound,
      wait: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    }),
  },
  {
    rule: 'wait tells of what came before it, unless a read has given it',
    does: 'takes for known what it finds at its first look',
    spoil: (sound, source) => ({ ...sound, wait: (signal) => source.change(signal) }),
  },
  {
    rule: 'wait does not tell of the same items again and again',
    does: 'ends its wait as long as the source holds anything',
    spoil: (sound, source) => ({
      ...sound,
      wait: (signal) => (source.messages.length > 0 ? Promise.resolve() : source.change(signal)),
    }),
  },
  {
    rule: 'wait ends on abort',
    does: 'does not look at the signal while it waits',
    spoil: (sound, source) => ({ ...sound, wait: () => source.change(new AbortController().signal) }),
  },
]
