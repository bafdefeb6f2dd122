import { commonSurnames } from '../../config/surnames.ts'
import { fullName } from './phone-owner.ts'

/** More of a line says nothing of the number below it. */
const maxLength = 200

/** Numbers and accounts that letters complain of. */
const nuisances =
  '(?:骚扰|推销|营销|诈骗|广告|催收|催债|恐吓|贷款|赌博|招嫖|色情|发票|陌生|垃圾)的?(?:电话|短信|微信|来电|号码)'
/** An account in a sentence, unless the writer calls it his or asks to be written to there. */
const accounts =
  '(?<!(?:我|本人|自己)的?|请.{0,3})(?:微信|QQ|支付宝|抖音|快手|账号|帐号)号?\\s*[:是为]?\\s*[\\w-]{4,}'
const offices =
  '社区|村委会?|居委会?|街道办?|物业|客服|热线|值班|服务|报修|抢修|办公室?|前台|中心|部门|医院|学校|银行|派出所|[局所站店]'
/** A number that nobody answers. That of 12345, which everybody knows, is not told below. */
const unanswered = `(?<!(?:1[12]\\d{1,3}|9[56]\\d{3,4}).{0,4})(?:${offices})的?电话.{0,12}(?:不通|[没无]有?人接|无法接通|占线|忙音|停机|关机|空号|[不拒]接)`
const trades =
  '师傅|教练(?![员车证场])|摊主|摊贩|商贩|小贩|贩子|黄牛|代办(?![点处流手业])|装修[工队]|工长|保姆|月嫂|家政|理发师|主播|店主'
/** Somebody called for work, or who came for it, is not complained of. */
const trade = `(?<![派请叫让找等问].{0,4}|老)(?:${trades})(?!.{0,2}(?:来|上门|到场))`
const numbers = new RegExp(`(?:${nuisances}|${accounts}|${unanswered}|${trade})[^,]*(?:,[^,]*)?$`, 'i')

const surname = `[${commonSurnames}]`
const called = '(?:就|也|名字)?(?:名?叫|名为|是)'
/** Somebody with his trade and his name, or said to be called so. */
const people = new RegExp(
  `(?:${trades})${fullName}|${surname}[\\u4e00-\\u9fff]{0,2}(?:${trades})|(?:的(?:那个)?人|男[子的人]|女[子的人]|老板|工头|对方|[他她])${called}${fullName}|(?:[个名位]|(?<!我))叫${fullName}的`,
)

/** The writer speaks of himself: 我是出租车师傅; 张三，微信：abc123. */
const self = new RegExp(
  `(?:我|我们|本人)(?:是|叫)|作为|^(?:市民|居民|村民|业主|家长)?${fullName}[\\s,(]+(?:微信|QQ)`,
  'i',
)
/** A letter's last words ask for something, or thank for it. What is asked about is not complained of. */
const asks = /(?<![申邀聘])请(?![假客])|(?<![失绝看])望|盼|谢|(?<!要)求|麻烦|建议|咨询|怎么|如何|吗/

/**
 * Whether the last sentence of a line names a number, an account or a person that the letter complains of, so that a
 * number right below it may be theirs. Not where the writer then asks for something: below that, letters are signed.
 */
export function endsWithComplaint(line: string): boolean {
  const bare = line.slice(-maxLength).replace(/[\s。.!?;,~]{1,20}$/, '')
  const sentence = /[^。!?;]*$/.exec(bare)?.[0] ?? ''
  if (self.test(sentence)) return false
  const match = numbers.exec(sentence) ?? people.exec(sentence)
  return match !== null && !asks.test(sentence.slice(match.index))
}
