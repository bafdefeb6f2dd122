import { expect, test } from 'vitest'
import { readKind } from './kind.ts'

test.each([
  ['咨询', 'consultation', null],
  ['咨询类', 'consultation', null],
  ['业务咨询', 'consultation', null],
  ['求助', 'help', null],
  ['求决类', 'help', null],
  [' 投诉 ', 'complaint', null],
  ['投诉件', 'complaint', null],
  ['举报', 'report', null],
  ['检举揭发', 'report', null],
  ['建议', 'suggestion', null],
  ['意见建议', 'suggestion', null],
  ['表扬', 'praise', null],
  ['感谢信', 'praise', null],
  ['Complaint', 'complaint', null],
  ['其他', 'other', null],
  ['其它类', 'other', null],
  ['Other', 'other', null],
  ['无', 'other', null],
  ['-', 'other', null],
  ['', 'other', null],
  [null, 'other', null],
  ['投诉举报', 'complaint', 'kind-several:投诉举报'],
  ['举报/投诉', 'report', 'kind-several:举报/投诉'],
  ['投 诉', 'complaint', null],
  ['其他诉求', 'other', null],
  ['其它事项', 'other', null],
  ['非诉求', 'other', 'kind-unknown:非诉求'],
  ['非投诉类', 'other', 'kind-unknown:非投诉类'],
  ['非投诉（咨询）', 'consultation', null],
  ['骚扰电话', 'other', 'kind-unknown:骚扰电话'],
  ['很长很长很长很长很长很长很长的说法', 'other', 'kind-unknown:很长很长很长很长很长很长很长的说'],
])('%j is %s', (cell, kind, note) => {
  expect(readKind(cell)).toEqual({ kind, note })
})
