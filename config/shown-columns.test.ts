import { expect, test } from 'vitest'
import { shownColumns } from './shown-columns.ts'

test('known names are shown, and others that look like names of columns', () => {
  const names = ['工单编号', '诉求人', '诉求内容', '列4', '受理码(内部)', '热线备案2024']
  expect(shownColumns(names)).toEqual({ names, hidden: 0 })
})

test.each([
  '13800138000',
  '138 0013 8000',
  '１３８００１３８０００',
  '路灯坏了，请派人',
  '路灯坏了半个月没有人来修也没有人管',
])('a name that may be a cell is left out: %s', (cell) => {
  expect(shownColumns(['工单编号', '诉求内容', cell])).toEqual({ names: ['工单编号', '诉求内容'], hidden: 1 })
})

test('of a row of data that was taken for a header only known words are shown', () => {
  const row = ['A3', '王五', '电话', '跃龙路']
  expect(shownColumns(row)).toEqual({ names: ['电话'], hidden: 3 })
  expect(shownColumns(['王五'], row)).toEqual({ names: [], hidden: 1 })
})

test('names of the settings are known', () => {
  expect(shownColumns(['Nr', 'Was'], ['Nr', 'Was'], (name) => name === 'Nr').names).toEqual(['Nr', 'Was'])
})
