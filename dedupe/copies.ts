import type { Pair } from './features.ts'
import { type Fold, plainText } from './fold.ts'
import { areFilledOtherwise, nameOtherPlaces } from './other-place.ts'
import type { NameRelation } from './persons.ts'
import type { Profile, Report } from './profile.ts'
import { aLetter, amountSaid, leastSaid, saidBelowTitle, saysNothing } from './says-nothing.ts'

/** Texts shorter than this (「没水了」) are alike by chance: they repeat a report only when the reporter is known to be the same. */
const tellingCharacters = 10
/** Near-equal: this much of the lighter text's weight is shared, and so much in all. */
const nearlyAll = 0.75
const substantial = 60

/** Scores in [0, 1] for what equal or near-equal texts show without any weights; 0: they show nothing. */
export interface Copy {
  readonly duplicate: number
  readonly incident: number
}

const ofOneLetter = 0.99

/** Equal texts: the same report unless the reporters differ, and then a letter that several sent. */
export function equalTexts(plain: string, person: NameRelation): Copy {
  const telling = plain.length >= tellingCharacters
  const maySame = person !== 'different' && person !== 'unclear'
  return { duplicate: person === 'same' || (telling && maySame) ? 1 : 0, incident: telling ? ofOneLetter : 0 }
}

const alone = /我(?!们|国|市|县|区|镇|乡|村|省|校|院|司|局)|本人/
const together = /我们|咱们|大家|全体|联名|业主们|村民们/

/** Two people do not write about themselves (我母亲…) in the same words, but many may sign the same letter. */
function personIn(relation: NameRelation, text: string): NameRelation {
  return relation === 'unclear' && alone.test(text) && !together.test(text) ? 'may-be' : relation
}

const figures = /\d+|[一二两三四五六七八九十百千]+/g
/** What somebody lost or was asked to pay. */
const sums = /[\d.一二两三四五六七八九十百千]{1,15}[多余]?(?:元|块|万)/g

/**
 * 新港路88号 and 新港路301号 are told apart by nothing else. At one place everybody is owed another sum; where none is named,
 * another sum may be the only sign of another place.
 */
function otherFigures(one: string, other: string, atOnePlace: boolean): boolean {
  const [ours, theirs] = [one, other].map((text) => {
    return new Set((atOnePlace ? text.replace(sums, '') : text).match(figures))
  })
  return ours?.symmetricDifference(theirs ?? new Set()).size !== 0
}

/** Whether two reports say the same, to the point of each number: 1.5万 is not 15万, though folded both are 15万. */
export function areWordForWord(one: Profile, other: Profile): boolean {
  return one.plain === other.plain && !differ(one.numbers, other.numbers)
}

/** Whether of two reports with one body (如题，请尽快处理) the titles, which differ, say most. */
export function isSaidByTitles(one: Profile, other: Profile): boolean {
  if (haveOneTitle(one.plain, one.report, other.report, one.fold)) return false
  const below = Math.min(saidBelowTitle(one), saidBelowTitle(other))
  const inTitles = Math.max(amountSaid(one), amountSaid(other)) - below
  return below < aLetter && (below < leastSaid || below < inTitles)
}

/** Whether of two reports with one body, too short to tell (如题), the titles differ or the files. */
export function isSaidBeside(plain: string, one: Report, other: Report, fold: Fold): boolean {
  if (plain.length >= tellingCharacters) return false
  return !haveOneTitle(plain, one, other, fold) || differ(filesOf(one), filesOf(other))
}

/** Whether titles say the same beside what both reports say; one that stands in that says nothing. */
function haveOneTitle(plain: string, one: Report, other: Report, fold: Fold): boolean {
  const [ours, theirs] = [one, other].map(({ title }) => {
    const said = plainText({ title, body: '' }, fold)
    return plain.includes(said) ? '' : said
  })
  return ours === theirs
}

function filesOf({ attachments }: Report): ReadonlySet<string> {
  return new Set(attachments.map(({ sha256 }) => sha256))
}

/** In pairs of characters that are no part of framing. */
const something = 2

