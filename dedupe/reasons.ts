import { areWordForWord } from './copies.ts'
import type { EvidenceField, Finding } from './decision.ts'
import type { Pair } from './features.ts'
import type { NameRelation, SharedIdentity } from './persons.ts'

const termsShown = 5

/**
 * A finding with its reasons in words: 同一手机号，正文相似度 0.93，相隔 2 天.
 * @param slips names spelt otherwise that count as alike, see SpeltAlike
 */
export function findingOf(
  ticketId: string,
  pair: Pair,
  score: number,
  slips: readonly string[] = [],
): Finding {
  const { comparison, days } = pair
  const terms = tellingTerms(pair)
  return {
    ticketId,
    // Not rounded up: it would seem to have reached a threshold that it has not.
    score: Math.floor(score * 1000 + 1e-9) / 1000,
    reasons: [
      likeness(pair),
      personReason(pair.person, pair.identity),
      ...(terms.length > 0 ? [`共同提到：${terms.join('、')}`] : []),
      ...(slips.length > 0 ? [`读音相近：${slips.join('，')}`] : []),
      ...(comparison.sharedNumbers > 1 ? [`${comparison.sharedNumbers} 个数字相同`] : []),
      daysApart(days),
    ],
    terms,
    fields: fieldsOf(pair),
  }
}

const persons: Readonly<Record<NameRelation, string>> = {
  same: '同一诉求人',
  'may-be': '诉求人可能相同',
  unknown: '诉求人未知',
  unclear: '诉求人不确定',
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

/** Who reported, in words. @param identity by what two are one person; null where they are not known to be */
export function personReason(person: NameRelation, identity: SharedIdentity | null): string {
  return identity === null ? persons[person] : identities[identity]
}

/** How far apart, in words. @param days null: not known */
export function daysApart(days: number | null): string {
  if (days === null) return '时间不详'
  return days < 1 ? '相隔不到 1 天' : `相隔 ${Math.round(days)} 天`
}

/** Said first of a duplicate whose reasons speak of another ticket than its master. */
export function comparedWithRepeat(ticketId: string): string {
  return `与其重复件 ${ticketId} 比对`
}

function likeness({ comparison, profiles: [one, other] }: Pair): string {
  if (areWordForWord(one, other)) return '正文相同'
  return `正文相似度 ${comparison.cover.toFixed(2)}`
}

/** Of a stretch so much is shown, and no half characters. */
const firstCharacters = /^.{0,24}/su

/** Shared stretches, most telling first, none within another. */
function tellingTerms({ comparison, profiles: [one] }: Pair): readonly string[] {
  const terms: string[] = []
  for (const run of comparison.runs) {
    const text = longestIn(one.text, run.text)
    if (terms.length === termsShown) break
    const [term = ''] = text.replaceAll('\n', ' ').trim().match(firstCharacters) ?? []
    if (term.length > 1 && !terms.some((known) => known.includes(term))) terms.push(term)
  }
  return terms
}

function fieldsOf({ comparison, person, features }: Pair): readonly EvidenceField[] {
  const fields: readonly (readonly [EvidenceField, boolean])[] = [
    ['text', comparison.cover >= 0.3],
    ['title', comparison.title >= 0.5],
    ['reporter', person === 'same' || person === 'may-be'],
    ['place', comparison.sharedNames >= 6 || features.sameDistrict === 1],
    ['matter', comparison.matter.shared > 0],
    ['numbers', comparison.sharedNumbers > 1],
  ]
  return fields.filter(([, holds]) => holds).map(([field]) => field)
}

/** More of a stretch is not looked for: so much is shown of it at most, with room for what stands apart. */
const longestLooked = 60

/** The longest part of a stretch of one text that the other says in one piece: its pairs may stand apart there. */
function longestIn(text: string, stretch: string): string {
  const looked = stretch.slice(0, longestLooked)
  for (let size = looked.length; size > 1; size -= 1) {
    for (let at = 0; at + size <= looked.length; at += 1) {
      const part = looked.slice(at, at + size)
      if (text.includes(part)) return part
    }
  }
  return ''
}
