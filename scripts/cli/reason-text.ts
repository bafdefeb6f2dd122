import type { Locale } from '../../config/locale.ts'

/** Tickets carry their reasons in Chinese, for officers; `$1` is what stands in the place of the group. */
const english: readonly (readonly [RegExp, string])[] = [
  [/^与其重复件 (.+) 比对$/, 'compared with its repeat $1'],
  [/^与 (\S+) 比对$/, 'compared with $1'],
  [/^原为 (\S+) 的重复件，随其改挂$/, 'was a repeat of $1 and moved with it'],
  [/^正文相同$/, 'same text'],
  [/^正文相似度 (.+)$/, 'text alike $1'],
  [/^短的一篇有 (\d+)% 在另一篇中$/, '$1% of the shorter text is in the other'],
  [/^同一诉求人$/, 'same reporter'],
  [/^同一手机号$/, 'same mobile phone'],
  [/^同一电话$/, 'same phone'],
  [/^同一邮箱$/, 'same e-mail address'],
  [/^同一微信$/, 'same WeChat'],
  [/^同名$/, 'same name'],
  [/^诉求人可能相同$/, 'perhaps the same reporter'],
  [/^诉求人无法比对$/, 'reporters cannot be compared'],
  [/^一件的正文写出另一件的诉求人$/, 'the text of one names the reporter of the other'],
  [/^诉求人是否相同不明$/, 'unclear whether the same reporter'],
  [/^诉求人未知$/, 'reporter unknown'],
  [/^诉求人不确定$/, 'reporter uncertain'],
  [/^诉求人不同$/, 'another reporter'],
  [/^共同提到：(.+)$/, 'both say: $1'],
  [/^读音相[同近]：(.+)$/, 'spoken alike: $1'],
  [/^1 个数字相同$/, '1 number equal'],
  [/^(\d+) 个数字相同$/, '$1 numbers equal'],
  [/^(\d+) 个数字相同：(.+) 等$/, '$1 numbers equal: $2 and others'],
  [/^(\d+) 个数字相同：(.+)$/, '$1 numbers equal: $2'],
  [/^时间不详$/, 'time unknown'],
  [/^同一天$/, 'same day'],
  [/^相隔不到 1 天$/, 'less than a day apart'],
  [/^相隔 1 天$/, '1 day apart'],
  [/^相隔 (\d+) 天$/, '$1 days apart'],
  [/^以上依据更正前的内容$/, 'all this by what was said before a correction'],
  [/^人工认定为同一诉求$/, 'a person says it is the same report'],
  [/^人工认定为同一事件$/, 'a person says it is the same incident'],
  [/^人工认定并非同一诉求或同一事件$/, 'a person says it does not belong there'],
]

/** A score with two places, or three where the third says something: 0.648 has not reached 0.65. */
export function scoreText(score: number): string {
  return score.toFixed(3).replace(/0$/, '')
}

/** Reasons of a verdict on one line, in the reader's language; one of another version stays as it was written. */
export function reasonText(reasons: readonly string[], locale: Locale): string {
  if (locale === 'zh') return reasons.join('，')
  return reasons.map(inEnglish).join('; ')
}

function inEnglish(reason: string): string {
  const known = english.find(([pattern]) => pattern.test(reason))
  return known === undefined ? reason : reason.replace(...known)
}
