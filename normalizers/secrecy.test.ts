import { expect, it } from 'vitest'
import { textMail, ticket } from './email/fixtures/build-mail.ts'
import { asksForSecrecy } from './secrecy.ts'

it.each([
  '请为我保密。',
  '请对举报人的信息严格保密！',
  '举报人要求保密，不要透露我的姓名。',
  '望对本人身份予以保密',
  '我的信息请务必保密',
  '本人要求匿名。',
  '请不要把我的电话告诉物业。',
  '切勿泄露举报人身份',
  '请勿公开我的姓名',
  '匿名举报某某公司偷排',
  '我要匿名投诉',
  '希望匿名处理',
  '来电人反映某厂偷排（市民要求保密）',
  '诉求人要求对其个人信息保密',
  '请严格保密，谢谢',
  '需保密',
  '姓名：张三\n是否公开：否\n内容：路灯不亮',
  '是否匿名 | 是',
  '是否保密:保密',
  '是否同意公开：不同意',
  '反映某厂偷排。是否保密：是',
  '反映某厂偷排（市民不愿透露个人信息）。',
  '反映某厂偷排，来电人不愿意提供姓名',
  '某厂偷排，不愿透露姓名',
  '怕打击报复，不便留真名',
  '来电人要求不公开个人信息',
  '某厂偷排（匿名）',
  '【信息保密】某厂偷排',
  '请一定要保密',
  '望保密',
  '请有关部门保密',
  '麻烦为投诉者保密',
  '请保护举报人的隐私',
  '请不要告诉对方是我举报的',
  '不要把举报人的联系方式对外任何单位外泄',
  '不想让别人知道我是谁',
  '请不要让被投诉方知道我的电话',
  '请不要外泄举报人信息',
  '请求能匿名',
  '此件匿名',
  '某厂偷排。我想匿名反映',
  '匿名群众反映某厂偷排',
  '麻烦帮我保密',
  '反映某厂偷排，要求信息保密处理',
  '某厂偷排，希望个人信息保密',
  '请勿向被投诉的单位透露我的信息',
  '不希望对方知道是我举报的',
  '请别告诉他们是我说的',
  '请隐去我的姓名',
])('hears who asks not to be named: %j', (text) => {
  expect(asksForSecrecy(text)).toBe(true)
})

it.each([
  '我是实名举报，无需保密。',
  '不需要为我保密',
  '我可以公开我的姓名',
  '我与公司签了保密协议',
  '物业说内容保密，不给看账目',
  '有人匿名举报我违建，与事实不符',
  '请公开小区的账目',
  '要求签保密协议才给退费',
  '单位说需要保密工作手续',
  '物业不要把垃圾放在我的门口',
  '物业未公开我们小区的维修资金',
  '是否公开：是',
  '是否匿名：否',
  '是否公开：同意',
  '商家拒绝提供联系方式',
  '物业不愿公开维修资金信息',
  '请问病历要不要保密',
  '请物业不要对业主保密',
  '请保护我们的隐私，拆掉楼道的摄像头',
  '不要告诉我是谁举报的',
  '平台隐藏我的信息，无法登录',
  '商家要求对退款信息保密',
])('hears no such wish in %j', (text) => {
  expect(asksForSecrecy(text)).toBe(false)
})

it('knows who writes, what must stay hidden, and what is not to be done with it', () => {
  const writers = '我 我们 本人 举报人 投诉人 反映人 诉求人 来信人 写信人 来电人 举报者 当事人 市民'
  const facts = '姓名 名字 身份 信息 资料 电话 手机 号码 联系方式'
  const acts = '透露 泄露 泄漏 外泄 公开 公布 告知 告诉'
  for (const writer of writers.split(' ')) expect(asksForSecrecy(`请对${writer}保密`), writer).toBe(true)
  for (const fact of facts.split(' ')) expect(asksForSecrecy(`市民不愿透露${fact}`), fact).toBe(true)
  for (const act of acts.split(' ')) expect(asksForSecrecy(`不得${act}我的姓名`), act).toBe(true)
})

it.each([
  ['%s我保密', '为 替 给 对'],
  ['将我的信息%s', '保密 严格保密'],
  ['市民的信息%s', '保密 不公开'],
  ['市民%s对此保密', '要求 请求 希望 申请'],
  ['市民申请%s', '保密 匿名'],
  ['不要%s我的电话告诉物业', '把 将'],
  ['%s告诉他是我举报的', '不要 请勿 切勿 不得 不能 别 不想 不愿'],
  ['不要%s是我投诉的', '让他知道 告诉他 透露'],
  ['不能让他知道是我%s的', '举报 投诉 反映'],
  ['来电人%s提供电话', '不愿 不愿意 不想 不肯 不敢 不便 不便于 不方便 不同意 不希望 拒绝 要求不'],
  ['来电人不愿%s电话', '透露 提供 留 留下'],
  [
    '某厂偷排，不愿%s',
    '提供姓名 透露本人姓名 透露个人姓名 透露自己的姓名 透露真实姓名 留真名 公开身份 公开个人信息',
  ],
  ['匿名%s反映某厂偷排', '群众 市民 网友 用户 人士'],
  ['某厂偷排，匿名%s', '举报 投诉 反映 求助'],
  ['某厂偷排（%s）', '匿名 保密 不公开 信息保密 个人信息保密 个人信息不公开'],
  ['%s匿名', '请 请求 要求 申请 希望 本人 此件 本件'],
  ['%s保密', '要求 申请 希望 务必 一定 望 请 请领导 需 需要 请予以 请给予 请严格'],
  ['请保护举报人的%s', '隐私 信息 身份'],
  ['%s：是', '匿名 保密 是否匿名 是否保密 要求保密 是否要求保密'],
  ['是否%s：否', '公开 同意公开 实名'],
] as const)('hears it in every form of %j', (form, words) => {
  for (const word of words.split(' ')) expect(asksForSecrecy(form.replace('%s', word)), word).toBe(true)
})

it.each('不要 不需 不需要 无需 不必 不用'.split(' '))('%s对我保密 is no such wish', (no) => {
  expect(asksForSecrecy(`${no}对我保密`)).toBe(false)
})

it.each('协议 局 法 工作 单位 义务 期'.split(' '))('请市保密%s is no such wish', (what) => {
  expect(asksForSecrecy(`请市保密${what}`)).toBe(false)
})

it('makes the ticket say so, with the name that was given', async () => {
  const made = await ticket(textMail('某厂偷排，请查处。\n请为我保密。', { From: '张三 <z@mail.example>' }))
  expect(made.reporter).toMatchObject({ anonymous: true, name: '张三', email: 'z@mail.example' })
  expect(made.fields).toMatchObject({ 'reporter.anonymous': 'body' })
  const open = await ticket(textMail('某厂偷排，请查处。'))
  expect(open.reporter.anonymous).toBe(false)
  expect(open.fields).not.toHaveProperty('reporter.anonymous')
})
