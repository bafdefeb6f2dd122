import { expect, test } from 'vitest'
import { columnPlan, explainColumns } from './columns.ts'

test('explains which headers are understood, which not, and which configured names are missing', () => {
  const headers = ['工单编号', '性质', '标题', '投诉件内容', '河流', '转处理次数', '']
  const settings = { columns: { category: '河流', body: ['投诉件内容', '诉求原文'] } }
  expect(explainColumns(headers, settings)).toEqual({
    mapped: [
      { header: '工单编号', field: 'id' },
      { header: '性质', field: 'kind' },
      { header: '标题', field: 'title' },
      { header: '投诉件内容', field: 'body' },
      { header: '河流', field: 'category' },
    ],
    unmapped: ['转处理次数'],
    missing: ['诉求原文'],
  })
})

test.each([
  ['id', ['工单编码']],
  ['body', ['主要内容', '市民诉求', '诉求事项', '事由']],
  ['phone', ['联系电话1', '联系电话2', '主叫电话', '反映人联系电话']],
  ['category', ['诉求大类', '诉求小类']],
  ['district', ['县市区', '被反映区']],
  ['street', ['街乡镇']],
])('%s is known under the names %j', (field, headers) => {
  expect(explainColumns(headers, {}).mapped).toEqual(headers.map((header) => ({ header, field })))
})

test('settings of another shape configure nothing', () => {
  for (const columns of [undefined, null, 'body', { body: 5, title: [1, null] }]) {
    expect(explainColumns(['标题'], { columns }).mapped).toEqual([{ header: '标题', field: 'title' }])
  }
})

test('a plan is made once per header row and settings', () => {
  const settings = {}
  const first = columnPlan(settings, 'a', () => ['标题'])
  const again = columnPlan(settings, 'a', () => {
    throw new Error('asked twice')
  })
  expect(again).toBe(first)
  expect(columnPlan({}, 'a', () => ['主题'])).not.toBe(first)
})

test('a file per header row, thousands of them, does not fill the memory with plans', () => {
  const settings = {}
  const first = columnPlan(settings, '0', () => ['标题'])
  for (let file = 1; file < 2000; file += 1) columnPlan(settings, String(file), () => ['标题'])
  expect(columnPlan(settings, '0', () => ['标题'])).not.toBe(first)
})
