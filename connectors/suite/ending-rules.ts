import assert from 'node:assert/strict'
import type { Item } from '../connector.ts'
import type { ConnectorHarness, ConnectorRule } from './harness.ts'
import {
  assertCovers,
  assertHolds,
  assertYiwangError,
  attempt,
  bounded,
  collect,
  never,
  opened,
  pause,
  readAll,
  shownBy,
  stored,
} from './probe.ts'

/** How long nothing must happen where nothing is to happen. */
const quietMs = 300

async function readSilent(harness: ConnectorHarness, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const connector = harness.connectSilent?.(timeoutMs)
  assert.ok(connector)
  try {
    await connector.open(signal)
    await collect(connector.read(null, signal))
  } finally {
    await bounded(connector.close(), 'close')
  }
}

/** What acknowledging, waiting, failing and closing must do. */
export const endingRules: readonly ConnectorRule[] = [
  {
    name: 'what was not acknowledged is read again',
    async check(harness) {
      const texts = await harness.add(4)
      await opened(harness, async (connector) => {
        const items = await readAll(connector, null)
        await bounded(connector.ack(items.slice(0, 2), never()), 'ack')
      })
      await opened(harness, async (connector) => assertHolds(await readAll(connector, null), texts.slice(2)))
    },
  },
  {
    name: 'ack touches only the items given',
    async check(harness) {
      await harness.add(4)
      await opened(harness, async (connector) => {
        const items = await readAll(connector, null)
        const before = await harness.state()
        await bounded(connector.ack([], never()), 'ack')
        assert.equal(await harness.state(), before)
        await bounded(connector.ack(items.slice(1, 2), never()), 'ack')
        const left = items.filter((_, index) => index !== 1)
        assertCovers(await readAll(connector, null), left)
        assertCovers(await readAll(connector, stored(items[0]?.cursor ?? {})), left.slice(1))
      })
    },
  },
  {
    name: 'an acknowledgement in the middle of a read loses nothing',
    async check(harness) {
      const texts = await harness.add(6)
      await opened(harness, async (connector) => {
        const items: Item[] = []
        for await (const item of connector.read(null, never())) {
          items.push(item)
          if (items.length % 2 === 0) await bounded(connector.ack(items.slice(-2), never()), 'ack')
        }
        assertHolds(items, texts)
      })
    },
  },
  {
    name: 'ack is repeatable, also by a connector that did not read the items',
    async check(harness) {
      await harness.add(3)
      const items = await opened(harness, async (connector) => {
        const read = await readAll(connector, null)
        await bounded(connector.ack(read, never()), 'ack')
        return read
      })
      const after = await harness.state()
      await opened(harness, async (connector) => {
        await bounded(connector.ack(items, never()), 'second ack')
        await bounded(connector.ack(items, never()), 'third ack')
      })
      assert.equal(await harness.state(), after)
    },
  },
  {
    name: 'cursors outlive the acknowledgement of their items',
    async check(harness) {
      await harness.add(4)
      await opened(harness, async (connector) => {
        const items = await readAll(connector, null)
        await bounded(connector.ack(items.slice(0, 2), never()), 'ack')
        for (const item of items.slice(0, 2)) {
          assertCovers(await readAll(connector, stored(item.cursor)), items.slice(2))
        }
      })
    },
  },
  {
    name: 'after an abort a read gives nothing more and ends',
    async check(harness) {
      await harness.add(6)
      await opened(harness, async (connector) => {
        const controller = new AbortController()
        const reader = connector.read(null, controller.signal)[Symbol.asyncIterator]()
        const first = await bounded(reader.next(), 'first item')
        assert.equal(first.done, false)
        controller.abort()
        const next = await attempt(bounded(reader.next(), 'end after abort'))
        if (next.thrown === null) assert.equal(next.value.done, true, 'an item came after the abort')
        else assertYiwangError(next.thrown)
      })
    },
  },
  {
    name: 'close may come at any time and again',
    async check(harness) {
      await harness.add(3)
      const unopened = harness.connect()
      await bounded(unopened.close(), 'close of a connector never opened')
      const connector = harness.connect()
      const controller = new AbortController()
      await connector.open(controller.signal)
      const reader = connector.read(null, controller.signal)[Symbol.asyncIterator]()
      await bounded(reader.next(), 'first item')
      controller.abort()
      await bounded(connector.close(), 'close after an abort')
      await bounded(connector.close(), 'second close')
    },
  },
  {
    name: 'a source that is not there is a YiwangError with a kind that says what to do',
    async check(harness) {
      const connector = harness.connectNowhere()
      const tried = await attempt(
        bounded(
          connector.open(never()).then(() => readAll(connector, null)),
          'refusal',
        ),
      )
      assertYiwangError(tried.thrown)
      for (const secret of harness.secrets) assert.ok(!shownBy(tried.thrown).includes(secret), 'a secret')
      await bounded(connector.close(), 'close')
    },
  },
  {
    name: 'a source that never answers is given up',
    needs: 'remote',
    async check(harness) {
      assertYiwangError((await attempt(bounded(readSilent(harness, 500, never()), 'end of patience'))).thrown)
    },
  },
  {
    name: 'an abort ends the wait for an answer',
    needs: 'remote',
    async check(harness) {
      const controller = new AbortController()
      const reading = attempt(bounded(readSilent(harness, 60_000, controller.signal), 'end after abort'))
      await pause(quietMs)
      controller.abort()
      const { thrown } = await reading
      if (thrown !== null) assertYiwangError(thrown)
    },
  },
  {
    name: 'wait ends when something arrives',
    needs: 'wait',
    async check(harness) {
      await harness.add(1)
      await opened(harness, async (connector) => {
        await readAll(connector, null)
        const waited = connector.wait?.(never())
        assert.ok(waited)
        await harness.add(1)
        await bounded(waited, 'wake-up')
      })
    },
  },
  {
    name: 'wait tells of what came before it, unless a read has given it',
    needs: 'wait',
    async check(harness) {
      await harness.add(1)
      await opened(harness, async (connector) => {
        await bounded(connector.wait?.(never()) ?? Promise.resolve(), 'word of what is there')
      })
    },
  },
  {
    name: 'wait does not tell of the same items again and again',
    needs: 'wait',
    async check(harness) {
      await harness.add(2)
      await opened(harness, async (connector) => {
        const controller = new AbortController()
        const ended: number[] = []
        const waits = async () => {
          for (let call = 1; call <= 3 && !controller.signal.aborted; call += 1) {
            await connector.wait?.(controller.signal)
            if (!controller.signal.aborted) ended.push(call)
          }
        }
        const waiting = waits()
        await pause(quietMs)
        controller.abort()
        await bounded(waiting, 'end of wait after abort')
        assert.ok(ended.length < 2, 'wait ended without news')
      })
    },
  },
  {
    name: 'wait ends on abort',
    needs: 'wait',
    async check(harness) {
      await opened(harness, async (connector) => {
        await readAll(connector, null)
        const controller = new AbortController()
        const waited = connector.wait?.(controller.signal)
        assert.ok(waited)
        controller.abort()
        await bounded(waited, 'end of wait after abort')
        await bounded(connector.wait?.(controller.signal) ?? Promise.resolve(), 'wait when already aborted')
      })
    },
  },
]
