import { expect, test } from 'vitest'
import { readAnonymity } from './anonymity.ts'

test.each([
  ['0匿名 1实名', '1', false],
  ['0匿名 1实名', '0', true],
  ['1-实名,2-匿名', '1', false],
  ['1-实名,2-匿名', '2', true],
  ['匿名：1，实名：0', '0', false],
  ['是否匿名（1匿名0实名）', '0', false],
  ['是否匿名（1是0否）', '1', true],
  ['是否匿名（1是0否）', '0', false],
  ['是否公开', '不公开', true],
  ['是否公开', '请勿公开', true],
  ['anonymous', '1', true],
  ['是否匿名', '实名', false],
  ['是否匿名', '保密', true],
  ['是否公开', '公开/保密', false],
  ['是否公开', '要求保密', true],
  ['是否公开', '匿名', true],
  ['是否公开/保密', '是', true],
  ['是否公开', '禁止公开', true],
  ['是否保密', '需要', true],
  ['是否保密', '要求', true],
  ['是否保密', '不需要', false],
  ['是否保密', '无需', false],
  ['是否匿名', '1.0', true],
  ['是否匿名', '0.0', false],
  ['是否匿名', '未', false],
  ['是否匿名', '☑', true],
  ['是否匿名', '✔', true],
  ['是否保密', '不愿透露姓名', true],
  ['是否保密', '来电人要求信息保密', true],
  ['是否公开', '不同意公开', true],
  ['是否公开', '同意公开', false],
  ['是否匿名', '是(1)', true],
  ['是否匿名', '1-是', true],
  ['是否匿名', '1（是）', true],
  ['是否匿名', '是，本人要求', true],
  ['是否匿名', '0-否', false],
  ['是否匿名', '否，不要透露姓名', true],
  ['是否匿名', '否(不愿留名)', true],
  ['是否匿名', '否，但要求保密', true],
  ['是否匿名', '否，可以公开', false],
  ['是否实名', '否(0)', true],
  ['是否实名', '是(匿名)', true],
])('under the header %s %s is anonymous: %s', (header, cell, isAnonymous) => {
  expect(readAnonymity(cell, header)).toEqual({ isAnonymous, name: null })
})

test.each([
  ['1 是 是的 有 需 需要 要 要求 对 √ ✓ ✔ ☑ Y yes TRUE t', true],
  ['0 否 非 未 不 不是 不需 不需要 不要 不要求 不用 无 无需 没有 × ✗ ✘ N no FALSE f', false],
])('%s: the header decides what it means', (words, isYes) => {
  const meant = (header: string, word: string) => readAnonymity(word, header).isAnonymous
  for (const word of words.split(' ')) {
    for (const header of ['是否匿名', '是否保密', '匿名/实名', '是否保密（不公开）', '不公开'])
      expect(meant(header, word), `${header} ${word}`).toBe(isYes)
    for (const header of ['是否实名', '是否公开姓名'])
      expect(meant(header, word), `${header} ${word}`).toBe(!isYes)
  }
})

test('a figure without a meaning says nothing, and a word may say more than the header', () => {
  expect(readAnonymity('2', '是否匿名')).toEqual({ isAnonymous: null, name: '2' })
  expect(readAnonymity('', '是否匿名')).toEqual({ isAnonymous: null, name: null })
  expect(readAnonymity('不愿实名', '是否匿名')).toEqual({ isAnonymous: true, name: null })
})

test('a name that clerks wrote in its place stays, with the request beside it', () => {
  expect(readAnonymity('张三', '是否匿名')).toEqual({ isAnonymous: null, name: '张三' })
  expect(readAnonymity('张三丰先生 要求保密', '是否匿名')).toEqual({ isAnonymous: true, name: '张三丰先生' })
})
