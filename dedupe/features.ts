import type { Comparison } from './comparison.ts'
import { codedCities } from './numbers.ts'
import {
  areKnownToDiffer,
  fullName,
  introduces,
  type NameRelation,
  personRelation,
  type SharedIdentity,
  sharedIdentity,
  tellsName,
} from './persons.ts'
import type { Profile, Report } from './profile.ts'

const dayMs = 86_400_000
const log = Math.log1p
const flag = (holds: boolean) => (holds ? 1 : 0)

/** Two compared reports, in the numbers that the scores are made of. */
export interface Pair {
  readonly comparison: Comparison
  readonly person: NameRelation
  /** By what the reporters are one person; null where they are not known to be, or by a text only. */
  readonly identity: SharedIdentity | null
  /** How far apart in time; null where the time of one is not known. */
  readonly days: number | null
  readonly features: Features
  /**
   * For the question of one incident, where a shared stretch that may be a name counts as one. For a repeat it does not:
   * what two people tell of one place is not one report.
   */
  readonly incidentFeatures: Features
}

export type Features = ReturnType<typeof featuresOf>
export type FeatureName = keyof Features

/** The same whichever is named first, for the later of the two is asked what it says of the earlier one. */
export function pairOf(arriving: Profile, known: Profile, comparison: Comparison): Pair {
  const isLater = !arriving.report.dated || !known.report.dated || arriving.report.at >= known.report.at
  const [one, other] = isLater ? [arriving, known] : [known, arriving]
  const shown = personRelation(one.report, other.report)
  const person = relationIn(one, other, shown)
  const identity = shown === 'same' ? sharedIdentity(one.report.reporter, other.report.reporter) : null
  const days = daysBetween(one.report, other.report)
  const features = featuresOf(one, other, { comparison, person, days })
  const named = namedToo(comparison)
  const incidentFeatures =
    named === comparison ? features : featuresOf(one, other, { comparison: named, person, days })
  return { comparison, person, identity, days, features, incidentFeatures }
}

function namedToo(comparison: Comparison): Comparison {
  const { sharedNames, unlisted, namesDiffer } = comparison
  if (unlisted === 0 || namesDiffer) return comparison
  return { ...comparison, sharedNames: sharedNames + unlisted }
}

/**
 * Who gives their full name in one report (我是柳树街的周若兰) wrote the other that came under it, and may have written
 * one under a nickname that ends in it (柳树街周若兰).
 * @param relation as phones, addresses and names show it
 */
function relationIn(one: Profile, other: Profile, relation: NameRelation): NameRelation {
  const [ours, theirs] = [one.report.reporter, other.report.reporter]
  if (relation === 'same' || areKnownToDiffer(ours, theirs)) return relation
  const named = [introduces(one.text, theirs) ? theirs : null, introduces(other.text, ours) ? ours : null]
  if (named.some((person) => person !== null && fullName(person) !== null)) return 'same'
  const isKnown = relation === 'unknown' || relation === 'may-be'
  return isKnown || named.every((person) => person === null) ? relation : 'may-be'
}

function featuresOf(
  one: Profile,
  other: Profile,
  { comparison, person, days }: Pick<Pair, 'comparison' | 'person' | 'days'>,
) {
  return {
    ...textFeatures(comparison),
    ...nameFeatures(comparison),
    ...matterFeatures(comparison),
    ...placeFeatures(one, other),
    ...personFeatures(one, comparison, person),
    numbers: log(comparison.sharedNumbers),
    numbersShare: comparison.sharedNumbers / (comparison.fewerNumbers + 0.5),
    days: log(Math.max(fewestDays, days ?? unknownDays)),
    otherIntent: flag(one.intent !== other.intent),
    bothAsk: flag(one.intent === 'question' && other.intent === 'question'),
    reminder: flag(one.recollection.reminds),
    refersBack: flag(one.recollection.refersBack),
    saysWhen: flag(saysWhen(one, other.report)),
    signed: flag(tellsName(one.text, other.report.reporter) || tellsName(other.text, one.report.reporter)),
  }
}

/** All of China keeps the time of Beijing. */
const zoneMs = 8 * 3_600_000

/** Whether a report speaks of the day on which another was filed. */
function saysWhen({ recollection: { daysSaid } }: Profile, { at, dated }: Report): boolean {
  if (!dated || daysSaid.length === 0) return false
  const filed = new Date(at + zoneMs)
  const day = filed.getUTCDate()
  return daysSaid.includes(day) || daysSaid.includes(100 * (filed.getUTCMonth() + 1) + day)
}

/** What an unknown distance in time counts as: neither near nor far. */
const unknownDays = 7
/** In a large city many reports come within one hour, and many sources give dates without a time of day. */
const fewestDays = 0.25

/** Days between two reports; null where the time of one is not known. */
export function daysBetween(
  one: Pick<Report, 'at' | 'dated'>,
  other: Pick<Report, 'at' | 'dated'>,
): number | null {
  return one.dated && other.dated ? Math.abs(one.at - other.at) / dayMs : null
}

