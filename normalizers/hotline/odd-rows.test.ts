import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import type { TicketDraft } from '../normalizer.ts'
import { checkTicketShape, context, draftOf, fullRow, itemOf, normalize } from './fixtures/rows.ts'
import { hotline } from './hotline.ts'

describe('column maps', () => {
  test('configured names win over built-in ones', () => {
    const cells = { 内容: '承办人备注', 市民原话: '路灯不亮', 河流: '龙津河' }
    const draft = draftOf(cells, {
      settings: { columns: { body: ['市民说', '市民原话'], category: '河流' } },
    })
    expect(draft).toMatchObject({ body: '路灯不亮', category: { value: '龙津河' } })
  })

  test('where the file has none of the configured columns, the common names count, and a note says so', () => {
    const columns = JSON.stringify(['工单编号', '诉求内容', '联系电话', '标题'])
    const settings = { columns: { body: '市民原话', phone: ['回电', '联系电话'], place: '地点说明' } }
    const item = itemOf(JSON.stringify({ 诉求内容: '路灯不亮', 联系电话: '13800138000' }), { columns })
    const { draft } = hotline.normalize(item, { ...context, settings }) as { draft: TicketDraft }
    expect(draft).toMatchObject({ body: '路灯不亮', notes: ['column-missing:body'] })
    expect(draft.fields).toMatchObject({ body: 'column 诉求内容' })
  })

  test('where a configured column is only blank in a row, no other takes its place', () => {
    const settings = { columns: { body: '市民原话', phone: '回电' } }
    const draft = draftOf({ 标题: '路灯', 内容: '承办人备注', 联系电话: '13800138000' }, { settings })
    expect(draft).toMatchObject({ body: '路灯', reporter: { phone: null }, notes: [] })
    const columns = JSON.stringify(['标题', '内容', '市民原话'])
    const noted = itemOf(JSON.stringify({ 标题: '路灯', 内容: '承办人备注' }), { columns })
    expect(hotline.normalize(noted, { ...context, settings })).toMatchObject({ draft: { body: '路灯' } })
  })

  test('an empty list keeps the common names of a field from counting', () => {
    const draft = draftOf({ 标题: '路灯', 内容: '承办人备注' }, { settings: { columns: { body: [] } } })
    expect(draft).toMatchObject({ body: '路灯', notes: [] })
  })

  test('what a failed formula left says nothing: #N/A is no name, and the next column counts', () => {
    const draft = draftOf({
      诉求人: '#N/A',
      联系人: '张三',
      标题: '#NAME?',
      诉求内容: '路灯不亮',
      事发地址: '#REF!',
    })
    expect(draft).toMatchObject({ title: null, reporter: { name: '张三' }, place: { text: null } })
    expect(normalize({ 工单编号: '1', 诉求内容: '#VALUE! ' })).toMatchObject({ code: 'ROW_NO_TEXT' })
    expect(draftOf({ 诉求内容: '#5!' }).body).toBe('#5!')
  })

  test.each([
    'NULL',
    '(Null)',
    '[NULL]',
    '\\N',
    'None',
    'nan',
    'undefined',
    'N/A',
    'NA',
    '无',
    '暂无',
    '——',
    '/',
  ])('%j says nothing in any column', (nothing) => {
    const rest = { 诉求人: nothing, 联系电话: nothing, 事发地址: nothing, 诉求时间: ` ${nothing} ` }
    expect(draftOf({ 标题: '路灯不亮', 诉求内容: nothing, ...rest })).toMatchObject({
      ...{ title: '路灯不亮', body: '路灯不亮', submittedAt: null, notes: [] },
      reporter: { name: null, phoneRaw: null },
      place: { text: null },
    })
    expect(normalize({ 工单编号: '1', 标题: nothing })).toMatchObject({ code: 'ROW_NO_TEXT' })
  })

  test('headers are recognised in any width, spacing and bracket', () => {
    expect(draftOf({ ' 诉 求 内 容 ': '甲' }).body).toBe('甲')
    expect(draftOf({ '诉求内容（必填）': '乙' }).body).toBe('乙')
    expect(draftOf({ ＣＯＮＴＥＮＴ: '丙' }).body).toBe('丙')
  })

  test('headers named like what every object has are only headers', () => {
    const item = itemOf('{"内容":"路灯不亮","__proto__":"x","constructor":"y"}')
    expect(hotline.normalize(item, context)).toMatchObject({ outcome: 'ticket' })
    const onlyThose = normalize({ constructor: 'x' }, { settings: { columns: { title: 'toString' } } })
    expect(onlyThose).toMatchObject({ outcome: 'quarantined', code: 'ROW_NO_TEXT' })
  })

  test('the connector’s header row decides, even where this row has no such cell', () => {
    const columns = JSON.stringify(['诉求内容', '内容', '标题'])
    const item = itemOf(JSON.stringify({ 内容: '路灯不亮' }), { columns })
    expect(hotline.normalize(item, context)).toMatchObject({ draft: { body: '路灯不亮' } })
  })
})

describe('rows that are no rows', () => {
  test.each([['not json'], ['[]'], ['null'], ['"text"'], ['']])('%j is quarantined as unreadable', (body) => {
    expect(hotline.normalize(itemOf(body), context)).toMatchObject({
      outcome: 'quarantined',
      code: 'ITEM_UNREADABLE',
    })
  })

  test('a problem that the connector found is the reason', () => {
    const item = itemOf('{"内容":"half', {
      problem: 'ITEM_TOO_LARGE',
      problemDetail: '{"bytes":9,"limit":5}',
    })
    const details = { bytes: 9, limit: 5 }
    expect(hotline.normalize(item, context)).toEqual({
      outcome: 'quarantined',
      code: 'ITEM_TOO_LARGE',
      details,
    })
  })
})

