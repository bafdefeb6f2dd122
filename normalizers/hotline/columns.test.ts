import { expect, test } from 'vitest'
import { nameInGroup } from '../../config/hotline-columns.ts'
import { columnPlan } from './columns.ts'

/** Each header with the field that takes it. */
function fieldsOf(headers: readonly string[], settings: Readonly<Record<string, unknown>>) {
  const { columns } = columnPlan(settings, headers.join('\n'), () => headers)
  return Object.entries(columns).flatMap(([field, taken]) => taken.map(({ header }) => [header, field]))
}

test('configured columns win over common names, which are understood besides', () => {
  const headers = ['工单编号', '性质', '标题', '投诉件内容', '河流', '转处理次数', '']
  const settings = { columns: { category: '河流', body: ['投诉件内容', '诉求原文'] } }
  expect(new Map(fieldsOf(headers, settings) as [string, string][])).toEqual(
    new Map([
      ['工单编号', 'id'],
      ['性质', 'kind'],
      ['标题', 'title'],
      ['投诉件内容', 'body'],
      ['河流', 'category'],
    ]),
  )
})

test.each([
  ['id', ['工单编码']],
  ['id', ['Ticket Number', 'complaint_id', 'service_request_id']],
  ['body', ['主要内容', '市民诉求', '诉求事项', '事由']],
  ['body', ['诉求内容描述', '来电人诉求', '市民反映内容', '通话内容']],
  ['body', ['客户诉求', '网民留言', 'Complaint Text', 'Issue Description']],
  ['reporterName', ['来电客户', 'Complainant', 'Full Name']],
  ['submittedAt', ['来电开始时间', 'Created Date', 'requested_datetime']],
  ['receivedAt', ['诉求受理时间', 'Date Received']],
  ['place', ['发生地详细地址', 'Incident Address']],
  ['anonymous', ['是否要求保密', '是否需要保密', '是否公开身份', '个人信息是否保密']],
  ['phone', ['来电显示号码', 'Contact Number', 'Mobile Number']],
  ['phone', ['联系电话1', '联系电话2', '主叫电话', '反映人联系电话']],
  ['category', ['诉求大类', '诉求小类']],
  ['district', ['诉求所在区县', '事件属地']],
  ['district', ['区/县', '县市区', '被反映区', '市(区)']],
  ['street', ['街乡镇', '镇(乡)']],
])('%s is known under the names %j', (field, headers) => {
  expect(fieldsOf(headers, {})).toEqual(headers.map((header) => [header, field]))
})

test.each([
  [
    ['姓名（投诉人）', '电话(市民)', '内容（必填）'],
    ['reporterName', 'phone', 'body'],
  ],
  [
    ['时间（办结）', '内容（答复）', '地址（事发）'],
    ['repliedAt', 'reply', 'place'],
  ],
  [
    ['联系人（或单位）', '联系电话（用于回访）', '内容（处理部门据此办理）'],
    ['reporterName', 'phone', 'body'],
  ],
  [['地址（被投诉人）', '地址（承办单位）'], ['place']],
  [
    ['时间（受理信息）', '内容（办理情况）', '时间（办理情况）'],
    ['receivedAt', 'reply', 'repliedAt'],
  ],
  [
    ['联系电话（回访）', '手机号（回访）', '手机号(答复用)'],
    ['phone', 'phone', 'phone'],
  ],
  [['姓名/电话（承办人）', '联系人及电话（被投诉人）', '移动电话（经办人）', '联系电话（投诉对象）'], []],
  [['姓名（被投诉人）', '电话（承办人）', '联系电话【承办单位】', '内容（回访）', '时间（派单人）'], []],
])('a remark in brackets says whose a plain name is: %j', (headers, fields) => {
  const found = new Map(fieldsOf(headers, {}) as [string, string][])
  expect(headers.flatMap((header) => found.get(header) ?? [])).toEqual(fields)
})

test.each(['诉求人', '诉求人信息（必填）'])(
  'an address below the group %s counts after another one',
  (group) => {
    const home = nameInGroup('地址', group)
    expect(home).toMatch(/^地址（/)
    expect(fieldsOf([home, '地址'], {})).toEqual([
      ['地址', 'place'],
      [home, 'place'],
    ])
  },
)

test('where somebody lives counts after where it happened', () => {
  const taken = fieldsOf(['居住地址', '家庭住址', '通讯地址', '现住址', '地点', '地址'], {})
  expect(taken.slice(0, 2)).toEqual([
    ['地点', 'place'],
    ['地址', 'place'],
  ])
})

test('of several columns for a field the one with the better name comes first', () => {
  expect(fieldsOf(['事由', '诉求内容'], {})).toEqual([
    ['诉求内容', 'body'],
    ['事由', 'body'],
  ])
})

test('a column that is configured for one field is not taken for another as well', () => {
  expect(fieldsOf(['诉求内容'], { columns: { title: '诉求内容' } })).toEqual([['诉求内容', 'title']])
})

test('settings of another shape configure nothing', () => {
  for (const columns of [undefined, null, 'body', { body: 5, title: [1, null] }]) {
    expect(fieldsOf(['标题'], { columns })).toEqual([['标题', 'title']])
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
