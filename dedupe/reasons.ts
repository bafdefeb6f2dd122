import { areWordForWord } from './copies.ts'
import type { EvidenceField, Finding } from './decision.ts'
import type { Pair } from './features.ts'
import type { NameRelation, SharedIdentity } from './persons.ts'
import type { Profile } from './profile.ts'
import { sharedWords } from './shared-words.ts'

/** Two reports as they were written, with what was found of them. */
export interface Compared {
  readonly pair: Pair
  /** The arriving one and the known one; those of the pair may have names of the other's spelling. */
  readonly written: readonly [Profile, Profile]
  /** Names spelt otherwise that count as alike, see SpeltAlike. */
  readonly slips: readonly string[]
}

/**
 * A finding with its reasons in words: 同一手机号，正文相似度 0.93，相隔 2 天.
 * @param named the ticket that the verdict names, see {@link comparedWith}
 */
export function findingOf(compared: Compared, score: number, named: string | null): Finding {
  const { pair, written, slips } = compared
  const ticketId = written[1].report.id
  const terms = sharedWords(pair.comparison.runs, written)
  const numbers = sharedNumbers(written)
  return {
    ticketId,
    score: roundedDown(score, 3),
    reasons: [
      ...comparedWith(ticketId, named),
      personReason(pair.person, pair.identity),
      ...(pair.features.signed === 1 && pair.identity === null ? [namedInText] : []),
      likeness(compared),
      ...(terms.length > 0 ? [`共同提到：${terms.join('、')}`] : []),
      ...(slips.length > 0 ? [`读音相近：${slips.join('，')}`] : []),
      ...(numbers.length > 1 ? [`${numbers.length} 个数字相同：${list(numbers)}`] : []),
      daysApart(pair.days),
    ],
    terms,
    fields: fieldsOf(pair),
  }
}

/** Never up: it would seem to have reached what it has not. */
function roundedDown(value: number, digits: number): number {
  return Math.floor(value * 10 ** digits + 1e-9) / 10 ** digits
}

const numbersShown = 5

function sharedNumbers([one, other]: Compared['written']): readonly number[] {
  return [...one.numbers].filter((number) => other.numbers.has(number))
}

function list(numbers: readonly number[]): string {
  const shown = numbers.slice(0, numbersShown).join('、')
  return numbers.length > numbersShown ? `${shown} 等` : shown
}

const persons: Readonly<Record<NameRelation, string>> = {
  same: '同一诉求人',
  'may-be': '诉求人可能相同',
  unknown: '诉求人无法比对',
  unclear: '诉求人是否相同不明',
  different: '诉求人不同',
}

const identities: Readonly<Record<SharedIdentity, string>> = {
  mobile: '同一手机号',
  phone: '同一电话',
  email: '同一邮箱',
  wechat: '同一微信',
  key: persons.same,
  name: '同名',
}

/** Said where one report tells who sent the other: 微信转办：网民“云下的猫”反映. */
export const namedInText = '一件的正文写出另一件的诉求人'

/** Who reported, in words. @param identity by what two are one person; null where they are not known to be, or by a text only */
export function personReason(person: NameRelation, identity: SharedIdentity | null): string {
  return identity === null ? persons[person] : identities[identity]
}

/** How far apart, in words. @param days null: not known */
export function daysApart(days: number | null): string {
  if (days === null) return '时间不详'
  return days < 1 ? '相隔不到 1 天' : `相隔 ${Math.round(days)} 天`
}

/** Said first where the reasons speak of another ticket than the one that is named. @param named null: none is */
export function comparedWith(ticketId: string, named: string | null): readonly string[] {
  if (named === ticketId) return []
  return [named === null ? `与 ${ticketId} 比对` : `与其重复件 ${ticketId} 比对`]
}

/** Said where no word differs. */
export const sameText = '正文相同'

/** Where one text is so many times as long as the other, one figure for both would mislead. */
const muchLonger = 2
/** Below this share the shorter one is not for the most part in the other. */
const mostly = 0.5

/** How alike the texts are by the pairs of neighbouring characters that they share (Dice's coefficient), framing and all. */
function likeness({ pair: { comparison }, written: [one, other] }: Compared): string {
  if (areWordForWord(one, other)) return sameText
  const { containment, jaccard, fewerTerms, moreTerms } = comparison
  if (containment >= mostly && moreTerms > muchLonger * fewerTerms)
    return `短的一篇有 ${Math.floor(containment * 100)}% 在另一篇中`
  const likeness = Math.min(0.99, (2 * jaccard) / (1 + jaccard))
  return `正文相似度 ${roundedDown(likeness, 2).toFixed(2)}`
}

function fieldsOf({ comparison, person, features }: Pair): readonly EvidenceField[] {
  const fields: readonly (readonly [EvidenceField, boolean])[] = [
    ['text', comparison.containment >= 0.3],
    ['title', comparison.title >= 0.5],
    ['reporter', person === 'same' || person === 'may-be'],
    ['place', comparison.sharedNames >= 6 || features.sameDistrict === 1],
    ['matter', comparison.matter.shared > 0],
    ['numbers', comparison.sharedNumbers > 1],
  ]
  return fields.filter(([, holds]) => holds).map(([field]) => field)
}
