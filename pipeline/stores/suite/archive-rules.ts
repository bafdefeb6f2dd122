import assert from 'node:assert/strict'
import { commit, commitTickets, decide, idOf, item, outcome, ticket, ticketWrite } from './fixtures.ts'
import type { StoreRule } from './rule.ts'

const hostileTexts = ['a\u0000b', '𠀀𪚥龘', '👩‍👩‍👧‍👦', '$set', 'a.b', '"\'\\;--', '\u202e\ufeff', '']

/** What the archive promises. */
export const archiveRules: readonly StoreRule[] = [
  {
    name: 'an archived item is there after the store is opened again',
    breach: 'answers before anything is written',
    broken: (store) => ({ ...store, archive: async (items) => ({ added: items.length, known: 0 }) }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.archive([item('a'), item('b')]), { added: 2, known: 0 })
      await store.close()
      const story = await (await open()).item(idOf('R', 'b'))
      const { locator, day, ...archived } = item('b')
      assert.deepEqual(story?.item, { ...archived, body: new Uint8Array(archived.body) })
      assert.deepEqual([story?.attempts, story?.outcome, story?.decidedAt], [0, null, null])
    },
  },
  {
    name: 'texts come back unchanged: NUL, rare characters, emoji, operators, nothing at all',
    breach: 'cuts texts at the first NUL',
    broken: (store) => ({
      ...store,
      archive: (items) =>
        store.archive(items.map((one) => ({ ...one, externalId: one.externalId.split('\0')[0] ?? '' }))),
    }),
    async check(open) {
      const store = await open()
      const items = hostileTexts.map((text, index) =>
        item(`text ${index}`, {
          ...{ externalId: text, mediaType: text, meta: { file: text, sheet: text }, locator: text },
          body: Buffer.from(text),
        }),
      )
      await store.archive(items)
      for (const { rawId, externalId, body } of items) {
        const story = await store.item(rawId)
        assert.equal(story?.item.externalId, externalId)
        assert.equal(story.item.mediaType, externalId)
        assert.deepEqual(story.item.meta, { file: externalId, sheet: externalId })
        assert.deepEqual(story.item.body, new Uint8Array(body))
        assert.deepEqual(story.locators, [externalId])
        assert.equal((await store.itemsByExternalId(externalId)).length, 1)
      }
    },
  },
  {
    name: 'bodies come back byte for byte, empty or of 1 MiB or more than a document holds',
    breach: 'keeps the first 64 KiB of a body',
    broken: (store) => ({
      ...store,
      archive: (items) => store.archive(items.map((one) => ({ ...one, body: one.body.subarray(0, 65_536) }))),
    }),
    async check(open) {
      const store = await open()
      const sizes = [0, 1024 * 1024, 17 * 1024 * 1024]
      const bodies = sizes.map((bytes) => Buffer.alloc(bytes, 'no newline at the end\n'))
      await store.archive(bodies.map((body, index) => item(`body ${index}`, { body })))
      const pending = await store.pending(10, Number.MAX_SAFE_INTEGER, 0)
      assert.deepEqual(
        pending.map(({ body }) => body.byteLength),
        sizes,
      )
      for (const [index, { body }] of pending.entries())
        assert.equal(Buffer.compare(body, bodies[index] ?? body), 0)
    },
  },
  {
    name: 'times keep the offset that they were written with',
    breach: 'turns times into UTC',
    broken: (store) => ({
      ...store,
      archive: (items) =>
        store.archive(items.map((one) => ({ ...one, archivedAt: new Date(one.archivedAt).toISOString() }))),
    }),
    async check(open) {
      const store = await open()
      const archivedAt = '2026-03-01T08:05:00.123+05:45'
      await store.archive([item('a', { archivedAt })])
      assert.equal((await store.item(idOf('R', 'a')))?.item.archivedAt, archivedAt)
    },
  },
  {
    name: 'an item archived before is recognised, within one batch too, and keeps what it was first archived with',
    breach: 'counts every item as added',
    broken: (store) => ({
      ...store,
      archive: async (items) => {
        await store.archive(items)
        return { added: items.length, known: 0 }
      },
    }),
    async check(open) {
      const store = await open()
      assert.deepEqual(await store.archive([item('a'), item('b'), item('a')]), { added: 2, known: 1 })
      const later = item('a', { archivedAt: '2026-03-02T00:00:00.000+08:00' })
      assert.deepEqual(await store.archive([later, item('c')]), { added: 1, known: 1 })
      assert.equal(await store.pendingCount(), 3)
      assert.equal((await store.item(later.rawId))?.item.archivedAt, item('a').archivedAt)
    },
  },
  {
    name: 'two processes that archive the same items at once keep each of them once',
    breach: 'gives every process items of its own',
    broken: (store) => {
      const mark = Math.random().toString(36).slice(2)
      const own = (rawId: string) => rawId.slice(0, -mark.length) + mark
      return {
        ...store,
        archive: (items) => store.archive(items.map((one) => ({ ...one, rawId: own(one.rawId) }))),
      }
    },
    async check(open) {
      const stores = [await open(), await open()]
      const items = Array.from({ length: 40 }, (_, index) => item(`item ${index}`))
      await Promise.all(stores.map((store) => store.archive(items)))
      for (const store of stores) {
        assert.equal(await store.pendingCount(), items.length)
        const seqs = (await store.pending(100, Number.MAX_SAFE_INTEGER, 0)).map(({ seq }) => seq)
        assert.equal(new Set(seqs).size, items.length)
      }
    },
  },
  {
    name: 'an item remembers every locator that it was seen under, the later ones too',
    breach: 'drops the locators of items that it knows',
    broken: (store) => ({
      ...store,
      archive: async (items) => {
        const unknown = new Set(await store.unknownItems(items.map(({ rawId }) => rawId)))
        return store.archive(items.map((one) => (unknown.has(one.rawId) ? one : { ...one, locator: null })))
      },
    }),
    async check(open) {
      const store = await open()
      await store.archive([item('a', { locator: 'INBOX;1;7' })])
      await store.archive([item('a', { locator: 'INBOX;2;1' }), item('a', { locator: 'INBOX;1;7' })])
      const locators = (await store.item(idOf('R', 'a')))?.locators
      assert.deepEqual(locators, ['INBOX;1;7', 'INBOX;2;1'])
    },
  },
  {
    name: 'locators that the archive has never seen are told apart, for each source by itself',
    breach: 'mixes up the locators of different sources',
    broken: (store) => ({
      ...store,
      unknownLocators: async (_source, locators) => {
        const [here, there] = await Promise.all(
          ['hotline', 'mail'].map((source) => store.unknownLocators(source, locators)),
        )
        return here?.filter((locator) => there?.includes(locator)) ?? []
      },
    }),
    async check(open) {
      const store = await open()
      await store.archive([item('a', { locator: '1' }), item('b', { sourceId: 'mail', locator: '2' })])
      assert.deepEqual(await store.unknownLocators('hotline', ['1', '2', '3']), ['2', '3'])
      assert.deepEqual(await store.unknownLocators('mail', ['1', '2', '3']), ['1', '3'])
      assert.deepEqual(await store.unknownLocators('nowhere', ['1']), ['1'])
      assert.deepEqual(await store.unknownLocators('mail', []), [])
    },
  },
  {
    name: 'items that the archive does not hold are told apart',
    breach: 'claims to hold everything',
    broken: (store) => ({ ...store, unknownItems: async () => [] }),
    async check(open) {
      const store = await open()
      await store.archive([item('a')])
      assert.deepEqual(await store.unknownItems([idOf('R', 'b'), idOf('R', 'a')]), [idOf('R', 'b')])
      assert.equal(await store.item(idOf('R', 'b')), null)
    },
  },
  {
    name: 'all versions of an item are found by its external id, of whatever source, oldest first',
    breach: 'finds the latest version only',
    broken: (store) => ({
      ...store,
      itemsByExternalId: async (...args) => (await store.itemsByExternalId(...args)).slice(-1),
    }),
    async check(open) {
      const store = await open()
      const same = { externalId: 'GD-1' }
      await store.archive([item('a', same), item('other'), item('c', { ...same, sourceId: 'mail' })])
      await store.archive([item('b', same)])
      const rawIds = (await store.itemsByExternalId('GD-1')).map((story) => story.item.rawId)
      assert.deepEqual(rawIds, [idOf('R', 'a'), idOf('R', 'c'), idOf('R', 'b')])
      assert.deepEqual(await store.itemsByExternalId('GD-9'), [])
    },
  },
  {
    name: 'the items that led to a ticket are found by it, with their outcomes, oldest first',
    breach: 'finds only the item that the ticket began with',
    broken: (store) => ({
      ...store,
      itemsOfTicket: async (ticketId) => (await store.itemsOfTicket(ticketId)).slice(0, 1),
    }),
    async check(open) {
      const store = await open()
      await decide(store, { a: 'ticketed' })
      await store.archive([item('reply')])
      await commit(store, {
        tickets: [ticketWrite(ticket('a', { revision: 2 }))],
        outcomes: [await outcome(store, 'reply', 'linked', 'a')],
      })
      await commitTickets(store, ticket('unrelated'))
      const stories = await store.itemsOfTicket(idOf('T', 'a'))
      assert.deepEqual(
        stories.map(({ item, outcome }) => [item.rawId, outcome?.kind, outcome?.ticketId]),
        [
          [idOf('R', 'a'), 'ticketed', idOf('T', 'a')],
          [idOf('R', 'reply'), 'linked', idOf('T', 'a')],
        ],
      )
      assert.deepEqual(await store.itemsOfTicket(idOf('T', 'unrelated')), [])
      assert.deepEqual(await store.itemsOfTicket(idOf('T', 'unknown')), [])
    },
  },
]
