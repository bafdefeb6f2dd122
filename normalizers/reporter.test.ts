import { describe, expect, test } from 'vitest'
import { stopwatch } from '../config/testing/stopwatch.ts'
import { identityOf, readEmail, readName } from './reporter.ts'

test.each([
  ['张先生', '张先生', 'person', false],
  ['陈小明', '陈小明', 'person', false],
  ['欧阳小明', '欧阳小明', 'person', false],
  ['古丽·买买提', '古丽·买买提', 'person', false],
  ['买买提·艾力·吐尔逊', '买买提·艾力·吐尔逊', 'person', false],
  ['卡米力.阿卜杜拉', '卡米力.阿卜杜拉', 'person', false],
  ['卡米力・阿卜杜拉', '卡米力・阿卜杜拉', 'person', false],
  ['王大店', '王大店', 'person', false],
  [' 陈 女士\u200b', '陈 女士', 'person', false],
  ['幸福小区业主李先生', '幸福小区业主李先生', 'person', false],
  ['张先生 13800138000', '张先生', 'person', false],
  ['张三(电话：138-0013-8000)', '张三', 'person', false],
  ['张三13800138000（匿名）', '张三', 'person', true],
  ['13800138000', null, 'unknown', false],
  ['网友059187654321', '网友059187654321', 'unknown', false],
  ['张三 8813800138000', '张三 8813800138000', 'unknown', false],
  ['张三 138001380001', '张三 138001380001', 'unknown', false],
  [`${'张三'.repeat(25)}13800138000`, `${'张三'.repeat(25)}13800138000`, 'unknown', false],
  ['示例科技有限公司', '示例科技有限公司', 'organisation', false],
  ['某公司', '某公司', 'organisation', false],
  ['幸福里社区居民委员会', '幸福里社区居民委员会', 'organisation', false],
  ['示范小学', '示范小学', 'organisation', false],
  ['A00045581', 'A00045581', 'unknown', false],
  ['琴亭湖周边居民', '琴亭湖周边居民', 'unknown', false],
  ['匿名', null, 'unknown', true],
  ['匿名用户', null, 'unknown', true],
  ['不愿透露姓名', null, 'unknown', true],
  ['保密', null, 'unknown', true],
  ['不愿意透露姓名', null, 'unknown', true],
  ['市民不愿透露个人信息', null, 'unknown', true],
  ['不愿意公开姓名和电话', null, 'unknown', true],
  ['不愿提供', null, 'unknown', true],
  ['不方便透露', null, 'unknown', true],
  ['拒绝透露', null, 'unknown', true],
  ['拒绝提供姓名', null, 'unknown', true],
  ['要求保密', null, 'unknown', true],
  ['来电人要求对个人信息保密', null, 'unknown', true],
  ['请求匿名', null, 'unknown', true],
  ['市民（匿名）', null, 'unknown', true],
  ['请勿泄露', null, 'unknown', true],
  ['不要公开', null, 'unknown', true],
  ['不能公开姓名', null, 'unknown', true],
  ['不愿具名', null, 'unknown', true],
  ['信息保密', null, 'unknown', true],
  ['个人信息保密', null, 'unknown', true],
  ['要求隐私保护', null, 'unknown', true],
  ['要保密', null, 'unknown', true],
  ['务必保密', null, 'unknown', true],
  ['隐名', null, 'unknown', true],
  ['不实名', null, 'unknown', true],
  ['为举报人保密', null, 'unknown', true],
  ['请为其保密', null, 'unknown', true],
  ['请为我保密', null, 'unknown', true],
  ['诉求人信息不公开', null, 'unknown', true],
  ['不允许公开', null, 'unknown', true],
  ['张三（请为我保密）', '张三', 'person', true],
  ['李小明，切勿透露', '李小明', 'person', true],
  ['张女士 要求信息保密', '张女士', 'person', true],
  ['张三（不用保密）', '张三（不用保密）', 'unknown', false],
  ['张三（可以公开）', '张三（可以公开）', 'unknown', false],
  ['张女士（保密）', '张女士', 'person', true],
  ['张女士(要求保密)', '张女士', 'person', true],
  ['【匿名】陈小明', '陈小明', 'person', true],
  ['陈小明，不公开', '陈小明', 'person', true],
  ['古丽·买买提 匿名', '古丽·买买提', 'person', true],
  ['张三匿名', '张三', 'person', true],
  ['陈女士要求保密', '陈女士', 'person', true],
  ['保密张三', '张三', 'person', true],
  ['张三不匿名', '张三不匿名', 'unknown', false],
  ['张　三', '张三', 'person', false],
  ['欧 阳 小 明', '欧阳小明', 'person', false],
  ['某女士', null, 'unknown', false],
  ['未知先生', null, 'unknown', false],
  ['未提供姓名', null, 'unknown', false],
  ['无姓名', null, 'unknown', false],
  ['实名', null, 'unknown', false],
  ['否', null, 'unknown', false],
  ['1', null, 'unknown', false],
  ['市保密局', '市保密局', 'organisation', false],
  ['张女士（业主）', '张女士（业主）', 'unknown', false],
  ['未提供', null, 'unknown', false],
  ['先生', null, 'unknown', false],
  ['市民', null, 'unknown', false],
  ['热心市民', null, 'unknown', false],
  ['本人', null, 'unknown', false],
  ['未登记姓名', null, 'unknown', false],
  ['未透露姓名', null, 'unknown', false],
  ['未说明', null, 'unknown', false],
  ['未实名', null, 'unknown', false],
  ['没留', null, 'unknown', false],
  ['不清楚', null, 'unknown', false],
  ['先生/女士', null, 'unknown', false],
  ['路人', null, 'unknown', false],
  ['市民来电', null, 'unknown', false],
  ['一市民', null, 'unknown', false],
  ['患者家属', null, 'unknown', false],
  ['个人', null, 'unknown', false],
  ['单位', null, 'unknown', false],
  ['女', null, 'unknown', false],
  ['测试', null, 'unknown', false],
  ['某某', null, 'unknown', false],
  ['xxx', null, 'unknown', false],
  ['全体业主', null, 'unknown', false],
  ['部分学生家长', null, 'unknown', false],
  ['小区住户们', null, 'unknown', false],
  ['村民代表', null, 'unknown', false],
  ['热心网友', null, 'unknown', false],
  ['工作人员', null, 'unknown', false],
  ['龙旺业主', '龙旺业主', 'unknown', false],
  ['上海市民', '上海市民', 'unknown', false],
  ['单某', '单某', 'person', false],
  ['手机用户', null, 'unknown', false],
  ['微信用户', null, 'unknown', false],
  ['游客', null, 'unknown', false],
  ['用户***', null, 'unknown', false],
  ['普通会员', null, 'unknown', false],
  ['用户123456', '用户123456', 'unknown', false],
  ['无', null, 'unknown', false],
  ['未知', null, 'unknown', false],
  ['***', null, 'unknown', false],
  ['', null, 'unknown', false],
  [null, null, 'unknown', false],
])('the name %j is read as %j, %s', (cell, name, kind, isAnonymous) => {
  expect(readName(cell)).toEqual({ name, kind, isAnonymous })
})

