import { describe, expect, it } from 'vitest'
import { equalReports } from './copies.ts'
import { saysNothing } from './says-nothing.ts'
import { profile, report } from './testing/reports.ts'

describe('saysNothing', () => {
  it.each([
    '',
    '急',
    '😡😡😡',
    '如题',
    '请尽快处理，谢谢！',
    '尊敬的领导您好，请尽快处理并回复，谢谢！',
    '请有关部门尽快核实处理并予以回复，谢谢！',
    '市民来电反映上述问题，诉求：请相关职能部门核实处理，并将处理结果回复来电人。',
    '此事已经反映了很多次了，一直没有得到解决，希望领导能够高度重视，尽快给老百姓一个满意的答复，谢谢！',
  ])('is true of %j', (text) => {
    expect(saysNothing(profile(report(text)))).toBe(true)
  })

  it.each([
    ['a matter', '没水了'],
    ['a place', '浏河里广场还在跳'],
    ['what no list knows', '请问宏砼那个站整改了没有 昨晚上又整到三点'],
    ['a sentence in English', 'The driver refused to use the meter and asked for cash.'],
  ])('is false of %s', (_, text) => {
    expect(saysNothing(profile(report(text)))).toBe(false)
  })
})

it('a sentence in English repeats itself, also by somebody unknown', () => {
  const taxi = profile(report('The driver refused to use the meter and asked for cash.'))
  expect(equalReports(taxi, 'unknown').duplicate).toBe(1)
})
