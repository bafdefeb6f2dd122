import { expect, test } from 'vitest'
import { defaultDedupe } from '../../../config/schema.ts'
import { Comparer } from '../../../dedupe/comparison.ts'
import { decide } from '../../../dedupe/decide.ts'
import { TermStatistics } from '../../../dedupe/term-statistics.ts'
import { by, profile, report } from '../../../dedupe/testing/reports.ts'
import matters from './short-matters.json' with { type: 'json' }

/** As five people would write of each of sixty matters at a place, told by somebody who did not know the program. */
const places = ['锦绣花园', '东方曼哈顿', '王家组']

const said = places.map((place) =>
  Object.values(matters).map((texts) =>
    texts.map((text) => profile(by('张强', report(text.replace('@', place))))),
  ),
)
const statistics = new TermStatistics()

type Profile = ReturnType<typeof profile>

function isJoined(one: Profile, other: Profile): boolean {
  const arriving = profile(by('李梅', { ...one.report, at: one.report.at + 86_400_000 }))
  const filed = { profile: other, masterId: null, incidentId: null, apartFrom: [] }
  return decide(new Comparer(arriving, statistics), [filed], defaultDedupe, false).verdict !== 'new'
}

function shareJoined(pairs: readonly (readonly [Profile, Profile])[]): number {
  return pairs.filter(([one, other]) => isJoined(one, other)).length / pairs.length
}

/** Each with each that comes before it. */
function pairsOf<Of>(all: readonly Of[]): readonly (readonly [Of, Of])[] {
  return all.flatMap((one, at) => all.slice(0, at).map((other) => [one, other] as const))
}

test('short reports of one matter at a place find each other, and hardly any of another matter there', () => {
  const same = said.flat().flatMap(pairsOf)
  const others = said.flatMap((atPlace) => pairsOf(atPlace.map(([first]) => first as Profile)))
  expect(shareJoined(same)).toBeGreaterThan(0.35)
  expect(shareJoined(others)).toBeLessThan(0.015)
})
