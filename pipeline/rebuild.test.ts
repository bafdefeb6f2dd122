import { afterEach, describe, expect, inject, it, vi } from 'vitest'
import { defaultDedupe, defaultProcessing } from '../config/schema.ts'
import { profileOf } from '../dedupe/profile.ts'
import { TermStatistics } from '../dedupe/term-statistics.ts'
import { matchText } from '../normalizers/text.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { Decider } from './decider.ts'
import { formOf, rebuildName } from './index-form.ts'
import { type RebuildOptions, rebuildIndex } from './rebuild.ts'
import type { IndexedTicket, Store } from './stores/store.ts'
import { commit, processing, takeOver, ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { freshMongo, freshSqlite, freshStore, onFile } from './stores/suite/fresh.ts'
import { TermLedger } from './term-ledger.ts'
import { reportOf } from './ticket-of.ts'

afterEach(() => void vi.useRealTimers())

const places = ['江滨路', '湖东路', '五四路', '杏园村', '槐荫里', '通京大道', '体育馆', '体育馆站']
const matters = ['路灯不亮', '积水严重', '夜间打桩', '电梯停运', '垃圾没有人清运']

/** @param row what it says is not what the others say */
function report(row: number, given: Partial<Ticket> = {}): Ticket {
  const body = `${places[row % 8]}${row}号${matters[row % 5]}，请${row % 3 === 0 ? '尽快' : ''}派人处理。`
  return ticket(`${row}`, { title: null, body, ...given })
}

async function write(store: Store, ...tickets: readonly Ticket[]): Promise<void> {
  await commit(store, { tickets: tickets.map((each) => ticketWrite(each)) })
  await store.release(await processing(store))
}

function rebuild(store: Store, onProgress: RebuildOptions['onProgress'] = () => {}): Promise<number> {
  const settings = { dedupe: defaultDedupe, processing: defaultProcessing }
  return rebuildIndex(store, settings, { signal: new AbortController().signal, onProgress })
}

async function allOf(store: Store): Promise<readonly IndexedTicket[]> {
  return (await store.ticketsInOrder({ after: null, since: null, limit: 9_999 })).tickets
}

/** Those under which the tickets are looked for, by what the store knows of words. */
async function keysOf(store: Store): Promise<readonly (readonly number[])[]> {
  const decider = new Decider(defaultDedupe)
  await decider.begin(0, store)
  return (await allOf(store)).map(({ ticket }) => decider.inquire(ticket).keys)
}

/** How often the words of all tickets occur. */
async function countedIn(store: Store): Promise<Uint8Array> {
  const statistics = new TermStatistics()
  for (const { ticket } of await allOf(store)) {
    const { terms, matters, domains } = profileOf(reportOf(ticket), matchText)
    statistics.add([...terms, ...matters, ...domains])
  }
  return statistics.toBytes()
}

async function statisticsOf(store: Store): Promise<Uint8Array> {
  return (await TermLedger.load(store)).statistics.toBytes()
}

describe.each(['sqlite', 'mongodb'] as const)('the index made anew in %s', (kind) => {
  async function onStore(work: (store: Store) => Promise<void>): Promise<void> {
    await using store = await freshStore(() =>
      kind === 'sqlite' ? freshSqlite() : freshMongo(inject('mongoUrl')),
    )
    await work(store)
  }

  it('counts the words of every ticket once, and has each under its keys, also those that come meanwhile', () =>
    onStore(async (store) => {
      const reports = Array.from({ length: 1_050 }, (_, row) => report(row))
      await write(store, ...reports.slice(0, 600))
      const onProgress = vi.fn()
      const acquire: Store['acquire'] = async (...lease) => {
        if (onProgress.mock.calls.length === 1) await write(store, ...reports.slice(600))
        return await store.acquire(...lease)
      }
      expect(await rebuild({ ...store, acquire }, onProgress)).toBe(1_050)
      const steps = onProgress.mock.calls.map(([{ step, tickets }]) => [step, tickets])
      const pages = [500, 1_000, 1_050]
      expect(steps).toEqual([
        ...pages.map((tickets) => ['counting', tickets]),
        ...pages.map((tickets) => ['indexing', tickets]),
      ])
      expect(await statisticsOf(store)).toEqual(await countedIn(store))
      expect((await allOf(store)).map(({ matchKeys }) => matchKeys)).toEqual(await keysOf(store))
    }))

  it('is made of a few tickets at a time where they are long: all together would not fit into memory', () =>
    onStore(async (store) => {
      for (const row of [0, 1, 2])
        await write(store, report(row, { body: `${row}号路灯不亮。`.repeat(200_000) }))
      const onProgress = vi.fn()
      await rebuild(store, onProgress)
      const steps = onProgress.mock.calls.map(([{ step, tickets }]) => [step, tickets])
      expect(steps).toEqual(
        ['counting', 'indexing'].flatMap((step) => [2, 3].map((tickets) => [step, tickets])),
      )
    }))

  it('leaves its progress to whoever took over the lease, so that the next one begins where it should', () =>
    onStore(async (store) => {
      await write(store, ...Array.from({ length: 501 }, (_, row) => report(row)))
      const reindex: Store['reindex'] = async (entries, terms, lease) => {
        const replaced = await store.reindex(entries, terms, lease)
        if (entries.length === 500) {
          await store.release(await takeOver(store, lease))
          await rebuild(store)
        }
        return replaced
      }
      await expect(rebuild({ ...store, reindex })).rejects.toMatchObject({ code: 'LEASE_LOST' })
      expect(await store.progress(rebuildName)).toBeNull()
    }))

  it('is made anew as often as is asked for, by the words that tickets have by then', () =>
    onStore(async (store) => {
      await write(store, ...Array.from({ length: 30 }, (_, row) => report(row)))
      await rebuild(store)
      const first = await statisticsOf(store)
      await write(store, report(0, { revision: 2, body: '菜市场的厕所没有水' }))
      await rebuild(store)
      expect(await statisticsOf(store)).not.toEqual(first)
      expect(await statisticsOf(store)).toEqual(await countedIn(store))
      expect((await allOf(store)).map(({ matchKeys }) => matchKeys)).toEqual(await keysOf(store))
    }))
})

it('waits as long as one who has died keeps it waiting, and half a minute more, before it gives up', () =>
  onFile(async (_, open) => {
    const store = await open()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const asked = Promise.withResolvers<void>()
    const acquire = async () => {
      asked.resolve()
      return null
    }
    const settings = { dedupe: { ...defaultDedupe, similar: false }, processing: defaultProcessing }
    const options = { signal: new AbortController().signal, onProgress: () => {} }
    const ended = expect(rebuildIndex({ ...store, acquire }, settings, options)).rejects.toMatchObject({
      code: 'PROCESSING_BUSY',
      details: { seconds: 60 },
    })
    await asked.promise
    await vi.advanceTimersByTimeAsync(60_000)
    await ended
    await store.close()
  }))

it('takes nothing for its own place that another rebuild notes just then, of keys of another form', () =>
  onFile(async (_, open) => {
    const store = await open()
    await write(store, report(0), report(1))
    let asked = 0
    const progress: Store['progress'] = async (name) => {
      if (name === rebuildName) asked += 1
      return asked === 2 ? `${formOf({ ...defaultDedupe, similar: false })} 500` : await store.progress(name)
    }
    expect(await rebuild({ ...store, progress })).toBe(2)
    expect((await allOf(store)).map(({ matchKeys }) => matchKeys)).toEqual(await keysOf(store))
    await store.close()
  }))
