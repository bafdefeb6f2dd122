import { describe, expect, test } from 'vitest'
import { describeError } from '../../config/errors.ts'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import type { Normalized } from '../normalizer.ts'
import { type Cells, context, draftOf, fullRow, itemOf, normalize } from './fixtures/rows.ts'
import { hotline } from './hotline.ts'

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

  test('what may be cells of a row that was taken for the header is in no message', () => {
    const answer = normalize({ A3: 'A4', 王五: '李四', 13800138003: '13900139000', 联系电话: '1' })
    expect(answer).toMatchObject({
      details: { columns: '联系电话', 'columns.en': '联系电话 and 3 not shown here' },
    })
    const { details } = answer as Extract<Normalized, { outcome: 'quarantined' }>
    expect(describeError('ROW_NO_TEXT', details, 'en')).not.toMatch(/王五|138/)
    expect(describeError('ROW_NO_TEXT', details, 'zh')).toContain(
      '该行的列为 联系电话，另有 3 列未在此显示。',
    )
  })

  test('escapes that exporters leave behind become line ends', () => {
    expect(draftOf({ 内容: '一、路灯_x000D_\n二、路面' }).body).toBe('一、路灯\n二、路面')
    expect(draftOf({ 内容: '一、路灯\\n二、路面\\r\\n\\n3、\\t井盖\\n' }).body).toBe(
      '一、路灯\n二、路面\n\n3、\t井盖',
    )
    expect(draftOf({ 内容: '图在 C:\\new\\temp，\\\\nas\\N与' }).body).toBe(
      '图在 C:\\new\\temp，\\\\nas\\N与',
    )
  })

  test('cells that Excel exports wrap to keep leading zeros are unwrapped', () => {
    const draft = draftOf({ 标题: '="他说""明天修"""', 内容: '="0012"', 联系电话: '="13800138000"' })
    expect(draft.title).toBe('他说"明天修"')
    expect(draft.body).toBe('0012')
    expect(draft.reporter.phoneRaw).toBe('13800138000')
  })

  test.each([
    ['<p>路灯&nbsp;坏了。</p>\n<p style="color:red">请<b>尽快</b>修</p>', '路灯 坏了。\n请尽快修'],
    ['路灯坏了<br/>请修', '路灯坏了\n请修'],
    ['一、路灯<br>\n二、路面\n三、井盖', '一、路灯\n二、路面\n三、井盖'],
    ['小于30&lt;40&nbsp;度', '小于30<40 度'],
    ['<div>请回信 <li@example.com>，温度<30，<张三>说</div>', '请回信 <li@example.com>，温度<30，<张三>说'],
    ['<p>见 <a href="https://p.example/1">照片</a></p>', '见 照片 (https://p.example/1)'],
  ])('the HTML that a message board left in a cell is read: %j', (cell, body) => {
    const draft = draftOf({ 内容: cell })
    expect(draft.body).toBe(body)
    expect(draft.notes).toEqual(['html-read:body'])
  })

  test.each([
    '温度<30 且 >20，b<a',
    '请联系 <li@example.com>',
    '问：A&B公司 <急>',
    '程序里写 if (a<b && c>d)',
    '<img src="1.jpg">',
  ])('what is not clearly HTML, or would leave nothing, stays as it is: %j', (cell) => {
    const draft = draftOf({ 内容: cell })
    expect(draft.body).toBe(cell)
    expect(draft.notes).toEqual([])
  })

  test.each([
    ['spaces', `x<br>${' \t'.repeat(100_000)}y`],
    ['spaces in a tag', `x</b><a ${' '.repeat(100_000)}y`],
    ['open tags', `<p>${'<b'.repeat(100_000)}`],
  ])('%s without end in HTML cost no more than others', (_, cell) => {
    const took = stopwatch()
    expect(normalize({ 内容: cell })).toMatchObject({ outcome: 'ticket' })
    expect(took()).toBeLessThan(100)
  })

  test('a title and a reply are read alike', () => {
    const draft = draftOf({ 标题: '路灯<br>不亮', 内容: '请修', 回复内容: '<p>已修</p>' })
    expect([draft.title, draft.official?.reply]).toEqual(['路灯 不亮', '已修'])
  })

  test('all columns that carry the text are read, what one repeats of another left out', () => {
    const settings = { columns: { body: ['诉求内容', '补充说明', '受理内容'] } }
    const cells = { 受理内容: '路灯不亮', 补充说明: '三号楼前', 诉求内容: '路灯不亮，请修。' }
    const draft = draftOf(cells, { settings })
    expect(draft.body).toBe('路灯不亮，请修。\n\n三号楼前')
    expect(draft.fields.body).toBe('column 诉求内容, column 补充说明')
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
    [{ '匿名(0)/实名(1)': '1' }, false, null],
    [{ '匿名(0)/实名(1)': '0' }, true, null],
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
    [{ 是否匿名: '非实名' }, true, null],
    [{ 是否匿名: '未实名' }, true, null],
    [{ 是否匿名: '不匿名' }, false, null],
    [{ 是否匿名: '非匿名' }, false, null],
    [{ 是否保密: '无需保密' }, false, null],
    [{ 是否保密: '不需要保密' }, false, null],
    [{ 是否保密: '不要求保密' }, false, null],
    [{ 是否匿名: '不是' }, false, null],
    [{ 是否匿名: '是的' }, true, null],
    [{ 是否匿名: '不愿实名' }, true, null],
    [{ 是否匿名: '要求匿名' }, true, null],
    [{ 是否匿名: '否', 是否保密: '是' }, true, null],
    [{ 是否匿名: '是', 是否保密: '否' }, true, null],
    [{ 是否匿名: '否', 是否保密: '否' }, false, null],
    [{ 是否匿名: '林先生', 是否保密: '是' }, true, '林先生'],
    [{ 诉求人: '匿名' }, true, null],
    [{ 诉求人: '匿名', 是否匿名: '林先生' }, true, '林先生'],
    [{ 诉求人: '陈女士', 是否匿名: '是' }, true, '陈女士'],
    [{ 诉求人: '陈女士（保密）', 是否匿名: '否' }, true, '陈女士'],
    [{ 诉求人: '不愿意透露姓名' }, true, null],
  ])('%j is anonymous: %s, name %j', (cells, anonymous, name) => {
    expect(draftOf({ 内容: '路灯不亮', ...cells }).reporter).toMatchObject({ anonymous, name })
  })

  test('of several columns the one that asks for it is named, and the one that a name stands in', () => {
    const { fields } = draftOf({ 内容: '路灯不亮', 是否匿名: '林先生', 是否保密: '是' })
    expect(fields['reporter.anonymous']).toBe('column 是否保密')
    expect(fields['reporter.name']).toBe('column 是否匿名')
  })

  test.each([
    [{ 电子邮箱: '张三<Z@mail.example>' }, 'z@mail.example', 'column 电子邮箱', []],
    [{ 电子邮箱: '<z@mail.example>' }, 'z@mail.example', 'column 电子邮箱', []],
    [{ 电子邮箱: 'z@mail.example；Z@mail.example' }, 'z@mail.example', 'column 电子邮箱', []],
    [{ 电子邮箱: 'z@mail.example;l@mail.example' }, 'z@mail.example', 'column 电子邮箱', ['email-several']],
    [{ 联系方式: '邮箱：z@mail.example' }, 'z@mail.example', 'column 联系方式', []],
    [{ 电子邮箱: 'zhang san@mail.example' }, null, undefined, []],
  ])('the address in %j is %s', (cells, email, origin, notes) => {
    const draft = draftOf({ 内容: '路灯不亮', ...cells })
    expect(draft.reporter.email).toBe(email)
    expect(draft.fields['reporter.email']).toBe(origin)
    expect(draft.notes).toEqual(notes)
  })

  test('who asks in the report not to be named is anonymous, whatever a column says', () => {
    const cells = { 内容: '某厂夜间偷排，市民要求保密。', 诉求人: '陈女士', 是否匿名: '否' }
    const { reporter, fields } = draftOf(cells)
    expect(reporter).toMatchObject({ anonymous: true, name: '陈女士' })
    expect(fields['reporter.anonymous']).toBe('column 内容')
  })

  test.each([
    ['反映人及电话', '李四 13800138000'],
    ['联系人及联系方式', '李四（138-0013-8000）'],
    ['姓名/电话', '李四/13800138000'],
  ])('a column %s gives both', (header, cell) => {
    const { reporter, fields } = draftOf({ 反映内容: '路灯不亮', [header]: cell })
    expect(reporter).toMatchObject({ name: '李四', kind: 'person', phone: '+8613800138000' })
    expect(fields['reporter.phone']).toBe(`column ${header}`)
  })

  test.each([
    ['张三 0591-87654321', '张三', '+8659187654321'],
    ['张三/13800138000/0591-87654321', '张三', '+8613800138000'],
    ['张三 13800138000 李四 13900139000', '张三 李四', '+8613800138000'],
  ])('a column of names and numbers leaves no number in the name: %s', (cell, name, phone) => {
    expect(draftOf({ 反映内容: '路灯不亮', '姓名/电话': cell }).reporter).toMatchObject({ name, phone })
  })

  test('who stays anonymous is still known again by phone', () => {
    const { reporter } = draftOf({ 内容: '路灯不亮', 是否匿名: '是', 手机: '13800138000' })
    expect(reporter).toMatchObject({ anonymous: true, key: 'key(phone:+8613800138000)' })
  })

  test.each([
    [' ｗｘｉｄ_12315abc ', 'wxid_12315abc', 'column 微信号'],
    ['同手机号', null, undefined],
  ])('the WeChat id %j is %j', (cell, wechatId, origin) => {
    const { reporter, fields } = draftOf({ 内容: '路灯不亮', 微信号: cell })
    expect(reporter.wechatId).toBe(wechatId)
    expect(fields['reporter.wechatId']).toBe(origin)
  })

  test('the first phone that can be dialled is taken, whichever column it is in', () => {
    const { reporter, fields } = draftOf({ 内容: '路灯不亮', 联系电话: '138****8000', 手机号: '13900139000' })
    expect(reporter).toMatchObject({ phone: '+8613900139000', phoneRaw: '13900139000' })
    expect(fields['reporter.phone']).toBe('column 手机号')
  })

  test('a phone beside the name is no part of it, and taken where no column has one', () => {
    const row = { 诉求内容: '路灯不亮', 诉求人: '张先生 13900139000' }
    expect(draftOf(row)).toMatchObject({
      reporter: { kind: 'person', name: '张先生', phone: '+8613900139000', phoneRaw: '13900139000' },
      fields: { 'reporter.name': 'column 诉求人', 'reporter.phone': 'column 诉求人' },
    })
    expect(draftOf({ ...row, 联系电话: '13800138000' }).reporter).toMatchObject({
      name: '张先生',
      phone: '+8613800138000',
    })
    expect(draftOf({ ...row, 诉求人: '13900139000' }).reporter).toMatchObject({
      name: null,
      phone: '+8613900139000',
    })
  })

  test('the kind is that of the first column that names one', () => {
    const row = { 诉求内容: '路灯不亮', 诉求类型: '民生诉求' }
    expect(draftOf({ ...row, 工单类型: '投诉' })).toMatchObject({
      kind: 'complaint',
      fields: { kind: 'column 工单类型' },
      notes: [],
    })
    expect(draftOf({ ...row, 工单类型: '转办件' })).toMatchObject({
      kind: 'other',
      fields: { kind: 'column 诉求类型' },
      notes: ['kind-unknown:民生诉求'],
    })
    expect(draftOf({ ...row, 诉求类型: '其他', 工单类型: '咨询' }).kind).toBe('consultation')
  })

  test('a column of categories that names a kind alone gives the kind where no other column does', () => {
    const row = { 诉求内容: '路灯不亮', 类别: '投诉' }
    expect(draftOf(row)).toMatchObject({
      ...{ kind: 'complaint', category: { value: '投诉' }, fields: { kind: 'column 类别' }, notes: [] },
    })
    expect(draftOf({ ...row, 诉求类型: '求助' })).toMatchObject({ kind: 'help' })
    expect(draftOf({ ...row, 诉求类型: '转办件' })).toMatchObject({ kind: 'complaint', notes: [] })
    expect(draftOf({ ...row, 类别: '消费投诉' })).toMatchObject({ kind: 'other' })
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

  test.each(['2026-09-03', '2026-09-03T00:00:00'])(
    'a date %j and a time of day in two columns are one time',
    (date) => {
      const draft = draftOf({ 内容: '路灯不亮', 诉求日期: date, 诉求时间: '08:05:00' })
      expect(draft).toMatchObject({ submittedAt: '2026-09-03T08:05:00+08:00', notes: [] })
      expect(draft.fields.submittedAt).toBe('column 诉求日期, column 诉求时间')
    },
  )

  test('times are in the zone of the source', () => {
    const draft = draftOf({ 内容: '路灯不亮', 诉求时间: 46082.5 }, { timeZone: 'Europe/Berlin' })
    expect(draft.submittedAt).toBe('2026-03-01T12:00:00+01:00')
  })

  test.each([
    [44620.25, '2026-03-01T06:00:00+08:00'],
    ['2026-03-01 06:00', '2026-03-01T06:00:00+08:00'],
    [0.25, null],
  ])('counts days from 1904 where its workbook does: %j', (time, submittedAt) => {
    const item = itemOf(JSON.stringify({ 内容: '路灯不亮', 诉求时间: time }), { dates: '1904' })
    expect(hotline.normalize(item, context)).toMatchObject({ draft: { submittedAt } })
  })
})

