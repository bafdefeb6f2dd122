import type { Comparison } from './comparison.ts'
import { type NameRelation, personRelation } from './persons.ts'
import type { Profile } from './profile.ts'

const dayMs = 86_400_000
const log = Math.log1p

/** Two compared reports, in the numbers that the scores are made of. */
export interface Pair {
  readonly comparison: Comparison
  readonly person: NameRelation
  readonly features: Features
}

/** Whether two places exclude each other, by the divisions that are known of both. */
function placeRelation(one: Profile, other: Profile) {
  const [a, b] = [one.report.place, other.report.place]
  const cities = a.city !== null && b.city !== null
  const districts = a.district !== null && b.district !== null
  const sameCity = cities && a.city === b.city
  return {
    otherCity: cities && !sameCity,
    otherDistrict: districts && !(sameCity && a.district === b.district),
    sameDistrict: districts && sameCity && a.district === b.district,
  }
}

export type Features = ReturnType<typeof featuresOf>
export type FeatureName = keyof Features

export function pairOf(one: Profile, other: Profile, comparison: Comparison): Pair {
  const person = personRelation(one.report.reporter, other.report.reporter)
  return { comparison, person, features: featuresOf(one, other, comparison, person) }
}

function featuresOf(one: Profile, other: Profile, comparison: Comparison, person: NameRelation) {
  const { matter, domain } = comparison
  const place = placeRelation(one, other)
  const samePerson = person === 'same' ? 1 : 0
  const maybeSame = person === 'may-be' ? 1 : 0
  const unclear = person === 'unclear' ? 1 : 0
  const names = log(comparison.sharedNames)
  const one_ = matter.eitherEmpty
    ? 'empty'
    : matter.shared > 0
      ? 'shared'
      : domain.shared > 0
        ? 'domain'
        : 'other'
  const is = (relation: string) => (one_ === relation ? 1 : 0)
  return {
    shared: log(comparison.shared),
    longestRun: log(comparison.runs[0]?.weight ?? 0),
    names: log(comparison.sharedNames),
    beyondChance: log(comparison.beyondChance),
    inFocus: log(comparison.sharedInFocus),
    namesInFocus: log(comparison.namesInFocus),
    logCover: Math.log(comparison.cover + 0.01),
    logCoverOfLarger: Math.log(comparison.coverOfLarger + 0.01),
    cover: comparison.cover,
    coverOfLarger: comparison.coverOfLarger,
    jaccard: comparison.jaccard,
    containment: comparison.containment,
    nearlyContained: Math.max(0, comparison.containment - 0.7),
    matter: log(matter.shared),
    strongestMatter: matter.strongest,
    matterContainment: matter.containment,
    matterCosine: matter.cosine,
    otherMatter: log(matter.conflict),
    noMatter: matter.eitherEmpty ? 1 : 0,
    domainCosine: domain.cosine,
    otherDomain: log(domain.conflict),
    bothNamed: comparison.bothNamed ? 1 : 0,
    otherNames: comparison.namesDiffer ? 1 : 0,
    otherNameKinds: comparison.otherNameKinds,
    sameNameKinds: comparison.sameNameKinds,
    otherOrdinals: comparison.otherOrdinals,
    sameOrdinals: comparison.sameOrdinals,
    title: comparison.title,
    sameBuilding: comparison.sameBuilding ? 1 : 0,
    otherBuilding: comparison.otherBuilding ? 1 : 0,
    contentCover: comparison.contentCover,
    logContentCover: Math.log(comparison.contentCover + 0.02),
    focusCosine: comparison.focus.cosine,
    otherFocus: log(comparison.focus.conflict),
    otherIntent: one.intent === other.intent ? 0 : 1,
    bothAsk: one.intent === 'question' && other.intent === 'question' ? 1 : 0,
    namesByContent: names * comparison.contentCover,
    otherDistrict: place.otherDistrict ? 1 : 0,
    sameDistrict: place.sameDistrict ? 1 : 0,
    otherCity: place.otherCity ? 1 : 0,
    samePerson,
    maybeSame,
    unclear,
    unclearContainment: unclear * comparison.containment,
    numbers: log(comparison.sharedNumbers),
    numbersShare: comparison.sharedNumbers / (comparison.fewerNumbers + 0.5),
    days: log(Math.abs(one.report.at - other.report.at) / dayMs),
    fewerTerms: log(comparison.fewerTerms),
    moreTerms: log(comparison.moreTerms),
    hotline: (one.report.channel === 'hotline' ? 1 : 0) + (other.report.channel === 'hotline' ? 1 : 0),
    relShared: is('shared'),
    relDomain: is('domain'),
    relOther: is('other'),
    namesShared: is('shared') * names,
    namesDomain: is('domain') * names,
    namesOther: is('other') * names,
    namesEmpty: is('empty') * names,
    focusShared: is('shared') * log(comparison.namesInFocus),
    focusOther: is('other') * log(comparison.namesInFocus),
    copied:
      comparison.cover > 0.7 &&
      comparison.shared > 40 &&
      !comparison.namesDiffer &&
      comparison.otherOrdinals === 0
        ? 1
        : 0,
    copiedHalf:
      comparison.cover > 0.5 &&
      comparison.shared > 60 &&
      !comparison.namesDiffer &&
      comparison.otherOrdinals === 0
        ? 1
        : 0,
    reminder: one.reminds ? 1 : 0,
    samePersonReminder: samePerson * (one.reminds ? 1 : 0),
    samePersonNames: samePerson * names,
    samePersonReminderNames: samePerson * (one.reminds ? 1 : 0) * names,
    samePersonMatter: samePerson * matter.cosine,
    samePersonOtherMatter: samePerson * (matter.conflict > 0 ? 1 : 0),
    samePersonShared: samePerson * log(comparison.shared),
  }
}
