import assert from 'node:assert/strict'
import type { LastPull, PullFailure, Store } from '../store.ts'
import { assertCode, takeOver } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const minuteMs = 60_000

/** The store, with every lease question answered for whoever holds the lease now. */
function asHolder(store: Store) {
  const tokens = new Map<string, string>()
  const current = <Held extends { readonly name: string; readonly token: string }>(lease: Held): Held => ({
    ...lease,
    token: tokens.get(lease.name) ?? lease.token,
  })
  const acquire: Store['acquire'] = async (name, token, ttlMs) => {
    const lease = await store.acquire(name, token, ttlMs)
    if (lease !== null) tokens.set(name, token)
    return lease
  }
  return { acquire, current }
}

async function held(store: Store, token: string, ttlMs = minuteMs) {
  const lease = await store.acquire('source.mail', token, ttlMs)
  assert.ok(lease, `${token} gets the lease`)
  return lease
}

function pullOf(sourceId: string, parts: Partial<LastPull> = {}): LastPull {
  const at = '2026-03-01T08:05:00+08:00'
  return { sourceId, at, read: 0, added: 0, succeededAt: at, failure: null, ...parts }
}

const failure: PullFailure = {
  since: '2026-02-28T23:59:59+08:00',
  code: 'SOURCE_UNREACHABLE',
  details: {
    source: 'mail',
    host: 'imap.example.org',
    reason: '没有\u0000答复',
    'reason.en': 'no answer',
    port: 993,
  },
}

