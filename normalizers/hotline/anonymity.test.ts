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
])('under the header %s %s is anonymous: %s', (header, cell, isAnonymous) => {
  expect(readAnonymity(cell, header)).toEqual({ isAnonymous, name: null })
})

test('a name that clerks wrote in its place stays, with the request beside it', () => {
  expect(readAnonymity('张三', '是否匿名')).toEqual({ isAnonymous: null, name: '张三' })
  expect(readAnonymity('张三丰先生 要求保密', '是否匿名')).toEqual({ isAnonymous: true, name: '张三丰先生' })
})