test.each([
  [
    '%s透露',
    '不愿 不愿意 不想 不肯 不便 不便于 不方便 不同意 不允许 不予 不要 不得 不能 拒 拒绝 拒不 请勿 切勿 勿',
  ],
  ['不%s', '透露 泄露 泄漏 外泄 公开 告知 提供 留 留下 披露 登记 具名 署名 实名 说'],
  [
    '不透露%s',
    '姓名 名字 名 姓 身份 信息 资料 隐私 电话 号码 联系方式 自己的姓名 真实姓名 对外姓名 姓名和电话',
  ],
  ['%s要求匿名', '市民 群众 来电人 诉求人 投诉人 举报人 反映人 当事人 本人 对方 市民表示'],
  [
    '%s保密',
    '要求 请求 希望 申请 需 需要 请 务必 注意 必须 一定要 对其 为我 替本人 给举报人 予以 严格 进行 请对个人信息严格',
  ],
  ['%s', '匿名 隐名 匿名者 匿名举报 不愿 不愿意 不便 拒绝 隐私保护 个人隐私保护 Anonymous'],
] as const)('张三（%s） wants not to be named: %s', (form, words) => {
  for (const word of words.split(' '))
    expect(readName(`张三（${form.replace('%s', word)}）`), word).toEqual({
      name: '张三',
      kind: 'person',
      isAnonymous: true,
    })
})