/**
 * As {@link equalTexts}, unless the texts have no content (请尽快处理，谢谢) or name no place (没水了，什么时候来水). What one
 * says without content (见附件) the files say that came with it.
 *
 * @param other of the same text
 */
export function equalReports(profile: Profile, relation: NameRelation, other = profile): Copy {
  const person = personIn(relation, profile.text)
  const said = amountSaid(profile)
  if (said < something || saysNothing(profile)) {
    const isSame = person === 'same' && !differ(filesOf(profile.report), filesOf(other.report))
    return { duplicate: isSame ? 1 : 0, incident: 0 }
  }
  const copy = equalTexts(profile.plain, person)
  if (profile.names.length > 0) return { ...copy, incident: ofOneLetter }
  return said >= aLetter ? copy : { ...copy, incident: 0 }
}

/** How alike two versions of one text are: a word more or less, thanks at the end. */
const rewording = { cover: 0.85, jaccard: 0.7, fewestTerms: 12 }

/** In characters: two reports do not begin alike for so long by chance. */
const beginning = 30

/** Whether one text is the beginning of the other, as where a channel cuts off what is long. */
function isCutOff({ plain: one }: Profile, { plain: other }: Profile): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  return short.length >= beginning && short.length < long.length && long.startsWith(short)
}

/** Whether two texts are one, with a word more or less. */
export function areReworded({ comparison: { cover, jaccard, fewerTerms } }: Pair): boolean {
  return cover >= rewording.cover && jaccard >= rewording.jaccard && fewerTerms >= rewording.fewestTerms
}

/** Whether two may have signed one letter, somebody under a name and somebody under a nickname. */
export function mayBeOfTwo(pair: Pair, one: Profile): boolean {
  return personIn(pair.person, one.text) === 'unclear' && areReworded(pair)
}

/** Texts that share nearly all, name by name: one text reworded or cut off, or a letter that several sent. */
export function nearlyEqualTexts(pair: Pair, one: Profile, other: Profile): Copy {
  const { comparison, features } = pair
  const person = personIn(pair.person, one.text)
  const elsewhere =
    comparison.namesDiffer ||
    comparison.otherOrdinals + comparison.otherNameKinds > 0 ||
    features.otherDistrict + features.otherCity > 0
  if (elsewhere) return { duplicate: 0, incident: 0 }
  const maySame = person === 'same' || person === 'may-be' || person === 'unknown'
  const { cover, shared, sharedNames } = comparison
  const isOneMatter = cover >= nearlyAll && shared >= substantial
  return {
    duplicate: (areReworded(pair) || isCutOff(one, other)) && maySame ? 0.95 : 0,
    incident: isOneMatter && !otherFigures(one.text, other.text, sharedNames > 0) ? 0.97 : 0,
  }
}

/** How alike the words of two reports must be before a difference of place alone keeps them apart. */
const sameWords = { cover: 0.75, jaccard: 0.6 }
/** The same, names aside: in a short text two rare names leave little of the rest. */
const sameButForNames = { contentCover: 0.85, jaccard: 0.6 }
const shortButForNames = { contentCover: 0.65, jaccard: 0.3, mostTerms: 40 }

function areSameWords({ comparison: { cover, jaccard } }: Pair): boolean {
  return cover >= sameWords.cover && jaccard >= sameWords.jaccard
}

function areSameButForNames({ comparison }: Pair): boolean {
  const { contentCover, jaccard } = comparison
  const least = isShort(comparison) ? shortButForNames : sameButForNames
  return contentCover >= least.contentCover && jaccard >= least.jaccard
}

function isShort({ fewerTerms }: Pair['comparison']): boolean {
  return fewerTerms <= shortButForNames.mostTerms
}

/** The same words about another place: another report, also by the same person. */
export function isOfAnotherPlace(pair: Pair, one: string, other: string): boolean {
  const { comparison, features } = pair
  if (!areSameWords(pair) && !areSameButForNames(pair)) return false
  const isElsewhere = comparison.otherOrdinals + features.otherDistrict + features.otherCity > 0
  // Somebody who writes at length again may name who answered meanwhile.
  const ofAnyKind = isShort(comparison) || pair.person !== 'same'
  return isElsewhere || (one !== other && nameOtherPlaces(one, other, ofAnyKind))
}

