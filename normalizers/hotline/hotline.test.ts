import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchivedItem, NormalizeContext, Normalized, TicketDraft } from '../normalizer.ts'
import { Ticket } from '../ticket.ts'
import { hotline } from './hotline.ts'

const context: NormalizeContext = {
  sourceId: 'hotline-12345',
  channel: 'hotline',
  platform: null,
  timeZone: 'Asia/Shanghai',
  homeDivision: '350100',
  settings: {},
  reporterKey: (identity) => `key(${identity})`,
}

type Cells = Readonly<Record<string, unknown>>

function itemOf(body: string | Uint8Array, meta: ArchivedItem['meta'] = {}): ArchivedItem {
  return {
    rawId: 'R-A',
    sourceId: 'hotline-12345',
    externalId: '1',
    mediaType: 'application/json',
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    meta: { file: '2026-03.csv', row: '7', ...meta },
    archivedAt: '2026-03-01T08:00:00+08:00',
  }
}

function normalize(cells: Cells, changes: Partial<NormalizeContext> = {}): Normalized {
  const answer = hotline.normalize(itemOf(JSON.stringify(cells)), { ...context, ...changes })
  if (answer instanceof Promise) throw new Error('a row needs no waiting')
  return answer
}

function draftOf(cells: Cells, changes: Partial<NormalizeContext> = {}): TicketDraft {
  const answer = normalize(cells, changes)
  if (answer.outcome !== 'ticket') throw new Error(`expected a ticket, got ${answer.outcome}`)
  expectTicketShape(answer.draft)
  return answer.draft
}

/** A draft with what the pipeline adds has to be a valid ticket. */
function expectTicketShape({ fields, notes, ...draft }: TicketDraft): void {
  const ticket = {
    ...draft,
    schemaVersion: '1',
    id: `T-${'A'.repeat(26)}`,
    revision: 1,
    sourceId: 'hotline-12345',
    externalId: '1',
    ingestedAt: '2026-03-01T08:00:00+08:00',
    attachments: [],
    followUps: [],
    dedupe: {
      verdict: 'new',
      masterId: null,
      incidentId: null,
      score: null,
      reasons: [],
      algorithm: 'none',
      reports: 1,
      reporters: 0,
      channels: ['hotline'],
    },
    provenance: { rawId: 'R-A', connector: 'hotline-export/1', normalizer: 'hotline/1', fields, notes },
  }
  expect(Ticket.safeParse(ticket).error).toBeUndefined()
}

const fullRow = {
  工单编号: 'FZ20260301001',
  诉求人: '张先生',
  联系电话: '138 0013 8000',
  电子邮箱: 'Zhang@Example.com',
  是否匿名: '否',
  诉求类型: '投诉',
  来源渠道: '电话',
  诉求标题: '金榕南路路灯不亮',
  诉求内容: ' 路灯坏了三天。\r\n\r\n请尽快维修！ ',
  诉求时间: '2026/2/28 19:05',
  受理时间: '2026-02-28T19:20:00',
  事发时间: '2026年2月25日',
  所属区划: '仓山区',
  事发地址: '建新镇金榕南路１２号',
  经度: 119.27,
  纬度: '26.04',
  紧急程度: '紧急',
  一级分类: '城乡建设',
  二级分类: '市政设施',
  承办单位: '仓山区城管局、市路灯处',
  办理状态: '办理中',
  答复意见: '已派人查看。',
  答复时间: '2026-03-01 09:00',
  链接: 'https://example.gov.cn/t/1',
  坐席工号: 1024,
}

