import { cleanLine, foldWidth } from './text.ts'
import type { Reporter } from './ticket.ts'

export interface NameReading {
  readonly kind: Reporter['kind']
  /** Null where nothing, or only a word for anybody, was given. */
  readonly name: string | null
  /** Whether the name says that its bearer does not want to be named. */
  readonly isAnonymous: boolean
}

const who = '(?:市民|群众|(?:来电|诉求|投诉|举报|反映|当事|本)人|对方)'
const whose = `(?:${who}|其|自己|个人|我|真实|的|联系)*`
const about = '(?:姓名|名字|名|姓|身份|信息|资料|隐私|电话|号码|方式)'
const what = `(?:对外)?(?:${whose}${about}(?:[及和与、]${whose}${about})?)?`
const refusal =
  '(?:不愿意?|不想|不肯|不便于?|不方便|不同意|不允许|不予|不要|不得|不能|拒绝?|拒不|切?勿|不|非)'
const telling = '(?:透露|泄露|泄漏|外泄|公开|告知|提供|留下?|披露|登记|具名|署名|实名|说)'
/** A request not to be named, in the place of a name or beside one. */
const hidden = new RegExp(
  `^(?:${who}?(?:表示)?(?:要求|请求|希望|申请|需|请|要|务必|注意|必须|一定)*` +
    `(?:[匿隐]名.{0,3}|(?:[对为替给]?${whose}${what})?(?:予以|严格|进行)?保密${what}|(?:个人)?隐私保护|` +
    `${what}${refusal}${telling}${what})|` +
    '不愿意?|不便|拒绝|anonymous)$',
  'i',
)
/** A request right behind or before a name. */
const gluedHidden =
  /^(?<name>\p{Script=Han}{2,4}?)(?<![不非无未])(?:要求|请求|申请)?(?:匿名|保密)$|^保密(?<named>\p{Script=Han}{2,4})$/u
/** Longer cells are no name with a remark. */
const maxRemarked = 60
/** What stands between a name and a remark on it. */
const betweenParts = /[\s()（）[\]【】〔〕,，、;；:：/—-]+/u
const group =
  '(?:市民|群众|居民|村民|业主|住户|租户|商户|家长|员工|职工|工作人员|记者|网友|家属|来电人|来访人|来信人|投诉人|举报人|反映人|当事人)'
const which = '(?:热心|普通|全体|部分|广大|众多?|某|一[名位群]?|多[名位]|患者|小区|本小区|附近|周边|学生|老)'
/** Words for anybody, and what stands in for a name. */
const anybody = new RegExp(
  `^(?:${which}{0,2}${group}(?:们|代表|来电)?|路人|无|无名|无名氏|无?姓名|空|未知|不详|佚名|没有|[未没](?:留|提供|登记|说明|透露)(?:姓名)?|不清楚|未?实名|[是否01]|(?:某|未知)(?:先生|女士|小姐)|本人|个人|自己|单位|男|女|` +
    '(?:先生|女士|小姐|男士)(?:/(?:先生|女士))?|测试|test|某+|x+|null|none|n/a|[-—/.*?？]+)$',
  'i',
)
/** People who have a place in common: 龙旺业主 may be anyone of them. */
const grouped = new RegExp(`${group}(?:们|代表)?$`)
/** What a platform calls those who chose no name. One with a number is an account of its own, and stays. */
const defaultNickname =
  /^(?:手机|微信|微博|QQ|支付宝|抖音|短信|小程序|APP|客户端|平台|网站|本站|注册|普通|默认|新)?(?:用户|网友|网民|游客|访客|会员)[*?]*$/i
const organisation =
  /(?:公司|集团|[局厂店部站社院所]|委员会|[居村业]委会|政府|学校|[小中大]学|幼儿园|银行|协会|联合会|基金会|商会|中心|办事处|物业|宾馆|工作室|社区|大队|超市|商行|工会)$/
const titled = /(?:先生|女士|小姐|师傅|老师|阿姨|大爷|大妈|同志)$/
const personal = /^\p{Script=Han}{2,4}$|^\p{Script=Han}{1,8}(?:[·•・‧.．]\p{Script=Han}{1,12}){1,3}$/u

const besideName =
  /[\s,，、;；:：/(（-]*(?:(?:联系(?:电话|手机|号码)?|电话|手机|号码)\s*(?:[:：]\s*)?)?(?<!\d)((?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ][2-8]\d{6,7})(?!\d)\s*[)）]?/g

/** The first number that a clerk wrote beside a name, or in its place; null where there is none. */
export function phoneBesideName(cell: string): string | null {
  if (cell.length > maxRemarked) return null
  const [first] = foldWidth(cell).matchAll(besideName)
  return first?.[1] ?? null
}

/**
 * Reads a name. Words such as 市民 or 先生 name nobody; 张先生 does. A request not to be named beside it, as in
 * 张女士（保密）, is taken off, and so are telephone numbers.
 */
export function readName(cell: string | null): NameReading {
  const name = unspaced(cleanLine(withoutPhones(cell ?? '')))
  if (name === null) return { kind: 'unknown', name, isAnonymous: false }
  if (name.length <= maxRemarked) {
    const parts = name.split(betweenParts)
    const said = parts.filter((part) => !hidden.test(part))
    if (said.length < parts.length) return { ...readName(said.join(' ')), isAnonymous: true }
    const glued = gluedHidden.exec(name)?.groups
    if (glued) return { ...readName(glued.name ?? glued.named ?? null), isAnonymous: true }
  }
  if (anybody.test(name) || defaultNickname.test(name))
    return { kind: 'unknown', name: null, isAnonymous: false }
  // 王大店 is a person, 城关供电所 is not: below four characters only 公司 and 集团 tell.
  const isOrganisation = organisation.test(name) && (name.length > 3 || /(?:公司|集团)$/.test(name))
  const isPerson = (personal.test(name) && !grouped.test(name)) || titled.test(name)
  return { kind: isOrganisation ? 'organisation' : isPerson ? 'person' : 'unknown', name, isAnonymous: false }
}

/** Forms set short names wide: 张 三. */
function unspaced(name: string | null): string | null {
  return name !== null && /^\p{Script=Han}(?: \p{Script=Han}){1,3}$/u.test(name)
    ? name.replaceAll(' ', '')
    : name
}

function withoutPhones(cell: string): string {
  return phoneBesideName(cell) === null ? cell : foldWidth(cell).replace(besideName, ' ')
}

/** An e-mail address in the form in which two are compared; null where it is none. */
export function readEmail(cell: string | null): string | null {
  const address = foldWidth(cell ?? '')
    .trim()
    .replace(/^mailto:/i, '')
  if (address.length > 254 || !/^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]{2,}$/.test(address))
    return null
  return address.toLowerCase()
}

/**
 * The strongest identity given, to be hashed by `reporterKey`; null where there is none. A name alone is
 * none, and a service number (no +) is everybody's.
 */
export function identityOf(reporter: Pick<Reporter, 'phone' | 'email' | 'wechatId'>): string | null {
  if (reporter.phone?.startsWith('+')) return `phone:${reporter.phone}`
  if (reporter.email !== null) return `email:${reporter.email}`
  return reporter.wechatId === null ? null : `wechat:${reporter.wechatId}`
}
