import { expect, test } from 'vitest'
import { comparedWith, personReason } from '../../dedupe/reasons.ts'
import { by, found, report } from '../../dedupe/testing/reports.ts'
import { reasonText, scoreText } from './reason-text.ts'

const many = '房号 41、42、43、44、45、46'
const said = '江滨路12号工地拖欠工资21400元，共35天，每晚十一点后仍在打桩'

test('every reason that the algorithm gives has an English text', () => {
  const relations = ['same', 'may-be', 'unknown', 'unclear', 'different'] as const
  const identities = ['mobile', 'phone', 'email', 'wechat', 'key', 'name'] as const
  const reasons = [
    ...relations.map((relation) => personReason(relation, null)),
    ...identities.map((identity) => personReason('same', identity)),
    ...found(report(said), report(said)).reasons,
    ...found(report(said, 2), report('江滨路12号工地拖欠工资21400元，共35天')).reasons,
    ...found(report(said, 0, { dated: false }), by('张强', report(said))).reasons,
    ...found(report(said), report(said), 1, ['离湾新城、丽湾新城']).reasons,
    ...found(report(said), report('江滨路12号工地打桩')).reasons,
    ...found(report(many), report(many)).reasons,
    ...comparedWith('T-2', 'T-1'),
    ...comparedWith('T-2', null),
    '以上依据更正前的内容',
  ]
  expect(reasons).toEqual(
    expect.arrayContaining([
      '正文相同',
      '相隔不到 1 天',
      '时间不详',
      '相隔 2 天',
      '2 个数字相同：21400、35',
      '6 个数字相同：41、42、43、44、45 等',
      '短的一篇有 87% 在另一篇中',
      '读音相近：离湾新城、丽湾新城',
    ]),
  )
  for (const reason of reasons) {
    const quoted = /^(?:共同提到|读音相近)：(.*)$/.exec(reason)?.[1] ?? ''
    expect(reasonText([reason], 'en').replace(quoted, '')).not.toMatch(/\p{Script=Han}/u)
  }
})

test('reasons stand on one line, in Chinese as they are', () => {
  const reasons = ['同一手机号', '正文相似度 0.93', '共同提到：江滨路、打桩', '相隔 2 天']
  expect(reasonText(reasons, 'zh')).toBe('同一手机号，正文相似度 0.93，共同提到：江滨路、打桩，相隔 2 天')
  expect(reasonText(reasons, 'en')).toBe(
    'same mobile phone; text alike 0.93; both say: 江滨路、打桩; 2 days apart',
  )
  expect(reasonText(['短的一篇有 88% 在另一篇中', '2 个数字相同：35、21400'], 'en')).toBe(
    '88% of the shorter text is in the other; 2 numbers equal: 35、21400',
  )
  expect(reasonText(['1 个数字相同', '相隔 1 天'], 'en')).toBe('1 number equal; 1 day apart')
  expect(reasonText(['相隔不到 1 天'], 'en')).toBe('less than a day apart')
  expect(reasonText(['同一天'], 'en')).toBe('same day')
  expect(reasonText(['换了说法'], 'en')).toBe('换了说法')
})

test('a score never looks as if it had reached a threshold that it has not', () => {
  expect([0.648, 0.65, 0.5, 1, 0.005].map(scoreText)).toEqual(['0.648', '0.65', '0.50', '1.00', '0.005'])
})
