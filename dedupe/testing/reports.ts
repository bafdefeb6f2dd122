import fc from 'fast-check'
import { matchText } from '../../normalizers/text.ts'
import { Comparer } from '../comparison.ts'
import type { Finding } from '../decision.ts'
import { type Pair, pairOf } from '../features.ts'
import { type Profile, profileOf, type Report } from '../profile.ts'
import { findingOf } from '../reasons.ts'
import { TermStatistics } from '../term-statistics.ts'

const dayMs = 86_400_000

/** A report of an unknown person, `days` into March; what else is said may be given. */
export function report(body: string, days = 0, given: Partial<Omit<Report, 'reporter'>> = {}): Report {
  return {
    ...{ id: `T-${body.slice(0, 12)}-${days}`, sourceId: 'hotline', channel: 'hotline' },
    ...{ title: null, body, kind: 'complaint' },
    reporter: {
      ...{ kind: 'person', anonymous: false, name: null, phone: null, phoneRaw: null },
      ...{ email: null, wechatId: null, key: null },
    },
    place: {
      ...{ text: null, province: null, city: null, district: null, street: null, code: null },
      ...{ lat: null, lon: null, method: null },
    },
    ...{
      attachments: [],
      category: null,
      at: Date.parse('2026-03-01T08:00:00+08:00') + days * dayMs,
      dated: true,
    },
    ...given,
  }
}

/** The same report, by somebody. */
export function by(name: string, of: Report): Report {
  return { ...of, id: `${of.id}-${name}`, reporter: { ...of.reporter, name, key: name } }
}

export function profile(of: Report): Profile {
  return profileOf(of, matchText)
}

export function comparer(of: Report, statistics = new TermStatistics()): Comparer {
  return new Comparer(profile(of), statistics)
}

/** Two reports compared, the later one first. */
export function pair(one: Report, other: Report): Pair {
  const profiles = [profile(one), profile(other)] as const
  return pairOf(...profiles, new Comparer(profiles[0], new TermStatistics()).compare(profiles[1]))
}

/** What two reports have in common, told. */
export function found(one: Report, other: Report, score = 1, slips: readonly string[] = []): Finding {
  const written = [profile(one), profile(other)] as const
  return findingOf({ pair: pair(one, other), written, slips }, score, other.id)
}

const phrases = [
  ...['江滨路12号工地每晚打桩', '锦禾雅居二期3号楼停水', '湖东路与五四路口积水严重', '噪音很大，无法入睡'],
  ...['小区路灯坏了半个月', '请尽快处理', '希望有关部门核实', '我们是业主', '欠薪两万一千四', '物业不作为'],
  ...['k17路公交车不准时', '東門的垃圾桶滿了', '已经反映过，至今没有回复', '13800138000', '😀', '，', '。\n'],
]

/** Texts as they come: phrases of reports, which two may share, among characters of every kind. */
export const anyText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...phrases) }, fc.string({ unit: 'binary' })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

export const anyReport = fc
  .record({ title: fc.option(anyText, { nil: null }), body: anyText, days: fc.integer({ min: 0, max: 60 }) })
  .map(({ title, body, days }) => report(body, days, { title }))