describe('hostile cells', () => {
  test('a megabyte of text, NUL, lone surrogates and deep emoji come through clean', () => {
    const body = `\0\ud800${'仓山区👨\u200d👩\u200d👧𠮷'.repeat(80_000)}`
    const took = stopwatch()
    const draft = draftOf({ 内容: body, 联系电话: '1'.repeat(100_000), 诉求时间: '年'.repeat(100_000) })
    expect(draft.body.startsWith('\ufffd仓山区👨‍👩‍👧𠮷')).toBe(true)
    expect(draft.body).not.toContain('\0')
    expect(took()).toBeLessThan(170)
  })

  test('a district that says 直辖县级 without end, and a thousand columns of text, are read at once', () => {
    const columns = Array.from({ length: 999 }, (_, at) => [`诉求内容(${at})`, `${'a'.repeat(4_000)}${at}`])
    const took = stopwatch()
    draftOf({ 内容: '路灯坏了', 区县: `${'直辖县级'.repeat(80_000)}\nx` })
    draftOf(Object.fromEntries([['诉求内容', 'a'], ...columns]))
    expect(took()).toBeLessThan(100)
  })

  test('a header that never comes to the figure of its word is read at once', () => {
    const took = stopwatch()
    draftOf({ 内容: '路灯坏了', [`匿名${' '.repeat(250_000)}`]: '1' })
    draftOf({ 内容: '路灯坏了', [`是否匿名0${' '.repeat(250_000)}`]: '1' })
    expect(took()).toBeLessThan(100)
  })

  test('ten thousand columns of a name behind spaces are read at once', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => [`姓名(${at})`, `${' '.repeat(58)}张三`])
    const took = stopwatch()
    expect(draftOf({ 内容: '路灯坏了', ...Object.fromEntries(names) }).reporter.name).toBe('张三')
    expect(took()).toBeLessThan(100)
  })

  test('whatever a row holds, the answer is a valid ticket or a coded quarantine', () => {
    const header = fc.constantFrom(
      ...Object.keys(fullRow),
      '匿名(1)/实名(0)',
      '微信号',
      '省份',
      '城市',
      '街道',
      '__proto__',
    )
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...Object.values(fullRow)),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(['a']),
      fc.constant({ a: 1 }),
    )
    fc.assert(
      fc.property(fc.dictionary(header, cell, { maxKeys: 12 }), (cells) => {
        const answer = normalize(cells)
        if (answer.outcome === 'ticket') checkTicketShape(answer.draft)
        else expect(answer).toMatchObject({ outcome: 'quarantined', code: 'ROW_NO_TEXT' })
      }),
      { numRuns: 1000 },
    )
  })

  test('the same row gives the same answer', () => {
    expect(normalize(fullRow)).toEqual(normalize(fullRow))
  })
})

describe('sums', () => {
  test.each([
    '合计',
    ' 合 计：',
    '小计',
    '本页合计',
    '总计 25 件',
    '共25件',
    '共 4 条记录',
    '记录总数：4',
    'Total',
  ])('a row that begins with %j is skipped by a policy, whatever it sums up', (word) => {
    const cells = { 工单编号: word, 诉求内容: '25件', 承办单位: '12' }
    expect(normalize(cells)).toEqual({ outcome: 'skipped', policy: 'sum-row', detail: word.trim() })
  })

  test('so is one that sums up a group, which stands before the word', () => {
    expect(normalize({ 区划: '鼓楼区', 承办单位: '小计', 诉求内容: '25件' })).toMatchObject({
      policy: 'sum-row',
    })
  })

  test.each([
    { 工单编号: 'A-1', 诉求内容: '合计' },
    { 诉求内容: '合计收费三百元，没有发票' },
    { 诉求人: '共青团路居民', 诉求内容: '路灯不亮' },
  ])('a report is none that only speaks of sums: %j', (cells) => {
    expect(normalize(cells)).toMatchObject({ outcome: 'ticket' })
  })
})

describe('feet of a table', () => {
  test.each([
    { 诉求内容: '审核人：老郑' },
    { 工单编号: '制 表 人：小陈', 诉求内容: '审核人：', 诉求时间: '老郑', 联系电话: '2026年4月1日' },
    { 诉求人: '填报单位：安平市热线办  填报日期：2026-04-01' },
    { 工单编号: '第 1 页，共 3 页' },
  ])('%j is skipped by a policy', (cells) => {
    const [detail] = Object.values(cells)
    expect(normalize(cells)).toEqual({ outcome: 'skipped', policy: 'footer-row', detail })
  })

  test.each([
    { 诉求内容: '审核人员态度差' },
    { 工单编号: 'A-1', 诉求内容: '审核人：老郑' },
    {
      诉求内容:
        '统计时间：这个月小区停水了三次，每次都是从早上到晚上，物业没有任何通知，请协调尽快解决供水问题',
    },
    { 诉求内容: '第1页的公示内容有误' },
    { 诉求内容: '审核人员：态度恶劣，骂人' },
    { 诉求内容: '审批部门：互相推诿', 联系电话: '13800138000' },
    { 诉求内容: '审批时间：三个月', 诉求时间: '2026-03-01 08:00' },
    { 标题: '审批时间：三个月', 诉求内容: '开店的审批没有下文，请督促' },
  ])('a report is none that only begins like one: %j', (cells) => {
    expect(normalize(cells)).toMatchObject({ outcome: 'ticket' })
  })
})
