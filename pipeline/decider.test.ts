import { expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import type { Ticket } from '../normalizers/ticket.ts'
import { CandidateSearch } from './candidate-search.ts'
import { Decider, ProfileCache } from './decider.ts'
import { ticket } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'

/** Remembers whose texts were worked out. */
class WatchedProfiles extends ProfileCache {
  readonly asked = new Set<string>()

  override of(given: Parameters<ProfileCache['of']>[0]) {
    this.asked.add(given.body)
    return super.of(given)
  }
}

const [report, ...unlike] = [
  '江滨路12号工地每晚十一点后仍在打桩',
  '体育馆南门的售票机坏了，排队要一个小时',
  '小区路灯坏了半个月没有人修',
  '公交车不停站，老人等了两次',
].map((body) => ticket(body, { body, title: null }))

it.each([
  ['two', 3, 2],
  ['one, where the next shares but a little', 1, 1],
])('ends a search after unlike tickets in a row: %s', (_, alike, compared) =>
  onFile(async (_file, open) => {
    const store = await open()
    const profiles = new WatchedProfiles()
    const decider = new Decider(defaultDedupe, profiles)
    await decider.begin(0, store)
    if (report === undefined) throw new Error('no report')
    const byId = new Map(unlike.map((each) => [each.id, each]))
    const search = new CandidateSearch(store)
    search.find = () => ({ ticketIds: [...byId.keys()], alike, cut: false })
    const decision = decider.decide(decider.inquire(report), search, (id) => byId.get(id) ?? null)
    await store.close()
    expect(decision.verdict).toBe('new')
    expect([...profiles.asked]).toEqual([report, ...unlike.slice(0, compared)].map(({ body }) => body))
  }),
)

it('keeps profiles of long texts while they take no more memory than many short ones', () => {
  const profiles = new ProfileCache()
  const long = Array.from({ length: 12 }, (_, at) =>
    ticket(`long ${at}`, { body: '长'.repeat(400_000) + at }),
  )
  const first = profiles.of(ticket('short'))
  expect(profiles.of(ticket('short'))).toBe(first)
  for (const each of long) profiles.of(each)
  expect(profiles.of(ticket('short'))).not.toBe(first)
})

it('looks back and ahead as far as any window, and back to what may come back', async () => {
  const short = { kinds: ['help'], categories: [], windowDays: 2, incidentDays: 90 }
  const settings = {
    ...defaultDedupe,
    windowDays: 60,
    incidentDays: 45,
    recurrenceDays: 400,
    windows: [short],
  }
  const days = (of: typeof settings) => {
    const { reachMs } = new Decider(of)
    const { backMs, aheadMs } = new Decider(of).inquire(ticket('a')).seeker
    return [reachMs, backMs, aheadMs].map((ms) => ms / 86_400_000)
  }
  expect(days(settings)).toEqual([490, 490, 90])
  expect(days({ ...settings, similar: false })).toEqual([60, 60, 60])
})

it('compares a report with more tickets of an incident than those that it was found by', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const decider = new Decider(defaultDedupe)
    await decider.begin(0, store)
    if (report === undefined) throw new Error('no report')
    const caller = (of: Ticket, name: string) => ({
      ...of,
      reporter: { ...of.reporter, phone: null, key: name, name },
    })
    const inIncident = (of: Ticket, incidentId: string | null) => ({
      ...of,
      dedupe: { ...of.dedupe, incidentId },
    })
    const like = inIncident(caller({ ...report, id: 'T-like' }, '李梅'), 'I-1')
    const own = inIncident(caller(report, '张强'), 'I-1')
    const verdictWith = (...members: readonly Ticket[]) => {
      const byId = new Map([own, like, ...members].map((each) => [each.id, each]))
      const search = new CandidateSearch(store)
      search.find = () => ({ ticketIds: [like.id], alike: 1, cut: false })
      search.membersOf = () => [...byId.keys()]
      const { verdict, compared } = decider.decide(decider.inquire(own), search, (id) => byId.get(id) ?? null)
      return [verdict, compared]
    }
    const others = unlike.map((each) => caller(each, each.body))
    expect(verdictWith()).toEqual(['related', 1])
    expect(verdictWith(...others.map((each) => inIncident(each, 'I-1')))).toEqual(['new', 4])
    // Looked up as its tickets, and of another incident by now.
    expect(verdictWith(...others.map((each) => inIncident(each, null)))).toEqual(['related', 1])
    await store.close()
  }))

it('goes on with a search after a ticket that is alike', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const decider = new Decider(defaultDedupe)
    await decider.begin(0, store)
    const [first, second, third] = unlike
    if (report === undefined || !first || !second || !third) throw new Error('four reports')
    const like = { ...report, id: 'T-like' }
    const byId = new Map([first, like, second, third].map((each) => [each.id, each]))
    const search = new CandidateSearch(store)
    search.find = () => ({ ticketIds: [...byId.keys()], alike: 4, cut: false })
    const decision = decider.decide(decider.inquire(report), search, (id) => byId.get(id) ?? null)
    expect(decision).toMatchObject({ masterId: like.id, compared: 4 })
    await store.close()
  }))

it('compares no ticket with its own repeat', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const decider = new Decider(defaultDedupe)
    await decider.begin(0, store)
    if (report === undefined) throw new Error('no report')
    const repeat = ticket('repeat', { body: report.body, title: null }, report.id)
    const search = new CandidateSearch(store)
    search.find = () => ({ ticketIds: [repeat.id], alike: 1, cut: false })
    const decision = decider.decide(decider.inquire(report), search, (id) =>
      id === repeat.id ? repeat : null,
    )
    expect(decision).toMatchObject({ verdict: 'new', compared: 0 })
    await store.close()
  }))

it('counts no words of a batch that was not committed', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const decider = new Decider(defaultDedupe)
    await decider.begin(0, store)
    decider.count(decider.inquire(ticket('a')))
    decider.forgetTerms()
    await decider.begin(0, store)
    expect(decider.termWrite(['a'])).toBeNull()
    await store.close()
  }))

it('counts the words of a report for those of later epochs, and none where only equal texts are recognised', () =>
  onFile(async (_file, open) => {
    const store = await open()
    const written = async (similar: boolean) => {
      const decider = new Decider({ ...defaultDedupe, similar })
      await decider.begin(0, store)
      const inquiry = decider.inquire(ticket('a'))
      const worth = () => decider.inquire(ticket('a')).comparer?.weightOf(0) ?? 0
      const before = worth()
      for (let count = 0; count < 50; count += 1) decider.count(inquiry)
      await decider.begin(1, store)
      return [worth() < before, decider.termWrite(['a']) !== null]
    }
    expect([await written(true), await written(false)]).toEqual([
      [true, true],
      [false, false],
    ])
    await store.close()
  }))
