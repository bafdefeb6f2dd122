import { describe, expect, it } from 'vitest'
import { areFilledOtherwise, nameOtherPlaces } from './other-place.ts'

const lampsOf = (place: string) => `${place}的路灯坏了半个月，夜里看不清台阶，老人摔了两次`

describe('nameOtherPlaces', () => {
  it.each([
    ['光明路', '锦绣路'],
    ['建设路', '人民路'],
    ['和平路88号', '梧桐巷88号'],
    ['幸福小区', '柳泉苑'],
    ['文汇路实验小学门口', '建设路实验小学门口'],
    ['中心医院', '人民医院'],
    ['建设路', '建国路'],
    ['和平路', '和谐路'],
    ['翠屏实验小学', '南岸实验小学'],
    ['市第一人民医院', '市第二人民医院'],
    ['兴文县第二中学', '珙县第二中学'],
    ['稻田镇东柳疃村', '稻田镇西柳疃村'],
    ['平安小区', '安康小区'],
    ['翠屏实验小学', '翠屏中心小学'],
    ['前程路', '锦程路'],
    ['建设路柳泉苑', '人民路'],
    ['王家组', '李家组'],
    ['陈家垸', '杨家垸'],
    ['张庄', '李庄'],
    ['老街', '新街'],
    ['第三网格', '第五网格'],
    ['水利局家属院', '教育局家属院'],
  ])('is true for %s and %s, in either order', (one, other) => {
    expect(nameOtherPlaces(lampsOf(one), lampsOf(other))).toBe(true)
    expect(nameOtherPlaces(lampsOf(other), lampsOf(one))).toBe(true)
  })

  it.each([
    ['the same place', '光明路', '光明路'],
    ['a name that is written with a slip', '锦绣路', '锦秀路'],
    ['a name that is typed by its sound', '望湘府', '望香府'],
    ['a name that is told by half', '翠屏实验小学', '实验小学'],
    ['one that is told by half and by another word', '翠屏实验小学', '实验学校'],
    ['one that is told by half and written with a slip', '翠屏小学', '翠萍实验小学'],
    ['a slip before a word of many names', '翠屏实验小学', '翠萍实验小学'],
    ['a slip beside a rare character', '堽绣路', '堽秀路'],
    ['two that are told in another order', '建设路和人民路', '人民路和建设路'],
    ['a hospital with its number and without', '市第一人民医院', '市人民医院'],
    ['what is no name', '门口马路', '门前马路'],
    ['a place that only one names', '光明路', '家门口'],
    ['one that says where more closely', '光明路', '光明路锦禾雅居'],
    ['places of two kinds', '光明路', '锦禾雅居'],
    ['characters that changed places', '邦华小区', '华邦小区'],
    ['more of them', '楚天中苑', '天楚中苑'],
    ['such as stand beside others', '华邦小区', '新邦华小区'],
    ['a character too many', '锦绣路', '锦秋绣路'],
    ['a village without its side', '稻田镇东柳疃村', '稻田镇柳疃村'],
    ['what is said in another order', '在长青街道平安路', '在平安路长青街道'],
  ])('is false for %s', (_, one, other) => {
    expect(nameOtherPlaces(lampsOf(one), lampsOf(other))).toBe(false)
    expect(nameOtherPlaces(lampsOf(other), lampsOf(one))).toBe(false)
  })

  it('is false for a place that one of them names beside all that the other says', () => {
    const first = `反映盛华世都公交车终点站改到城北的事，${lampsOf('光明路')}`
    const again = `再次${lampsOf('光明路')}，锦绣路和幸福小区也是这样`
    expect(nameOtherPlaces(first, again)).toBe(false)
    expect(nameOtherPlaces(again, first)).toBe(false)
  })

  it('is true for places of two kinds where these count', () => {
    expect(nameOtherPlaces(lampsOf('光明路'), lampsOf('锦禾雅居'), true)).toBe(true)
    expect(nameOtherPlaces(lampsOf('光明路'), lampsOf('光明小区'), true)).toBe(false)
  })

  it.each([
    ['枫桥里', '雁荡新村'],
    ['长江道', '滨河北路'],
    ['106路公交车', '地铁3号线'],
    ['锦园8号楼', '文昌塔社区'],
    ['B座', '朝阳小学'],
    ['万科金域', '保利香槟'],
  ])('is true for %s and %s where any kind counts and nothing else was replaced', (one, other) => {
    expect(nameOtherPlaces(lampsOf(one), lampsOf(other), true)).toBe(true)
    expect(nameOtherPlaces(lampsOf(other), lampsOf(one), true)).toBe(true)
    const reworded = lampsOf(other).replace('看不清台阶', '什么都瞧得模糊')
    expect(nameOtherPlaces(lampsOf(one), reworded, true)).toBe(false)
  })

  it.each([
    ['words that name nothing', '滨河北路', '小区门口'],
    ['what is said of one’s own place', '滨河北路', '我家那边'],
    ['one of its characters and others', '滨河北路', '滨江'],
    ['another number of one thing', '8号楼', '12号楼'],
    ['what neither names', '康乐那里', '树下'],
  ])('is false for %s where any kind counts', (_, one, other) => {
    expect(nameOtherPlaces(lampsOf(one), lampsOf(other), true)).toBe(false)
    expect(nameOtherPlaces(lampsOf(other), lampsOf(one), true)).toBe(false)
  })

  it('is false for two places that do not stand in each other’s place', () => {
    const one = `光明路的居民反映，${lampsOf('小区门口')}`
    const other = `${lampsOf('小区门口').replace('两', '三')}，锦绣路也是`
    expect(nameOtherPlaces(one, other)).toBe(false)
    expect(nameOtherPlaces(other, one)).toBe(false)
  })
})

describe('areFilledOtherwise', () => {
  const filed = '市民咨询办理护照需要提供哪些材料能否网上办理办理地点在哪里周末是否上班'
  const changed = (...characters: string[]) =>
    characters.reduce((text, character) => text.replace(character, '山'), filed)

  it('is true where one thing stands for another', () => {
    expect(areFilledOtherwise(filed, filed.replace('护照', '身份证'), false)).toBe(true)
  })

  it('is false where many single characters differ, as in what was scanned badly', () => {
    expect(areFilledOtherwise(filed, changed('咨', '材', '网', '点', '末', '班'), false)).toBe(false)
  })
})
