import { expect, it } from 'vitest'
import { found, report } from './testing/reports.ts'

it('shows at most five stretches, none of them within another, on one line', () => {
  const streets = [
    ...['白鹭桥断裂', '紫薇巷积水', '翠屏坪塌方', '玄武湖死鱼', '凤鸣轩断电', '栖霞岭山火', '碧落潭溺水'],
  ]
  const { terms } = found(report(streets.join('，')), report(streets.toReversed().join('！又')))
  expect(terms).toHaveLength(5)
  expect(terms.filter((term) => terms.some((other) => other !== term && other.includes(term)))).toEqual([])
  expect(terms.join('')).not.toContain('\n')
})

it('cuts no character in two', () => {
  const letter = '恒固沥青拌和站夜里开炉冒黄烟刺鼻的气味飘进杏园𠮷村七组'
  const { terms } = found(report(letter), report(`${letter}家家不敢开窗`))
  expect(terms).toContain('恒固沥青拌和站夜里开炉冒黄烟刺鼻的气味飘进杏园𠮷')
})

it('shows no part of a number, nor what is counted by one', () => {
  const { terms } = found(
    report('人民中路102号旁边的工地夜里十一点还在浇筑混凝土'),
    report('人民中路98号旁边的工地夜里十点还在浇筑混凝土'),
  )
  expect(terms.toSorted()).toEqual(['人民中路', '旁边的工地夜里', '还在浇筑混凝土'].toSorted())
  expect(found(report('望江苑三，漏水没人修'), report('停电了，望江苑三。')).terms).toEqual(['望江苑三'])
  const rooms = found(
    report('望江苑215号房第一人民医院家属楼漏水'),
    report('望江苑15号房第二人民医院家属楼漏水'),
  )
  expect(rooms.terms.toSorted()).toEqual(['人民医院家属楼漏水', '望江苑'])
})

it('shows no number that has lost its point', () => {
  const fee = '白鹭桥停车场收费1.5万元不给发票'
  const { terms, reasons } = found(report(`${fee}，紫薇巷积水`), report(`紫薇巷积水，${fee}`))
  expect(terms).toEqual(['紫薇巷积水'])
  expect(reasons.join()).not.toContain('15万')
})