/** What leases, last pulls and cursors promise. */
export const leaseRules: readonly StoreRule[] = [
  {
    name: 'a lease is not given to another before it has expired, and then it is',
    breach: 'never lets a lease expire',
    broken: (store) => ({
      ...store,
      acquire: (name, token) => store.acquire(name, token, minuteMs),
    }),
    async check(open) {
      const store = await open()
      await held(store, 'one')
      assert.equal(await store.acquire('source.mail', 'two', minuteMs), null)
      await held(store, 'one', 0)
      assert.ok(await store.acquire('source.sms', 'two', minuteMs))
      await held(store, 'two')
      assert.equal(await store.acquire('source.mail', 'one', minuteMs), null)
    },
  },
  {
    name: 'a lease that ends later than any can was taken before the clock was set back, and blocks nobody',
    breach: 'believes it',
    broken: (store) => ({
      ...store,
      acquire: (name, token, ttlMs) => store.acquire(name, token, Math.min(ttlMs, 15 * minuteMs)),
    }),
    async check(open) {
      const store = await open()
      await held(store, 'one', 24 * 60 * minuteMs)
      await held(store, 'two', 15 * minuteMs)
      assert.equal(await store.acquire('source.mail', 'three', minuteMs), null)
    },
  },
  {
    name: 'the holder gets its own lease again',
    breach: 'refuses whoever asks while a lease is held',
    broken: (store) => {
      const taken = new Set<string>()
      const acquire: Store['acquire'] = async (name, ...args) => {
        if (taken.has(name)) return null
        taken.add(name)
        return store.acquire(name, ...args)
      }
      return { ...store, acquire }
    },
    async check(open) {
      const store = await open()
      await held(store, 'one')
      const again = await held(store, 'one')
      assert.deepEqual(again, { name: 'source.mail', token: 'one', takenOver: false })
      assert.equal(await store.acquire('source.mail', 'two', minuteMs), null)
    },
  },
  {
    name: 'of many that ask for a free lease at once one gets it',
    breach: 'gives the lease to all who ask in the same moment',
    broken: (store) => ({
      ...store,
      acquire: async (name, token, ttlMs) =>
        (await store.acquire(name, token, ttlMs)) ?? { name, token, takenOver: false },
    }),
    async check(open) {
      const stores = [await open(), await open()]
      const asking = Array.from({ length: 12 }, (_, index) =>
        stores[index % 2]?.acquire('source.mail', `token ${index}`, minuteMs),
      )
      const won = (await Promise.all(asking)).filter((lease) => lease !== null)
      assert.equal(won.length, 1)
      assert.equal(
        await stores[0]?.renew(won[0] ?? { name: '', token: '', takenOver: false }, minuteMs),
        true,
      )
    },
  },
  {
    name: 'a lease tells whether its last holder let it expire instead of releasing it',
    breach: 'never says so',
    broken: (store) => ({
      ...store,
      acquire: async (...args) => {
        const lease = await store.acquire(...args)
        return lease && { ...lease, takenOver: false }
      },
    }),
    async check(open) {
      const store = await open()
      const first = await held(store, 'one')
      assert.equal(first.takenOver, false)
      await store.release(first)
      const second = await held(store, 'two', 0)
      assert.equal(second.takenOver, false)
      assert.equal((await held(store, 'three')).takenOver, true)
    },
  },
  {
    name: 'renewing holds a lease longer, and says no once it is another’s',
    breach: 'always says yes',
    broken: (store) => ({
      ...store,
      renew: async (...args) => {
        await store.renew(...args)
        return true
      },
    }),
    async check(open) {
      const store = await open()
      const lease = await held(store, 'one', 0)
      assert.equal(await store.renew(lease, minuteMs), true)
      assert.equal(await store.acquire('source.mail', 'two', minuteMs), null)
      await takeOver(store, lease)
      assert.equal(await store.renew(lease, minuteMs), false)
      assert.equal(await store.renew({ ...lease, name: 'source.none' }, minuteMs), false)
    },
  },
  {
    name: 'releasing frees a lease at once, unless it is another’s by now',
    breach: 'releases whoever holds the lease',
    broken: (store) => {
      const { acquire, current } = asHolder(store)
      return { ...store, acquire, release: (lease) => store.release(current(lease)) }
    },
    async check(open) {
      const store = await open()
      const stale = await held(store, 'one')
      const lease = await takeOver(store, stale)
      await store.release(stale)
      assert.equal(await store.acquire('source.mail', 'three', minuteMs), null)
      await store.release(lease)
      await held(store, 'three')
    },
  },
  {
    name: 'a cursor is kept for each source as it was last saved, and there is none at first',
    breach: 'keeps the first cursor',
    broken: (store) => {
      const saved = new Set<string>()
      return {
        ...store,
        saveCursor: async (sourceId, ...args) => {
          if (saved.has(sourceId)) return
          saved.add(sourceId)
          await store.saveCursor(sourceId, ...args)
        },
      }
    },
    async check(open) {
      const store = await open()
      assert.equal(await store.cursor('mail'), null)
      const lease = await held(store, 'one')
      await store.saveCursor('mail', { uid: 1, page: null }, lease)
      await store.saveCursor('$board.1', { at: '昨天\u0000' }, lease)
      await store.saveCursor('mail', { uid: 2, page: 'a.b' }, lease)
      await store.release(lease)
      await store.close()
      const again = await open()
      assert.deepEqual(await again.cursor('mail'), { uid: 2, page: 'a.b' })
      assert.deepEqual(await again.cursor('$board.1'), { at: '昨天\u0000' })
      const other = await again.acquire('import', 'two', minuteMs)
      assert.ok(other)
      await again.saveCursor('mail', { uid: 3 }, other)
      assert.deepEqual(await again.cursor('mail'), { uid: 3 })
    },
  },
  {
    name: 'how the last pull of a source ended is kept as its lease is released, and nothing where that is not said',
    breach: 'keeps what the first pull ended with',
    broken: (store) => {
      const kept = new Set<string>()
      return {
        ...store,
        release: async (lease, pull) => {
          const isFirst = pull !== undefined && !kept.has(pull.sourceId)
          if (pull !== undefined) kept.add(pull.sourceId)
          await (isFirst ? store.release(lease, pull) : store.release(lease))
        },
      }
    },
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.lastPulls(['mail']), new Map())
      await store.release(await held(store, 'one'), pullOf('mail', { failure }))
      const board = await store.acquire('source.$board.1', 'one', minuteMs)
      assert.ok(board)
      await store.release(board, pullOf('$board.1', { read: 7, added: 3 }))
      assert.deepEqual((await store.lastPulls(['mail'])).get('mail'), pullOf('mail', { failure }))
      await store.release(await held(store, 'two'), pullOf('mail', { at: '2026-03-01T08:06:00+08:00' }))
      const last = await held(store, 'three')
      await store.saveCursor('mail', { uid: 1 }, last)
      await store.release(last)
      await store.close()
      const again = await open()
      const pulls = await again.lastPulls(['mail', 'none', '$board.1'])
      assert.deepEqual([...pulls.keys()].sort(), ['$board.1', 'mail'])
      assert.deepEqual(pulls.get('mail'), pullOf('mail', { at: '2026-03-01T08:06:00+08:00' }))
      assert.deepEqual(pulls.get('$board.1'), pullOf('$board.1', { read: 7, added: 3 }))
      assert.deepEqual(await again.cursor('mail'), { uid: 1 })
    },
  },
  {
    name: 'a stale holder cannot say how a pull ended',
    breach: 'believes it',
    broken: (store) => {
      const { acquire, current } = asHolder(store)
      return {
        ...store,
        acquire,
        release: (lease, pull) => store.release(pull === undefined ? lease : current(lease), pull),
      }
    },
    async check(open) {
      const store = await open()
      const stale = await held(store, 'one')
      const lease = await takeOver(store, stale)
      await store.release(stale, pullOf('mail', { failure }))
      assert.deepEqual(await store.lastPulls(['mail']), new Map())
      await store.release(lease, pullOf('mail'))
      await store.release(stale, pullOf('mail', { failure }))
      assert.deepEqual((await store.lastPulls(['mail'])).get('mail'), pullOf('mail'))
    },
  },
  {
    name: 'a stale holder cannot save a cursor',
    breach: 'saves it for whoever holds the lease now',
    broken: (store) => {
      const { acquire, current } = asHolder(store)
      const saveCursor: Store['saveCursor'] = (sourceId, cursor, lease) =>
        store.saveCursor(sourceId, cursor, current(lease))
      return { ...store, acquire, saveCursor }
    },
    async check(open) {
      const store = await open()
      const stale = await held(store, 'one')
      await store.saveCursor('mail', { uid: 1 }, stale)
      const lease = await takeOver(store, stale)
      await assertCode('LEASE_LOST', store.saveCursor('mail', { uid: 9 }, stale))
      assert.deepEqual(await store.cursor('mail'), { uid: 1 })
      await store.saveCursor('mail', { uid: 2 }, lease)
      await store.release(lease)
      await assertCode('LEASE_LOST', store.saveCursor('mail', { uid: 9 }, lease))
      assert.deepEqual(await store.cursor('mail'), { uid: 2 })
    },
  },
]
