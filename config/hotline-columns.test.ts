import { expect, test } from 'vitest'
import {
  columnKey,
  hotlineSynonyms,
  isKnownColumn,
  isSumWord,
  mapHotlineColumns,
  nameInGroup,
} from './hotline-columns.ts'

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

test.each([
  ['id', 'ID', '投诉工单号'],
  ['id', 'Case Number', 'Ticket Number'],
  ['body', '内容', '业主诉求'],
  ['body', 'Description', 'Complaint'],
  ['reporterName', '业主', '来电客户'],
  ['reporterName', 'Name', 'Full Name'],
  ['phone', '用户号码', '来电显示'],
  ['submittedAt', 'Create Time', '来电开始时间'],
  ['submittedAt', 'Call Time', 'Report Date'],
  ['receivedAt', 'Received At', '诉求受理时间'],
  ['place', '地址', '问题点位'],
  ['district', '区县', '事件属地'],
] as const)(
  '%s is still read from %s where %s, known since later, stands beside it',
  (field, known, later) => {
    expect(mapHotlineColumns([later, known], {}).get(field)).toEqual([known, later])
  },
)

test('详细地址 below 发生地 keeps its name, from which the ids of rows without a number are made', () => {
  expect(nameInGroup('详细地址', '发生地')).toBe('详细地址')
  expect(nameInGroup('位置', '案发')).toBe('位置')
})