test.each([
  ['一般', 'normal'],
  ['非紧急', 'normal'],
  ['非急件', 'normal'],
  ['非应急', 'normal'],
  ['不是特别紧急', 'normal'],
  ['加急', 'urgent'],
  ['特急', 'emergency'],
])('urgency %s is %s', (word, value) => {
  expect(draftOf({ 内容: '路灯不亮', 紧急程度: word }).urgency?.value).toBe(value)
})

test.each([
  [{ 紧急程度: '一般', 是否加急: '是' }, 'urgent', 'column 是否加急'],
  [{ 紧急程度: '特急', 是否加急: '是' }, 'emergency', 'column 紧急程度'],
  [{ 紧急程度: '三星', 是否加急: '否' }, 'normal', 'column 是否加急'],
])('of %j the most urgent column counts: %s', (cells, value, origin) => {
  const draft = draftOf({ 内容: '路灯不亮', ...cells })
  expect(draft.urgency?.value).toBe(value)
  expect(draft.fields.urgency).toBe(origin)
  expect(draft.notes).toEqual([])
})

test('departments in a cell of several lines are told apart', () => {
  const draft = draftOf({ 内容: '路灯不亮', 承办单位: '仓山区城管局\n市路灯处_x000D_\n 市电业局' })
  expect(draft.departments?.value).toEqual(['仓山区城管局', '市路灯处', '市电业局'])
  expect(draft.official?.department).toBe('仓山区城管局 市路灯处 市电业局')
})

test('the party to a case is not who reported it', () => {
  const draft = draftOf({ 内容: '违法搭建', 举报人: '', 当事人: '王五', 联系电话: '13800138000' })
  expect(draft.reporter.name).toBeNull()
})

test('no text of a ticket holds half a character, be it cut here or in the file', () => {
  const long = '很长的说法'.repeat(3)
  const draft = draftOf({
    ...{ 内容: '路灯不亮\ud83d', 标题: '路灯\ud842', 诉求人: '张\ud842', 联系电话: '1380013\ud83d' },
    ...{ 紧急程度: `${long}😀`, 诉求类型: `${long}𠮷村`, 来源渠道: `${long}${long}九个汉字在这里面😀` },
    ...{ 一级分类: '城建\ud83d', 事发地址: '南通\ud842', '承办单位\ud83d': '城管局' },
  })
  // JSON escapes half a character, and nothing else here.
  expect(JSON.stringify(draft)).not.toMatch(/\\u/)
  expect(draft.notes).toContain(`urgency-unknown:${long}😀`)
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
