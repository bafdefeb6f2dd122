import { building } from './numbers.ts'
import type { Profile } from './profile.ts'
import { TermPlaces } from './term-places.ts'
import type { TermStatistics } from './term-statistics.ts'

/** A stretch of text that two reports share. */
export interface SharedRun {
  readonly text: string
  /** How telling it is, in nats. */
  readonly weight: number
}

/** What two reports have in common, and what speaks against it. Weights are in nats; see TermStatistics. */
export interface Comparison {
  /** Weight of all shared terms, and of those that are part of a name. */
  readonly shared: number
  readonly sharedNames: number
  /** Weight of shared stretches that may be names which no ending tells: 优学帮, 青枫映月. */
  readonly unlisted: number
  /** Weight of the shared terms beside the names, or where none is shared beside the stretch that is likeliest to be one. */
  readonly besideNames: number
  /** Those worth telling of, most telling first. */
  readonly runs: readonly SharedRun[]
  /** Weight of the most telling one. */
  readonly longestRun: number
  /** Weight of the shared stretches beyond what two long texts share by chance. */
  readonly beyondChance: number
  /** Weight of shared terms that both reports have in focus (title, first words), and of names among them. */
  readonly sharedInFocus: number
  readonly namesInFocus: number
  /** Shared weight over the weight of the lighter and of the heavier report, in [0, 1]. */
  readonly cover: number
  readonly coverOfLarger: number
  /** Shared terms over all terms, and over those of the shorter report, in [0, 1], unweighted. */
  readonly jaccard: number
  readonly containment: number
  /** The same of what is part of a name, and of what stands in focus. */
  readonly nameCover: number
  readonly focusCover: number
  /** Both name places or bodies, and share none of the names. */
  readonly namesDiffer: boolean
  readonly bothNamed: boolean
  /** Kinds of places and bodies (村, 厂, 路) of which both name some: how many share one, and how many share none. */
  readonly sameNameKinds: number
  readonly otherNameKinds: number
  readonly matter: Agreement
  readonly domain: Agreement
  /** Of the concepts in focus. */
  readonly focus: Agreement
  readonly sharedNumbers: number
  /** Telling numbers of the report that has fewer. */
  readonly fewerNumbers: number
  /** Counted parts of names (二期, 115路) that agree, and that differ. */
  readonly sameOrdinals: number
  readonly otherOrdinals: number
  readonly sameBuilding: boolean
  readonly otherBuilding: boolean
  /** Shared terms that are not part of names, over those of the report that has less of them, in [0, 1]. */
  readonly contentCover: number
  /** Shared terms over those of the shorter title, in [0, 1]. */
  readonly title: number
  readonly fewerTerms: number
  readonly moreTerms: number
}

/** How far two sets of concepts agree. */
export interface Agreement {
  readonly shared: number
  readonly strongest: number
  /** Cosine of the two sets, in [0, 1]; 0 where one is empty. */
  readonly cosine: number
  /** Over the set that weighs less, in [0, 1]. */
  readonly containment: number
  /** Weight of the lighter set where both have something and share nothing; else 0. */
  readonly conflict: number
  readonly eitherEmpty: boolean
}

/** A report made ready to be compared with many: its terms by hash, weighed as of now. */
export class Comparer {
  readonly profile: Profile
  readonly statistics: TermStatistics
  private readonly places: TermPlaces
  private readonly weights: Float32Array
  private readonly totals: Totals
  /** For each term the number of the comparison that last met it. */
  private readonly met: Uint32Array
  private comparisons = 0

  constructor(profile: Profile, statistics: TermStatistics) {
    this.profile = profile
    this.statistics = statistics
    this.places = TermPlaces.of(profile.terms)
    this.weights = new Float32Array(profile.terms.length)
    this.met = new Uint32Array(profile.terms.length)
    const weights = weightsOf(profile, statistics)
    this.weights.set(weights)
    this.totals = totalsOf(profile, weights)
  }

  /** The weight of the report's term number `at`, as of when it was made ready. */
  weightOf(at: number): number {
    return this.weights[at] ?? 0
  }

