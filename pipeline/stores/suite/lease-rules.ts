import assert from 'node:assert/strict'
import type { Store } from '../store.ts'
import { assertCode, now } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

/** The store, with every lease question answered for whoever holds the lease now. */
function asHolder(store: Store) {
  const tokens = new Map<string, string>()
  const current = <Held extends { readonly name: string; readonly token: string }>(lease: Held): Held => ({
    ...lease,
    token: tokens.get(lease.name) ?? lease.token,
  })
  const acquire: Store['acquire'] = async (name, token, ttlMs, at) => {
    const lease = await store.acquire(name, token, ttlMs, at)
    if (lease !== null) tokens.set(name, token)
    return lease
  }
  return { acquire, current }
}

async function held(store: Store, token: string, at: number = now) {
  const lease = await store.acquire('source.mail', token, 1000, at)
  assert.ok(lease, `${token} gets the lease`)
  return lease
}

const dayMs = 86_400_000
const quarterMs = 900_000

/** What leases and cursors promise. */
export const leaseRules: readonly StoreRule[] = [
  {
    name: 'a lease is not given to another before it has expired, and then it is',
    breach: 'never lets a lease expire',
    broken: (store) => ({
      ...store,
      acquire: (name, token, ttlMs) => store.acquire(name, token, ttlMs, now),
    }),
    async check(open) {
      const store = await open()
      await held(store, 'one')
      assert.equal(await store.acquire('source.mail', 'two', 1000, now + 999), null)
      assert.ok(await store.acquire('source.sms', 'two', 1000, now))
      assert.ok(await store.acquire('source.mail', 'two', 1000, now + 1000))
      assert.equal(await store.acquire('source.mail', 'one', 1000, now + 1500), null)
    },
  },
  {
    name: 'a lease that ends later than any can was taken before the clock was set back, and blocks nobody',
    breach: 'believes it',
    broken: (store) => ({
      ...store,
      acquire: (name, token, ttlMs, at) => store.acquire(name, token, ttlMs, Math.max(at, now + dayMs)),
    }),
    async check(open) {
      const store = await open()
      await held(store, 'one', now + dayMs)
      assert.ok(await store.acquire('source.mail', 'two', 1000, now))
      assert.equal(await store.acquire('source.mail', 'three', 1000, now - quarterMs), null)
    },
  },
  {
    name: 'the holder gets its own lease again',
    breach: 'refuses whoever asks while a lease is held',
    broken: (store) => {
      const taken = new Set<string>()
      const acquire: Store['acquire'] = async (name, token, ttlMs, at) => {
        if (taken.has(name)) return null
        taken.add(name)
        return store.acquire(name, token, ttlMs, at)
      }
      return { ...store, acquire }
    },
    async check(open) {
      const store = await open()
      await held(store, 'one')
      assert.deepEqual(await held(store, 'one', now + 500), {
        name: 'source.mail',
        token: 'one',
        takenOver: false,
      })
      assert.equal(await store.acquire('source.mail', 'two', 1000, now + 1200), null)
    },
  },
  {
    name: 'of many that ask for a free lease at once one gets it',
    breach: 'gives the lease to all who ask in the same moment',
    broken: (store) => ({
      ...store,
      acquire: async (name, token, ttlMs, at) =>
        (await store.acquire(name, token, ttlMs, at)) ?? { name, token, takenOver: false },
    }),
    async check(open) {
      const stores = [await open(), await open()]
      const asking = Array.from({ length: 12 }, (_, index) =>
        stores[index % 2]?.acquire('source.mail', `token ${index}`, 1000, now),
      )
      const won = (await Promise.all(asking)).filter((lease) => lease !== null)
      assert.equal(won.length, 1)
      assert.equal(
        await stores[0]?.renew(won[0] ?? { name: '', token: '', takenOver: false }, 1000, now),
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
      const second = await held(store, 'two')
      assert.equal(second.takenOver, false)
      assert.equal((await held(store, 'three', now + 5000)).takenOver, true)
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
      const lease = await held(store, 'one')
      assert.equal(await store.renew(lease, 1000, now + 800), true)
      assert.equal(await store.acquire('source.mail', 'two', 1000, now + 1700), null)
      await held(store, 'two', now + 1800)
      assert.equal(await store.renew(lease, 1000, now + 1900), false)
      assert.equal(await store.renew({ ...lease, name: 'source.none' }, 1000, now), false)
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
      const lease = await held(store, 'two', now + 1000)
      await store.release(stale)
      assert.equal(await store.acquire('source.mail', 'three', 1000, now + 1001), null)
      await store.release(lease)
      await held(store, 'three', now + 1001)
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
      const other = await again.acquire('import', 'two', 1000, now)
      assert.ok(other)
      await again.saveCursor('mail', { uid: 3 }, other)
      assert.deepEqual(await again.cursor('mail'), { uid: 3 })
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
      const lease = await held(store, 'two', now + 1000)
      await assertCode('LEASE_LOST', store.saveCursor('mail', { uid: 9 }, stale))
      assert.deepEqual(await store.cursor('mail'), { uid: 1 })
      await store.saveCursor('mail', { uid: 2 }, lease)
      await store.release(lease)
      await assertCode('LEASE_LOST', store.saveCursor('mail', { uid: 9 }, lease))
      assert.deepEqual(await store.cursor('mail'), { uid: 2 })
    },
  },
]
