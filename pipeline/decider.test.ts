import { expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
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