test('words for anybody are nobody’s name', () => {
  const words =
    '市民 群众 居民 村民 业主 住户 租户 商户 家长 员工 职工 工作人员 记者 网友 家属 来电人 来访人 来信人 投诉人 举报人 反映人 当事人 ' +
    '热心市民 普通市民 全体业主 部分业主 广大市民 众业主 众多业主 某业主 一名市民 一位市民 一群业主 多名业主 小区业主 本小区业主 附近居民 周边居民 学生家长 老业主 业主们 业主代表 市民来电 ' +
    '未留 未登记 未说明 未透露姓名 没留 没提供 女士 小姐 男士 先生/女士 TEST null None n/a 网站用户 本站网友 注册用户 默认用户 新用户 平台网民 app用户'
  for (const word of words.split(' '))
    expect(readName(word), word).toEqual({ name: null, kind: 'unknown', isAnonymous: false })
})

test.each(
  '示例集团 幸福里居委会 示例镇政府 示例实验学校 示例幼儿园 示例社区 示例供电局 示例汽车站 示例银行 示例联合会 示例基金会 示例商会 示例服务中心 示例物业 示例酒店 示例宾馆 示例大队 示例俱乐部 示例商行 示例经营部 示例党支部 示例协会 示例办事处 示例工作室 示例超市 示例工会 某集团'.split(
    ' ',
  ),
)('%s is an organisation', (name) => {
  expect(readName(name)).toEqual({ name, kind: 'organisation', isAnonymous: false })
})

test.each('先生 女士 小姐 师傅 老师 阿姨 大爷 大妈 同志'.split(' '))('幸福小区王%s is a person', (title) => {
  expect(readName(`幸福小区王${title}`).kind).toBe('person')
})

test.each('手机 微信 微博 QQ 支付宝 抖音 短信 小程序 APP 客户端'.split(' '))(
  '%s用户 is nobody’s name',
  (platform) => {
    expect(readName(`${platform}用户`)).toEqual({ name: null, kind: 'unknown', isAnonymous: false })
  },
)

test.each(['需要', '一定要', '本人', '我', '要求', '个人信息', '不愿'])(
  'a cell full of %s does not keep it busy',
  (word) => {
    const took = stopwatch()
    readName(word.repeat(30).slice(0, 60))
    expect(took()).toBeLessThan(40)
  },
)

test.each([
  ['Zhang@Example.COM', 'zhang@example.com'],
  ['　ｚｈａｎｇ＠example.com ', 'zhang@example.com'],
  ['mailto:a.b+c@mail.example.cn', 'a.b+c@mail.example.cn'],
  ['zhang', null],
  ['a@b', null],
  ['a b@example.com', null],
  ['a@example.com;b@example.com', null],
  [`${'a'.repeat(250)}@example.com`, null],
  ['', null],
  [null, null],
])('the address %j is read as %j', (cell, address) => {
  expect(readEmail(cell)).toBe(address)
})

describe('the strongest identity', () => {
  const nobody = { phone: null, email: null, wechatId: null }

  test.each([
    [{ phone: '+8613800138000', email: 'a@example.com', wechatId: 'wx_a1' }, 'phone:+8613800138000'],
    [{ ...nobody, email: 'a@example.com', wechatId: 'wx_a1' }, 'email:a@example.com'],
    [{ ...nobody, wechatId: 'wx_a1' }, 'wechat:wx_a1'],
    [nobody, null],
  ])('of %j is %s', (reporter, identity) => {
    expect(identityOf(reporter)).toBe(identity)
  })

  test('a service number is everybody’s, so it is nobody’s identity', () => {
    expect(identityOf({ ...nobody, phone: '12345' })).toBeNull()
  })
})