  compare(other: Profile): Comparison {
    const { profile, totals } = this
    const overlap = this.overlap(other)
    const theirs = totalsOf(other, weightsOf(other, this.statistics))
    const sizes = [profile.terms.length, other.terms.length] as const
    const fewer = Math.min(...sizes)
    const bothNamed = profile.names.length > 0 && other.names.length > 0
    return {
      shared: overlap.shared,
      sharedNames: overlap.names,
      unlisted: overlap.unlisted,
      besideNames: overlap.content - (overlap.names > 0 ? 0 : overlap.longestUnlisted),
      runs: overlap.runs.sort((a, b) => b.weight - a.weight),
      longestRun: overlap.longestRun,
      beyondChance: overlap.runs.reduce((sum, { weight }) => sum + Math.max(0, weight - byChance), 0),
      sharedInFocus: overlap.inFocus,
      namesInFocus: overlap.namesInFocus,
      cover: ratio(overlap.shared, Math.min(totals.all, theirs.all)),
      coverOfLarger: ratio(overlap.shared, Math.max(totals.all, theirs.all)),
      jaccard: ratio(overlap.count, sizes[0] + sizes[1] - overlap.count),
      containment: ratio(overlap.count, fewer),
      nameCover: ratio(overlap.names, Math.min(totals.names, theirs.names)),
      focusCover: ratio(overlap.inFocus, Math.min(totals.focus, theirs.focus)),
      bothNamed,
      namesDiffer: bothNamed && overlap.names === 0,
      matter: agreement(profile.matters, other.matters, this.statistics),
      domain: agreement(profile.domains, other.domains, this.statistics),
      focus: agreement(profile.focalMatters, other.focalMatters, this.statistics),
      contentCover: ratio(overlap.content, Math.min(totals.content, theirs.content)),
      sharedNumbers: countShared(profile.numbers, other.numbers),
      fewerNumbers: Math.min(profile.numbers.size, other.numbers.size),
      ...compareOrdinals(profile, other),
      ...compareNameKinds(profile, other),
      title: ratio(
        countShared(profile.titleTerms, other.titleTerms),
        Math.min(profile.titleTerms.size, other.titleTerms.size),
      ),
      fewerTerms: fewer,
      moreTerms: Math.max(...sizes),
    }
  }

  /** Goes along the other text and follows each stretch that this report has too. */
  private overlap(other: Profile) {
    this.comparisons += 1
    const sums: Sums = { shared: 0, names: 0, count: 0, content: 0, inFocus: 0, namesInFocus: 0 }
    const runs: SharedRun[] = []
    let longestRun = 0
    const { pairs, starts } = other
    let from = -1
    let weight = 0
    let unlisted = 0
    let longestUnlisted = 0
    let stretch = 0
    let stretchWeight = 0
    for (let at = 0; at <= pairs.length; at += 1) {
      const place = at < pairs.length ? this.places.placeOf(pairs[at] ?? 0) : -1
      const met = place >= 0 ? this.meet(place, other, at, sums) : 0
      if (place >= 0 && this.isUnlisted(place, other, at)) {
        stretch += 1
        stretchWeight += met
      } else {
        if (stretch >= leastUnlisted) {
          unlisted += stretchWeight
          longestUnlisted = Math.max(longestUnlisted, stretchWeight)
        }
        stretch = 0
        stretchWeight = 0
      }
      if (place >= 0) {
        if (from < 0) from = at
        weight += met
      } else if (from >= 0) {
        if (weight >= leastRun) {
          const text = other.text.slice(starts[from], starts[at + 1] ?? other.text.length)
          runs.push({ text, weight })
        }
        longestRun = Math.max(longestRun, weight)
        from = -1
        weight = 0
      }
    }
    return { ...sums, runs, longestRun, unlisted, longestUnlisted }
  }

  /** Whether a shared term is of no list, of no name, and of no light characters. */
  private isUnlisted(place: number, other: Profile, at: number): boolean {
    const otherPlace = other.placeOf[at] ?? 0
    const isWhole = this.profile.factors[place] === 1 && other.factors[otherPlace] === 1
    return isWhole && this.profile.named[place] === 0 && other.named[otherPlace] === 0
  }

  /** Counts a shared term, the first time that it is met; its weight then, else 0. */
  private meet(place: number, other: Profile, at: number, sums: Sums): number {
    if (this.met[place] === this.comparisons) return 0
    this.met[place] = this.comparisons
    const otherPlace = other.placeOf[at] ?? 0
    const factor = Math.min(this.profile.factors[place] ?? 0, other.factors[otherPlace] ?? 0)
    const weight = (this.weights[place] ?? 0) * factor
    sums.shared += weight
    sums.count += 1
    const focal = this.profile.focal[place] === 1 && other.focal[otherPlace] === 1
    if (focal) sums.inFocus += weight
    const named = (this.profile.named[place] ?? 0) + (other.named[otherPlace] ?? 0)
    if (named === 0) sums.content += weight
    if (named > 0) {
      const ofName = (this.weights[place] ?? 0) * (named === 2 ? 1 : 0.7)
      sums.names += ofName
      if (focal) sums.namesInFocus += ofName
    }
    return weight
  }
}