/** How much of the words is shared. */
function textFeatures(comparison: Comparison) {
  const { shared, cover, coverOfLarger, containment, namesDiffer, otherOrdinals } = comparison
  const isElsewhere = namesDiffer || otherOrdinals > 0
  return {
    shared: log(shared),
    longestRun: log(comparison.longestRun),
    beyondChance: log(comparison.beyondChance),
    inFocus: log(comparison.sharedInFocus),
    logCover: Math.log(cover + 0.01),
    logCoverOfLarger: Math.log(coverOfLarger + 0.01),
    cover,
    coverOfLarger,
    jaccard: comparison.jaccard,
    containment,
    nearlyContained: Math.max(0, containment - 0.7),
    contentCover: comparison.contentCover,
    nameCover: comparison.nameCover,
    focusCover: comparison.focusCover,
    logContentCover: Math.log(comparison.contentCover + 0.02),
    title: comparison.title,
    fewerTerms: log(comparison.fewerTerms),
    moreTerms: log(comparison.moreTerms),
    copiedHalf: flag(cover > 0.5 && shared > 60 && !isElsewhere),
  }
}

/** Whether the same places and bodies are named. */
function nameFeatures(comparison: Comparison) {
  const names = log(comparison.sharedNames)
  return {
    names,
    namesInFocus: log(comparison.namesInFocus),
    namesByContent: names * comparison.contentCover,
    bothNamed: flag(comparison.bothNamed),
    otherNames: flag(comparison.namesDiffer),
    otherNameKinds: comparison.otherNameKinds,
    sameNameKinds: comparison.sameNameKinds,
    otherOrdinals: comparison.otherOrdinals,
    sameOrdinals: comparison.sameOrdinals,
    sameBuilding: flag(comparison.sameBuilding),
    otherBuilding: flag(comparison.otherBuilding),
  }
}

/** Whether the same kind of matter is spoken of, by itself and where the same names are. */
function matterFeatures({ matter, domain, focus, sharedNames, namesInFocus }: Comparison) {
  const names = log(sharedNames)
  const isShared = flag(matter.shared > 0)
  const isNear = flag(!matter.eitherEmpty && matter.shared === 0 && domain.shared > 0)
  const isOther = flag(!matter.eitherEmpty && matter.shared === 0 && domain.shared === 0)
  return {
    matter: log(matter.shared),
    strongestMatter: matter.strongest,
    matterContainment: matter.containment,
    matterCosine: matter.cosine,
    otherMatter: log(matter.conflict),
    noMatter: flag(matter.eitherEmpty),
    domainCosine: domain.cosine,
    otherDomain: log(domain.conflict),
    focusCosine: focus.cosine,
    otherFocus: log(focus.conflict),
    relShared: isShared,
    relDomain: isNear,
    relOther: isOther,
    namesShared: isShared * names,
    namesDomain: isNear * names,
    namesOther: isOther * names,
    namesEmpty: flag(matter.eitherEmpty) * names,
    focusShared: isShared * log(namesInFocus),
    focusOther: isOther * log(namesInFocus),
  }
}

/** Whether two places exclude each other, by the divisions that are known of both. */
function placeFeatures(one: Profile, other: Profile) {
  const [a, b] = [one.report.place, other.report.place]
  const cities = a.city !== null && b.city !== null
  const districts = a.district !== null && b.district !== null
  const sameCity = cities && a.city === b.city
  const sameDistrict = districts && sameCity && a.district === b.district
  return {
    otherDistrict: flag(districts && !sameDistrict),
    sameDistrict: flag(sameDistrict),
    otherCity: flag((cities && !sameCity) || areInOtherCodedCities(one, other)),
  }
}

/** Of A3区 and C市, whose names were taken away, one is in A市 and one is not. */
function areInOtherCodedCities(one: Profile, other: Profile): boolean {
  const [ours, theirs] = [codedCities(one.ordinals), codedCities(other.ordinals)]
  return ours.size > 0 && theirs.size > 0 && ours.isDisjointFrom(theirs)
}

/** Whether the same person reports, and what then counts. */
function personFeatures(one: Profile, comparison: Comparison, person: NameRelation) {
  const samePerson = flag(person === 'same')
  const unclear = flag(person === 'unclear')
  const reminder = flag(one.recollection.reminds)
  const names = log(comparison.sharedNames)
  return {
    samePerson,
    maybeSame: flag(person === 'may-be'),
    unclear,
    unclearContainment: unclear * comparison.containment,
    samePersonReminder: samePerson * reminder,
    samePersonNames: samePerson * names,
    samePersonMatter: samePerson * comparison.matter.cosine,
    samePersonOtherMatter: samePerson * flag(comparison.matter.conflict > 0),
    samePersonShared: samePerson * log(comparison.shared),
  }
}
