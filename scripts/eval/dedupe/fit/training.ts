import { Comparer } from '../../../../dedupe/comparison.ts'
import { type FeatureName, type Features, pairOf } from '../../../../dedupe/features.ts'
import { type Profile, profileOf } from '../../../../dedupe/profile.ts'
import type { Question } from '../../../../dedupe/score.ts'
import type { TermCounts } from '../../../../dedupe/term-statistics.ts'
import { matchText } from '../../../../normalizers/text.ts'
import { reportOf } from '../../../../pipeline/ticket-of.ts'
import type { EvalRow } from '../../../cli/tune/rows.ts'
import type { Examples } from './examples.ts'
import { pairsOf, statisticsAfter, ticketsOf } from './pairs.ts'
import { atPlaceOf, elsewhere, namesByKind } from './swapped.ts'

/** Two reports, what is true of them, and how much that counts. */
export interface Example {
  readonly features: Features
  readonly incidentFeatures: Features
  /** Null: says nothing to the question. */
  readonly labels: Readonly<Record<Question, 0 | 1 | null>>
  readonly weight: number
}

const dayMs = 86_400_000
/** Made examples are many, and all of one kind. */
const madeWeight = 0.2

/**
 * The pairs of labelled rows that the program would weigh.
 * @param before counts of other reports that came before
 */
export async function judgedExamples(
  rows: readonly EvalRow[],
  before: readonly TermCounts[],
): Promise<readonly Example[]> {
  const examples: Example[] = []
  for (const { later, earlier, person, equal, ...pair } of await pairsOf(rows, before)) {
    const [one, other] = [rows[later], rows[earlier]]
    if (one === undefined || other === undefined || equal) continue
    const report = isShared(one.report, other.report)
    const incident = isShared(one.incident, other.incident)
    if (report === null && incident === null) continue
    const labels = {
      duplicate: person === 'different' ? null : report,
      // Copies of one report are never asked about.
      incident: report === 1 ? null : incident,
    }
    examples.push({ ...pair, labels, weight: 1 })
  }
  return examples
}

/** Null where one of the two is not labelled. */
function isShared(one: string | null | undefined, other: string | null | undefined): 0 | 1 | null {
  if (one === undefined || other === undefined) return null
  return one !== null && one === other ? 1 : 0
}

/**
 * Pairs that are not about one matter because they were made so: the same words about another place, and another
 * matter at the same place, within days.
 */
export async function madeExamples(
  rows: readonly EvalRow[],
  before: readonly TermCounts[],
  random: () => number,
): Promise<readonly Example[]> {
  const tickets = await ticketsOf(rows)
  const statistics = statisticsAfter(before)
  const profiles = tickets.map((ticket) => ticket && profileOf(reportOf(ticket), matchText))
  for (const profile of profiles) {
    if (profile) statistics.add([...profile.terms, ...profile.matters, ...profile.domains])
  }
  const known = profiles.filter((profile) => profile !== null)
  const names = namesByKind(known)
  const made: EvalRow[] = []
  const from: Profile[] = []
  for (const [at, row] of rows.entries()) {
    const profile = profiles[at]
    const other = Math.floor(random() * rows.length)
    const [otherRow, otherProfile] = [rows[other], profiles[other]]
    if (!profile || !otherRow || !otherProfile) continue
    const there = elsewhere(row, profile, names, random)
    const here = sharesMatter(profile, otherProfile) ? null : atPlaceOf(otherRow, otherProfile, profile)
    for (const twin of [there, here]) {
      if (twin === null) continue
      made.push(bySomebodyElse(twin, row, made.length, random))
      from.push(profile)
    }
  }
  const twins = await ticketsOf(made)
  return twins.flatMap((twin, at) => {
    const original = from[at]
    if (twin === null || original === undefined) return []
    const profile = profileOf(reportOf(twin), matchText)
    const comparison = new Comparer(profile, statistics).compare(original)
    const { features, incidentFeatures } = pairOf(profile, original, comparison)
    const labels = { duplicate: 0, incident: 0 } as const
    return [{ features, incidentFeatures, labels, weight: madeWeight }]
  })
}

function sharesMatter({ domains }: Profile, other: Profile): boolean {
  return domains.some((domain) => other.domains.includes(domain))
}

function bySomebodyElse(row: EvalRow, near: EvalRow, number: number, random: () => number): EvalRow {
  const at = near.submittedAt === null ? null : Date.parse(near.submittedAt) + random() * 12 * dayMs
  return {
    ...row,
    id: `made-${number}`,
    submittedAt: at === null ? null : new Date(at).toISOString(),
    name: null,
    phone: random() < 0.5 ? null : `1390013${String(number % 10_000).padStart(4, '0')}`,
  }
}

/** The examples of one question, as numbers in the order of `names`. */
export function examplesFor(
  question: Question,
  examples: readonly Example[],
  names: readonly FeatureName[],
): Examples {
  const asked = examples.filter(({ labels }) => labels[question] !== null)
  return {
    rows: asked.map(({ features, incidentFeatures }) => {
      const asked = question === 'incident' ? incidentFeatures : features
      return Float64Array.from(names, (name) => asked[name])
    }),
    labels: asked.map(({ labels }) => labels[question] ?? 0),
    weights: asked.map(({ weight }) => weight),
  }
}
