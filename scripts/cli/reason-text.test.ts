import { expect, test } from 'vitest'
import { comparedWithRepeat, findingOf, personReason } from '../../dedupe/reasons.ts'
import { by, pair, report } from '../../dedupe/testing/reports.ts'
import { reasonText } from './reason-text.ts'

const said = '江滨路12号工地拖欠工资21400元，共35天，每晚十一点后仍在打桩'

test('every reason that the algorithm gives has an English text', () => {
  const relations = ['same', 'may-be', 'unknown', 'unclear', 'different'] as const
  const identities = ['mobile', 'phone', 'email', 'wechat', 'key', 'name'] as const
  const reasons = [
    ...relations.map((relation) => personReason(relation, null)),
    ...identities.map((identity) => personReason('same', identity)),
    ...findingOf('T-1', pair(report(said), report(said)), 1).reasons,
    ...findingOf('T-1', pair(report(said, 2), report('江滨路12号工地拖欠工资21400元，共35天')), 1).reasons,
    ...findingOf('T-1', pair(report(said, 0, { dated: false }), by('张强', report(said))), 1).reasons,
    ...findingOf('T-1', pair(report(said), report(said)), 1, ['离湾新城、丽湾新城']).reasons,
    comparedWithRepeat('T-2'),
  ]
  expect(reasons).toEqual(
    expect.arrayContaining([
      '正文相同',
      '相隔不到 1 天',
      '时间不详',
      '相隔 2 天',
      '2 个数字相同',
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
  expect(reasonText(['1 个数字相同', '相隔 1 天'], 'en')).toBe('1 number equal; 1 day apart')
  expect(reasonText(['相隔不到 1 天'], 'en')).toBe('less than a day apart')
  expect(reasonText(['同一天'], 'en')).toBe('same day')
  expect(reasonText(['换了说法'], 'en')).toBe('换了说法')
})
