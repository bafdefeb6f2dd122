import { simplify } from './fold.ts'
import { type Profile, profileOf, type Report } from './profile.ts'

/** Characters of a name that are looked for, with its ending: where a name begins is a guess. */
const tailCharacters = 2
/** So many names of a report are looked for: it is mostly about the first ones. */
const mostNames = 24

/** Two reports with their names spelt alike. */
export interface SpeltAlike {
  readonly one: Profile
  readonly other: Profile
  /** What was spelt otherwise, and how it is spelt now: 离湾新城、丽湾新城. */
  readonly slips: readonly string[]
}

/**
 * Spells names alike that only sound alike: 离湾新城, as a program writes what was spoken, counts as the 丽湾新城 of the
 * other report. Which spelling is right nobody knows; the same is taken in either order.
 */
export function speltAlike(one: Profile, other: Profile): SpeltAlike {
  if (one.text > other.text) {
    const turned = speltAlike(other, one)
    return { one: turned.other, other: turned.one, slips: turned.slips }
  }
  const slips: string[] = []
  const theirs = speltAs(one, other, slips)
  return { one: speltAs(theirs, one, slips), other: theirs, slips }
}

/** A report with the names of a model in the spelling of the model; itself where it has none that only sounds like one. */
function speltAs(model: Profile, profile: Profile, slips: string[]): Profile {
  let { report } = profile
  for (const { end, ending } of model.names.slice(0, mostNames)) {
    const start = end - ending.length - tailCharacters
    const tail = model.text.slice(start, end)
    const sound = model.sounds.slice(start, end)
    if (!profile.sounds.includes(sound) || profile.text.includes(tail)) continue
    const slip = slipIn(profile, tail, sound)
    // Who writes both of them means two places.
    if (slip === null || model.text.includes(slip)) continue
    const respelt = replaced(report, slip, tail)
    if (respelt === report) continue
    report = respelt
    slips.push(`${slip}、${tail}`)
  }
  return report === profile.report ? profile : profileOf(report, profile.fold)
}

/** What a report writes for a name that it does not write, but that it says. */
function slipIn({ text, sounds }: Profile, name: string, sound: string): string | null {
  for (let at = sounds.indexOf(sound); at >= 0; at = sounds.indexOf(sound, at + 1)) {
    const written = text.slice(at, at + name.length)
    if (differing(written, name) * 2 <= name.length) return written
  }
  return null
}

/** 近干涸 is no 金港河: of a slip at least half is written right. */
function differing(one: string, other: string): number {
  let count = 0
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) count += 1
  return count
}

/** Itself where the slip stands in no one piece, as the 离湾 of 离 湾新城. */
function replaced(report: Report, slip: string, name: string): Report {
  const { title, body, place } = report
  const spelt = (text: string) => simplify(text).replaceAll(slip, name)
  const isIn = (text: string | null) => text !== null && simplify(text).includes(slip)
  if (![title, body, place.text].some(isIn)) return report
  return {
    ...{ ...report, title: title === null ? null : spelt(title), body: spelt(body) },
    place: { ...place, text: place.text === null ? null : spelt(place.text) },
  }
}
