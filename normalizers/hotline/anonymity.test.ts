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
  ['是否公开', '不同意公开', true],
  ['是否公开', '同意公开', false],
])('under the header %s %s is anonymous: %s', (header, cell, isAnonymous) => {
  expect(readAnonymity(cell, header)).toEqual({ isAnonymous, name: null })
})
