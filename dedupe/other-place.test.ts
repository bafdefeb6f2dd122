import { describe, expect, it } from 'vitest'
import { nameOtherPlaces } from './other-place.ts'

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
  ])('is true for %s and %s, in either order', (one, other) => {
    expect(nameOtherPlaces(lampsOf(one), lampsOf(other))).toBe(true)
    expect(nameOtherPlaces(lampsOf(other), lampsOf(one))).toBe(true)
  })

  it.each([
    ['the same place', '光明路', '光明路'],
    ['a name that is written with a slip', '锦绣路', '锦秀路'],
    ['a name that is typed by its sound', '望湘府', '望香府'],
    ['a name that is told by half', '翠屏实验小学', '实验小学'],
    ['a hospital with its number and without', '市第一人民医院', '市人民医院'],
    ['what is no name', '门口马路', '门前马路'],
    ['a place that only one names', '光明路', '家门口'],
    ['one that says where more closely', '光明路', '光明路锦禾雅居'],
    ['places of two kinds', '光明路', '锦禾雅居'],
  ])('is false for %s', (_, one, other) => {
    expect(nameOtherPlaces(lampsOf(one), lampsOf(other))).toBe(false)
    expect(nameOtherPlaces(lampsOf(other), lampsOf(one))).toBe(false)
  })
})