test('a full row becomes a ticket with where each field came from', () => {
  expect(draftOf(fullRow)).toEqual({
    channel: 'hotline',
    platform: null,
    externalUrl: 'https://example.gov.cn/t/1',
    threadId: null,
    title: '金榕南路路灯不亮',
    body: '路灯坏了三天。\n\n请尽快维修！',
    language: 'zh',
    reporter: {
      kind: 'person',
      anonymous: false,
      name: '张先生',
      phone: '+8613800138000',
      phoneRaw: '138 0013 8000',
      email: 'zhang@example.com',
      wechatId: null,
      key: 'key(phone:+8613800138000)',
    },
    occurredAt: '2026-02-25T00:00:00+08:00',
    submittedAt: '2026-02-28T19:05:00+08:00',
    receivedAt: '2026-02-28T19:20:00+08:00',
    place: {
      text: '建新镇金榕南路12号',
      province: '福建省',
      city: '福州市',
      district: '仓山区',
      street: '建新镇',
      code: '350104',
      lat: 26.04,
      lon: 119.27,
      method: 'column',
    },
    kind: 'complaint',
    category: { value: '城乡建设 / 市政设施', method: 'source', confidence: 1 },
    urgency: { value: 'urgent', method: 'source', confidence: 1 },
    departments: { value: ['仓山区城管局', '市路灯处'], method: 'source', confidence: 1 },
    handling: null,
    official: {
      status: '办理中',
      reply: '已派人查看。',
      repliedAt: '2026-03-01T09:00:00+08:00',
      department: '仓山区城管局、市路灯处',
    },
    fields: {
      title: 'column 诉求标题',
      body: 'column 诉求内容',
      channel: 'column 来源渠道: 电话',
      externalUrl: 'column 链接',
      'reporter.name': 'column 诉求人',
      'reporter.phone': 'column 联系电话',
      'reporter.email': 'column 电子邮箱',
      'reporter.anonymous': 'column 是否匿名',
      occurredAt: 'column 事发时间',
      submittedAt: 'column 诉求时间',
      receivedAt: 'column 受理时间',
      place: 'column 事发地址',
      'place.district': 'column 所属区划',
      'place.lat': 'column 纬度',
      'place.lon': 'column 经度',
      kind: 'column 诉求类型',
      category: 'column 一级分类, column 二级分类',
      urgency: 'column 紧急程度',
      departments: 'column 承办单位',
      'official.status': 'column 办理状态',
      'official.reply': 'column 答复意见',
      'official.repliedAt': 'column 答复时间',
      'official.department': 'column 承办单位',
    },
    notes: ['time-unknown:occurredAt'],
  })
})

test('a row with nothing but a text says null for all the rest', () => {
  const draft = draftOf({ 内容: '路灯不亮' })
  expect(draft).toMatchObject({
    title: null,
    body: '路灯不亮',
    submittedAt: null,
    kind: 'other',
    official: null,
  })
  expect(draft.reporter).toEqual({
    kind: 'unknown',
    anonymous: false,
    name: null,
    phone: null,
    phoneRaw: null,
    email: null,
    wechatId: null,
    key: null,
  })
  expect(draft.place.method).toBeNull()
  expect([draft.category, draft.urgency, draft.departments]).toEqual([null, null, null])
  expect(draft.notes).toEqual([])
})

describe('title and text', () => {
  test('a row with a title alone has it as its text', () => {
    const draft = draftOf({ 标题: '路灯不亮', 内容: ' \u200b ' })
    expect(draft).toMatchObject({ title: '路灯不亮', body: '路灯不亮' })
    expect(draft.fields.body).toBe('column 标题')
  })

  test('a row without either is quarantined with its place in the file, and no content', () => {
    expect(normalize({ 工单编号: '1', 联系电话: '13800138000' })).toEqual({
      outcome: 'quarantined',
      code: 'ROW_NO_TEXT',
      details: { file: '2026-03.csv', row: '7', columns: '工单编号, 联系电话' },
    })
  })

  test('escapes that exporters leave behind become line ends', () => {
    expect(draftOf({ 内容: '一、路灯_x000D_\n二、路面' }).body).toBe('一、路灯\n二、路面')
  })

  test('cells that Excel exports wrap to keep leading zeros are unwrapped', () => {
    const draft = draftOf({ 内容: '="0012"', 联系电话: '="13800138000"' })
    expect(draft.body).toBe('0012')
    expect(draft.reporter.phoneRaw).toBe('13800138000')
  })

  test('a number in the text column is text', () => {
    expect(draftOf({ 内容: 12345 }).body).toBe('12345')
  })
})