/** Two long texts share many a stretch of two or three everyday characters. */
const byChance = 6

/** So many terms in a row, three characters, are seldom shared if they are no name. */
const leastUnlisted = 2

/** What a text shares of less weight than this is not worth telling. */
const leastRun = 4

/** What two reports share: how many terms, else the weight of those. */
interface Sums {
  shared: number
  names: number
  count: number
  content: number
  inFocus: number
  namesInFocus: number
}

/** Weight of a report's terms: of all, of those that are part of no name, of those that are, and of those in focus. */
interface Totals {
  readonly all: number
  readonly content: number
  readonly names: number
  readonly focus: number
}

/** Where the weights of one report after the other are worked out. */
let room = new Float64Array(2_048)

/** Good until those of the next report are asked for. */
function weightsOf({ terms }: Profile, statistics: TermStatistics): Float64Array {
  if (room.length < terms.length) room = new Float64Array(terms.length)
  const weights = room.subarray(0, terms.length)
  statistics.weigh(terms, weights)
  return weights
}

function totalsOf({ terms, factors, named, focal }: Profile, weights: Float64Array): Totals {
  let all = 0
  let content = 0
  let names = 0
  let focus = 0
  for (let at = 0; at < terms.length; at += 1) {
    const weight = weights[at] ?? 0
    const counted = weight * (factors[at] ?? 0)
    all += counted
    if (named[at] === 0) content += counted
    else names += weight
    if (focal[at] === 1) focus += counted
  }
  return { all, content, names, focus }
}

/** A concept says at most so much: it is a kind of matter, not a matter. */
const mostOfConcept = 5

function agreement(ours: Uint32Array, theirs: Uint32Array, statistics: TermStatistics): Agreement {
  const weightOf = (term: number) => Math.min(mostOfConcept, statistics.weight(term))
  let shared = 0
  let strongest = 0
  let ourTotal = 0
  let theirTotal = 0
  for (let at = 0; at < ours.length; at += 1) {
    const term = ours[at] ?? 0
    const weight = weightOf(term)
    ourTotal += weight
    if (!theirs.includes(term)) continue
    shared += weight
    strongest = Math.max(strongest, weight)
  }
  for (let at = 0; at < theirs.length; at += 1) theirTotal += weightOf(theirs[at] ?? 0)
  const lighter = Math.min(ourTotal, theirTotal)
  return {
    ...{ shared, strongest },
    cosine: ratio(shared, Math.sqrt(ourTotal * theirTotal)),
    containment: ratio(shared, lighter),
    conflict: shared === 0 ? lighter : 0,
    eitherEmpty: lighter === 0,
  }
}

function compareOrdinals(one: Profile, other: Profile) {
  let sameOrdinals = 0
  let otherOrdinals = 0
  const buildings = { sameBuilding: false, otherBuilding: false }
  for (const [noun, values] of one.ordinals) {
    const theirs = other.ordinals.get(noun)
    if (theirs === undefined) continue
    const agree = countShared(values, theirs) > 0
    if (noun === building) {
      buildings.sameBuilding = agree
      buildings.otherBuilding = !agree
    } else if (agree) sameOrdinals += 1
    else otherOrdinals += 1
  }
  return { sameOrdinals, otherOrdinals, ...buildings }
}

function compareNameKinds(one: Profile, other: Profile) {
  let sameNameKinds = 0
  let otherNameKinds = 0
  for (const [kind, cores] of one.namesByKind) {
    const theirs = other.namesByKind.get(kind)
    if (theirs === undefined) continue
    if (countShared(cores, theirs) > 0) sameNameKinds += 1
    else otherNameKinds += 1
  }
  return { sameNameKinds, otherNameKinds }
}

function countShared<Value>(one: ReadonlySet<Value>, other: ReadonlySet<Value>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one]
  let count = 0
  for (const value of small) if (large.has(value)) count += 1
  return count
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0
}