/** How little two reports say in common besides names, and from how many terms on that tells of two matters. */
const ofTwoMatters = { contentCover: 0.07, fewestTerms: 50 }

/**
 * Whether two reports about one place are about two matters of it: both are long, share hardly a word besides its name,
 * and no matter that is known. Short ones may tell one matter in other words.
 */
export function haveOtherMatters({ comparison: { contentCover, fewerTerms }, features }: Pair): boolean {
  const { contentCover: little, fewestTerms } = ofTwoMatters
  return fewerTerms >= fewestTerms && contentCover < little && features.relDomain + features.relOther > 0
}

/** In nats: less than any word says. */
const hardlyAnything = 1

/** Whether two reports share no matter that is known, and nothing at all besides the name of a place. */
export function shareOnlyNames({ comparison, features }: Pair): boolean {
  return features.relShared === 0 && comparison.besideNames < hardlyAnything
}

/** From so many terms on, that two reports of one person have nothing in common tells of two matters. */
const fewestOfOnePerson = 25
const endsDivision = /(?:[省市区县旗镇乡]|街道)$/

/**
 * Whether two reports of one person are about two matters of one town: they share no matter that is known, no number,
 * no words worth telling of but the town's name, and the later one does not speak of an earlier one.
 */
export function isNextMatter({ comparison, features, person }: Pair): boolean {
  const { fewerTerms, sharedNumbers, runs } = comparison
  const { reminder, refersBack, relShared } = features
  if (person !== 'same' || reminder + refersBack + relShared + sharedNumbers > 0) return false
  return fewerTerms >= fewestOfOnePerson && runs.every(({ text }) => endsDivision.test(text))
}

/** Whether both name bus lines but no line in common (33路, 78路): then they are about two matters. */
export function nameOtherLines(one: Profile, other: Profile): boolean {
  const [ours, theirs] = [linesIn(one), linesIn(other)]
  return ours.size > 0 && theirs.size > 0 && ours.isDisjointFrom(theirs)
}

/** 一路 is usually not a bus line (“all the way”). */
const numberedLine = /^(?:[a-z]\d+|\d{2,})$/

function linesIn({ ordinals }: Profile): ReadonlySet<string> {
  return new Set([...(ordinals.get('路') ?? [])].filter((number) => numberedLine.test(number)))
}

/**
 * Whether the same words are about two cases: each report has buildings, floors, classes, sums, plates or days that the other
 * has not.
 * Unless the reporter is known to be the same, they are two reports. Where a text was cut off, its last number may be
 * half of one.
 */
export function isAnotherCase(pair: Pair, one: Profile, other: Profile): boolean {
  const { person } = pair
  if (person === 'same' || person === 'may-be' || !areSameWords(pair) || isCutOff(one, other)) return false
  const { otherBuilding } = pair.comparison
  const areOthers = otherBuilding || differ(unitsIn(one), unitsIn(other))
  return areOthers || differ(one.numbers, other.numbers) || differ(daysSaidIn(one), daysSaidIn(other))
}

/** Whether the same words are about something else. Where one person may have said both, another matter has to be known. */
export function isAboutSomethingElse(pair: Pair, one: Profile, other: Profile): boolean {
  const mayBeOne = pair.person === 'same' || pair.person === 'may-be'
  return areReworded(pair) && areFilledOtherwise(one.text, other.text, mayBeOne)
}

const unit = /[\d一二三四五六七八九十]{1,3}(?=单元|[层楼床]|年级)|(?<=[初高])[一二三](?![小中])/g

/** The parts of buildings and schools that a report names: 二单元, 三楼, 五年级. */
function unitsIn({ text }: Profile): ReadonlySet<string> {
  return new Set(text.match(unit))
}

function daysSaidIn({ recollection }: Profile): ReadonlySet<number> {
  return new Set(recollection.daysSaid)
}

/** Whether each set has a member that the other has not. */
function differ<Value>(one: ReadonlySet<Value>, other: ReadonlySet<Value>): boolean {
  return one.difference(other).size > 0 && other.difference(one).size > 0
}