describe('the reporter', () => {
  test.each<[Cells, boolean, string | null]>([
    [{ '匿名(1)/实名(0)': '1' }, true, null],
    [{ '匿名(1)/实名(0)': 0 }, false, null],
    [{ '匿名（1）/实名（0）': '１' }, true, null],
    [{ '匿名(1)/实名(0)': '林先生' }, false, '林先生'],
    [{ '匿名(1)/实名(0)': '市民' }, false, null],
    [{ 是否匿名: '是' }, true, null],
    [{ 是否匿名: true }, true, null],
    [{ 是否匿名: '匿名' }, true, null],
    [{ 是否匿名: '否' }, false, null],
    [{ 是否实名: '是' }, false, null],
    [{ 是否实名: '否' }, true, null],
    [{ 是否实名: '实名' }, false, null],
    [{ 是否保密: '是' }, true, null],
    [{ 是否公开姓名: '不公开' }, true, null],
    [{ 诉求人: '匿名' }, true, null],
    [{ 诉求人: '匿名', 是否匿名: '林先生' }, true, '林先生'],
    [{ 诉求人: '陈女士', 是否匿名: '是' }, true, '陈女士'],
  ])('%j is anonymous: %s, name %j', (cells, anonymous, name) => {
    expect(draftOf({ 内容: '路灯不亮', ...cells }).reporter).toMatchObject({ anonymous, name })
  })

  test('who stays anonymous is still known again by phone', () => {
    const { reporter } = draftOf({ 内容: '路灯不亮', 是否匿名: '是', 手机: '13800138000' })
    expect(reporter).toMatchObject({ anonymous: true, key: 'key(phone:+8613800138000)' })
  })

  test('the first phone that can be dialled is taken, whichever column it is in', () => {
    const { reporter, fields } = draftOf({ 内容: '路灯不亮', 联系电话: '138****8000', 手机号: '13900139000' })
    expect(reporter).toMatchObject({ phone: '+8613900139000', phoneRaw: '13900139000' })
    expect(fields['reporter.phone']).toBe('column 手机号')
  })

  test('a masked phone is kept as it stands and identifies nobody', () => {
    const { reporter, notes } = draftOf({ 内容: '路灯不亮', 联系电话: '138****8000' })
    expect(reporter).toMatchObject({ phone: null, phoneRaw: '138****8000', key: null })
    expect(notes).toEqual(['phone-masked'])
  })

  test('a name alone is no identity', () => {
    expect(draftOf({ 内容: '路灯不亮', 诉求人: '张三' }).reporter.key).toBeNull()
  })
})

describe('times', () => {
  test('a day that may be a month is left open, unless the source is configured', () => {
    const cells = { 内容: '路灯不亮', 诉求时间: '05/03/2016 8:00' }
    expect(draftOf(cells)).toMatchObject({ submittedAt: null, notes: ['day-month-unknown:submittedAt'] })
    expect(draftOf(cells, { settings: { dateOrder: 'auto' } }).submittedAt).toBeNull()
    expect(draftOf(cells, { settings: { dateOrder: 'mdy' } }).submittedAt).toBe('2016-05-03T08:00:00+08:00')
    expect(draftOf(cells, { settings: { dateOrder: 'dmy' } }).submittedAt).toBe('2016-03-05T08:00:00+08:00')
  })

  test('a second column helps out where the first cannot be read', () => {
    const draft = draftOf({ 内容: '路灯不亮', 诉求时间: '昨天', 来电时间: '2026-03-01 08:00' })
    expect(draft).toMatchObject({ submittedAt: '2026-03-01T08:00:00+08:00', notes: [] })
    expect(draft.fields.submittedAt).toBe('column 来电时间')
  })

  test('times are in the zone of the source', () => {
    const draft = draftOf({ 内容: '路灯不亮', 诉求时间: 46082.5 }, { timeZone: 'Europe/Berlin' })
    expect(draft.submittedAt).toBe('2026-03-01T12:00:00+01:00')
  })
})

test.each([
  ['一般', 'normal'],
  ['非紧急', 'normal'],
  ['加急', 'urgent'],
  ['特急', 'emergency'],
])('urgency %s is %s', (word, value) => {
  expect(draftOf({ 内容: '路灯不亮', 紧急程度: word }).urgency?.value).toBe(value)
})

test('words that are not understood are named in the notes', () => {
  const { notes } = draftOf({
    内容: '路灯不亮',
    紧急程度: '三星',
    诉求类型: '骚扰',
    链接: 'javascript:alert(1)',
    所属区划: '三片区',
  })
  expect(notes.toSorted()).toEqual([
    'division-unknown',
    'kind-unknown:骚扰',
    'urgency-unknown:三星',
    'url-invalid',
  ])
})

describe('column maps', () => {
  test('configured names win over built-in ones', () => {
    const cells = { 内容: '承办人备注', 市民原话: '路灯不亮', 河流: '龙津河' }
    const draft = draftOf(cells, {
      settings: { columns: { body: ['市民说', '市民原话'], category: '河流' } },
    })
    expect(draft).toMatchObject({ body: '路灯不亮', category: { value: '龙津河' } })
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
    const started = performance.now()
    const draft = draftOf({ 内容: body, 联系电话: '1'.repeat(100_000), 诉求时间: '年'.repeat(100_000) })
    expect(draft.body.startsWith('\ufffd仓山区👨‍👩‍👧𠮷')).toBe(true)
    expect(draft.body).not.toContain('\0')
    expect(performance.now() - started).toBeLessThan(5000)
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
        if (answer.outcome === 'ticket') expectTicketShape(answer.draft)
        else expect(answer).toMatchObject({ outcome: 'quarantined', code: 'ROW_NO_TEXT' })
      }),
      { numRuns: 1000 },
    )
  })

  test('the same row gives the same answer', () => {
    expect(normalize(fullRow)).toEqual(normalize(fullRow))
  })
})
