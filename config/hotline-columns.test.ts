import { expect, test } from 'vitest'
import { columnKey, hotlineSynonyms, isKnownColumn, isSumWord } from './hotline-columns.ts'

test('a built-in name stands under one field only, where a second one would be lost without a word', () => {
  const fields = Object.entries(hotlineSynonyms).flatMap(([field, names]) =>
    names.map((name) => ({ field, key: columnKey(name) })),
  )
  const twice = [...Map.groupBy(fields, ({ key }) => key)].filter(([, found]) => found.length > 1)
  expect(twice.map(([key, found]) => [key, ...found.map(({ field }) => field)])).toEqual([])
})

test.each([
  ['满意度', true],
  ['满意度(必填)', true],
  ['联系电话（必填）', true],
  ['序 号。', true],
  ['', false],
  ['（）', false],
  ['甲', false],
])('whether %j is known as the name of a column, with a field or without: %s', (header, isKnown) => {
  expect(isKnownColumn(header)).toBe(isKnown)
})

test.each(
  '合计 总计 本页小计 本表合计 本月共计 本周累计 本日总数 全部合计 工单总数 记录总数 合计：12件 共12条记录 Total'.split(
    ' ',
  ),
)('%s begins a row that sums up others', (word) => {
  expect(isSumWord(word)).toBe(true)
})

test.each(['合计金额不对', '小区合计', '共12条记录错误', 12, null])('%j begins none', (cell) => {
  expect(isSumWord(cell)).toBe(false)
})

test('a long name is told at once, however many ways there are to take it apart', () => {
  const began = process.threadCpuUsage()
  expect(isKnownColumn(`${'微信号'.repeat(28)}吧（急）`)).toBe(false)
  expect(process.threadCpuUsage(began).user / 1000).toBeLessThan(1000)
})
