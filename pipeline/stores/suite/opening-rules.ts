import assert from 'node:assert/strict'
import { assertCode, commitTickets, idOf, item, ticket } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

/** What holds for a store as a whole. */
export const openingRules: readonly StoreRule[] = [
  {
    name: 'a secret is the same for every process and every time, and differs by name',
    breach: 'makes a new one for every process',
    broken: (store) => {
      const own = Math.random().toString(36)
      return { ...store, secret: async (name) => `${await store.secret(name)}${own}` }
    },
    async check(open) {
      const stores = [await open(), await open()]
      const [one, two] = await Promise.all(stores.map((store) => store.secret('matching')))
      assert.equal(one, two)
      assert.match(one ?? '', /^[0-9a-f]{64}/)
      assert.notEqual(await stores[0]?.secret('callbacks'), one)
      await Promise.all(stores.map((store) => store.close()))
      assert.equal(await (await open()).secret('matching'), one)
    },
  },
  {
    name: 'an empty store is ready at once, and migrating it again does nothing',
    breach: 'migrates again and again',
    broken: (store) => ({ ...store, migrate: async () => ['1: first schema'] }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.migrate(), [])
      await store.archive([item('a')])
      const second = await open()
      assert.deepEqual(await second.migrate(), [])
      assert.equal(await second.pendingCount(), 1)
    },
  },
  {
    name: 'many processes can open an empty store at once',
    breach: 'fails unless it is the first',
    broken: (store) => ({
      ...store,
      pendingCount: async () => {
        const first = await store.acquire('first', Math.random().toString(), 60_000)
        return first === null ? Promise.reject(new Error('not the first')) : store.pendingCount()
      },
    }),
    async check(open) {
      const stores = await Promise.all(Array.from({ length: 4 }, () => open()))
      const counts = await Promise.allSettled(stores.map((store) => store.pendingCount()))
      for (const count of counts) assert.deepEqual(count, { status: 'fulfilled', value: 0 })
    },
  },
  {
    name: 'a closed store says so, and closing it again is harmless',
    breach: 'stays open',
    broken: (store) => ({ ...store, close: async () => {} }),
    async check(open) {
      const store = await open()
      await commitTickets(store, ticket('a'))
      await store.close()
      await store.close()
      await assertCode('STORE_CLOSED', store.archive([item('a')]))
      await assertCode('STORE_CLOSED', store.ticket(idOf('T', 'a')))
      await assertCode('STORE_CLOSED', store.acquire('a', 'b', 1))
    },
  },
]
