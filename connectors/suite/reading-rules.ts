import assert from 'node:assert/strict'
import { describeError, isErrorCode } from '../../config/errors.ts'
import { type Item, metaNames } from '../connector.ts'
import type { ConnectorRule } from './harness.ts'
import {
  assertCovers,
  assertHolds,
  assertYiwangError,
  attempt,
  bodyText,
  fingerprints,
  isPlain,
  never,
  opened,
  readAll,
  stored,
} from './probe.ts'

const encoder = new TextEncoder()
const agreed: ReadonlySet<string> = new Set(metaNames)

/** What reading must give, and must leave alone. */
export const readingRules: readonly ConnectorRule[] = [
  {
    name: 'open leaves the source unchanged and consumes nothing',
    async check(harness) {
      const texts = await harness.add(3)
      const before = await harness.state()
      await opened(harness, async () => assert.equal(await harness.state(), before))
      assert.equal(await harness.state(), before)
      await opened(harness, async (connector) => assertHolds(await readAll(connector, null), texts))
    },
  },
  {
    name: 'read changes nothing at the source',
    async check(harness) {
      await harness.add(3)
      const before = await harness.state()
      await opened(harness, (connector) => readAll(connector, null))
      assert.equal(await harness.state(), before)
    },
  },
  {
    name: 'reading again gives the same ids and the same bytes',
    async check(harness) {
      await harness.add(4)
      const first = await opened(harness, (connector) => readAll(connector, null))
      await opened(harness, async (connector) => {
        assert.deepEqual(fingerprints(await readAll(connector, null)), fingerprints(first))
        assert.deepEqual(fingerprints(await readAll(connector, null)), fingerprints(first))
      })
    },
  },
  {
    name: 'everything that the source holds is read, oldest first',
    async check(harness) {
      const texts = [...(await harness.add(5)), ...(await harness.add(3))]
      const items = await opened(harness, (connector) => readAll(connector, null))
      assert.deepEqual(
        items.map(bodyText).map((body) => texts.findIndex((text) => body.includes(text))),
        [...texts.keys()],
      )
    },
  },
  {
    name: 'every item has an external id of its own',
    async check(harness) {
      await harness.add(5)
      const ids = (await opened(harness, (connector) => readAll(connector, null))).map(
        (item) => item.externalId,
      )
      assert.ok(ids.every((id) => id.length > 0 && id.length <= 512))
      assert.equal(new Set(ids).size, ids.length)
    },
  },
  {
    name: 'resuming from any cursor misses no later item',
    async check(harness) {
      await harness.add(6)
      const items = await opened(harness, (connector) => readAll(connector, null))
      for (const [index, item] of items.entries()) {
        const rest = await opened(harness, (connector) => readAll(connector, stored(item.cursor)))
        assertCovers(rest, items.slice(index + 1))
      }
    },
  },
  {
    name: 'resuming from a cursor repeats nothing',
    needs: 'exact',
    async check(harness) {
      await harness.add(4)
      const items = await opened(harness, (connector) => readAll(connector, null))
      for (const [index, item] of items.entries()) {
        const rest = await opened(harness, (connector) => readAll(connector, stored(item.cursor)))
        assert.deepEqual(fingerprints(rest), fingerprints(items.slice(index + 1)))
      }
    },
  },
  {
    name: 'a cursor that it does not know is refused or reads everything',
    async check(harness) {
      const texts = await harness.add(3)
      await opened(harness, async (connector) => {
        for (const cursor of [{}, { other: 'connector', position: 9_999_999 }]) {
          const read = await attempt(readAll(connector, cursor))
          if (read.thrown === null) assertHolds(read.value, texts)
          else assertYiwangError(read.thrown)
        }
      })
    },
  },
  {
    name: 'a cursor is small JSON without secrets, and so are the facts beside it',
    async check(harness) {
      await harness.add(3)
      for (const item of await opened(harness, (connector) => readAll(connector, null))) {
        assert.deepEqual(stored(item.cursor), item.cursor)
        assert.ok(Object.values(item.cursor).every(isPlain))
        assert.ok(encoder.encode(JSON.stringify(item.cursor)).length <= 4096)
        const shown = JSON.stringify([item.cursor, item.meta, item.externalId, item.mediaType])
        for (const secret of harness.secrets) assert.ok(!shown.includes(secret), 'a secret is shown')
      }
    },
  },
  {
    name: 'items that arrive after a read are found from its last cursor',
    async check(harness) {
      await harness.add(3)
      const cursor = await opened(harness, async (connector) =>
        stored((await readAll(connector, null)).at(-1)?.cursor ?? {}),
      )
      const later = await harness.add(2)
      await opened(harness, async (connector) => {
        assertHolds(await readAll(connector, cursor), later)
        const latest = await harness.add(1)
        assertHolds(await readAll(connector, cursor), [...later, ...latest])
      })
    },
  },
  {
    name: 'items that arrive during a read are found by it or by the next',
    async check(harness) {
      const texts = [...(await harness.add(3))]
      await opened(harness, async (connector) => {
        const items: Item[] = []
        for await (const item of connector.read(null, never())) {
          if (items.push(item) === 1) texts.push(...(await harness.add(2)))
        }
        const next = await readAll(connector, stored(items.at(-1)?.cursor ?? {}))
        assertHolds([...items, ...next], texts)
      })
    },
  },
  {
    name: 'a reader who stops early can read again',
    async check(harness) {
      const texts = await harness.add(4)
      await opened(harness, async (connector) => {
        for await (const _ of connector.read(null, never())) break
        assertHolds(await readAll(connector, null), texts)
      })
    },
  },
  {
    name: 'facts have agreed names, and problems are codes of the catalogue with their details',
    async check(harness) {
      await harness.add(3)
      for (const item of await opened(harness, (connector) => readAll(connector, null))) {
        assert.match(item.mediaType, /^[\w.+-]+\/[\w.+-]+(;.*)?$/)
        for (const [name, value] of Object.entries(item.meta)) {
          assert.ok(agreed.has(name), `meta.${name} is not among metaNames of connectors/connector.ts`)
          assert.equal(typeof value, 'string')
        }
        const { problem, problemDetail } = item.meta
        if (problem === undefined) continue
        assert.ok(isErrorCode(problem), `${problem} is not in the catalogue`)
        const text = describeError(problem, JSON.parse(problemDetail ?? '{}'), 'en')
        assert.doesNotMatch(text, /\{\w+\}/, 'a detail is missing')
      }
    },
  },
  {
    name: 'inventory gives exactly the locators of what is read',
    needs: 'inventory',
    async check(harness) {
      await harness.add(4)
      await opened(harness, async (connector) => {
        const read = (await readAll(connector, null)).map((item) => item.meta.locator)
        const listed: string[] = []
        for await (const locator of connector.inventory?.(never()) ?? []) listed.push(locator)
        assert.deepEqual(listed.toSorted(), read.toSorted())
        assert.equal(new Set(listed).size, 4)
      })
    },
  },
]
