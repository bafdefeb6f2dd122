import { commonSurnames } from '../config/surnames.ts'
import { clauseEnd, simplify } from './fold.ts'
import { endsName } from './names.ts'
import { Pattern } from './pattern.ts'

/** 张先生, 李女士: a surname and a form of address. */
const titled =
  /^(.{1,2})(?:先生|女士|小姐|阿姨|师傅|老师|大爷|大妈|大哥|大姐|同学|某某?|经理|老板|总|同志|太太|奶奶|爷爷|叔叔)$/

/** The commonest and some rarer ones, together those of nine in ten people. */
const surnames = new Set(
  `${commonSurnames}柴牛路丘安常颜牟伍耿关焦左季申柳甘包纪舒屈项涂裴凌霍卓鲍蒙冉童苗计屠冀邬区农商乔骆成费卞华解麦敖古党宫艾景连尚丛滕鄢臧应仇储娄祁栾慕褚闫喻简税易洪施庄柯齐詹翁毕辛靳甄卫饶瞿尤芦隋闵辜刁佟匡鞠荆谌胥蔺岑冼竺虞郜邸姬奚穆窦晏巩巫`,
)

/**
 * How two reporters' names stand to each other. `same`: one full name or nickname. `may-be`: one surname
 * (张先生 and 张强). `unclear`: a name and a nickname, nicknames of two sources, or two people of one surname and
 * address.
 */
export type NameRelation = 'same' | 'may-be' | 'unknown' | 'unclear' | 'different'

/** @param sameSource whether both reports came through one source: elsewhere a person may use another nickname */
export function nameRelation(
  given: string | null,
  otherGiven: string | null,
  sameSource: boolean,
): NameRelation {
  if (given === null || otherGiven === null) return 'unknown'
  const [one, other] = [simplify(given), simplify(otherGiven)]
  const first = titled.exec(one)?.[1]
  const second = titled.exec(other)?.[1]
  if (one === other) return first === undefined ? 'same' : 'may-be'
  if (first !== undefined && second !== undefined)
    return first.charAt(0) === second.charAt(0) ? 'unclear' : 'different'
  if (first !== undefined) return titledAgainst(first.charAt(0), other)
  if (second !== undefined) return titledAgainst(second.charAt(0), one)
  if (isPartOf(one, other) || isPartOf(other, one)) return 'may-be'
  const personal = [one, other].filter(looksPersonal).length
  return personal === 2 || (personal === 0 && sameSource) ? 'different' : 'unclear'
}

/** The form of a name that must be equal for two reporters to be `same`; null where many people have the name (张先生). */
export function ownName(given: string): string | null {
  const name = simplify(given)
  return titled.test(name) ? null : name
}

/** 邱若兰 may call herself 若兰; a single character is part of too many names. */
function isPartOf(short: string, long: string): boolean {
  return long.startsWith(short) || (short.length > 1 && long.includes(short))
}

function titledAgainst(surname: string, name: string): NameRelation {
  if (name.includes(surname)) return 'may-be'
  return looksPersonal(name) ? 'different' : 'unclear'
}

function looksPersonal(name: string): boolean {
  return /^[\u4e00-\u9fff]{2,3}$/.test(name) && surnames.has(name.charAt(0))
}

/** Whether a text gives the reporter's full name as its writer's, or calls them by their nickname. @param text folded */
export function tellsName(text: string, person: Pick<Person, 'name'>): boolean {
  const name = fullName(person)
  return name === null ? callsByNickname(text, person) : givesAsOwn(text, name)
}

/** What an operator writes before a nickname: 微信转办：网民“云下的猫”反映. */
const calling = /(?:网友|网民|网名|用户|昵称|微信名|署名)\n?$/
const callingCharacters = 4

function callsByNickname(text: string, { name }: Pick<Person, 'name'>): boolean {
  if (name === null || name.length < 2 || titled.test(name)) return false
  const nickname = simplify(name.toLowerCase())
  for (let at = text.indexOf(nickname); at >= 0; at = text.indexOf(nickname, at + nickname.length)) {
    if (calling.test(text.slice(Math.max(0, at - callingCharacters), at))) return true
  }
  return false
}

/** Whether a writer gives a name as their own with which somebody's name ends. @param text folded */
export function introduces(text: string, { name }: Pick<Person, 'name'>): boolean {
  const full = name === null ? '' : simplify(name).slice(-nameCharacters)
  return isPersonsName(full) && givesAsOwn(text, full)
}

function isPersonsName(name: string): boolean {
  return looksPersonal(name) && !titled.test(name) && !isPlace(name)
}

function givesAsOwn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const before = text.slice(text.lastIndexOf(clauseEnd, at - 1) + 1, at)
    const after = text.slice(at + name.length, at + name.length + afterCharacters)
    if (mayStandAlone.test(after) && (before === '' || asRole.test(before))) return true
    if (asLabel.test(before) || (asSpeaker.test(before) && !ofOthers.has(after.charAt(0)))) return true
  }
  return false
}

/** The full names that a text gives as its writer's, by what stands before them. @param text folded */
export function namesGiven(text: string): readonly string[] {
  const names = giving.matchesIn(text).map(([, name = '']) => name)
  return [...new Set(names)].filter(isPersonsName)
}

/** 高新区 and 江南里 begin with surnames. */
function isPlace(name: string): boolean {
  return /[省市县区]$/.test(name) || endsName(name, name.length - 1)
}

/** Two may be part of any nickname. */
const nameCharacters = 3
const roles = '居民|村民|业主|市民|住户|员工|职工|教师|老师|学生|家长|家属|群众|移民|用户|司机|店主|商户'
const labels =
  '我叫|我名叫|本人叫?|姓名\\n?|署名\\n?|(?:来电|来信|求助|反映|投诉|举报|诉求|申请|信访|联系|留言)人'
/** 来电人周若兰, 本人周若兰, 姓名：周若兰. */
const asLabel = new RegExp(`(?:${labels})$`)
/** 青石镇的居民周若兰, at the end of a clause or as an operator writes it: 市民周若兰反映. */
const asRole = new RegExp(`(?:${roles})$`)
const mayStandAlone = /^(?:$|\n|(?:女士|先生)?(?:反映|称|投诉|举报|来电|致电|来信|咨询|求助|表示|要求|诉))/
const afterCharacters = 4
/** 我是青石镇的周若兰; what is said before it, of whom, may be long. */
const asSpeaker = new RegExp(`(?:我是|本人)(?:.{0,14}(?:${roles}|的))?$`)
/** All that comes before a name at the end of a clause. */
const giving = new Pattern(
  `(?:${labels}|我是|${roles})([\\u4e00-\\u9fff]{2,3})(?=${clauseEnd}|$)`,
  '我本姓署来求反投举诉申信联留居村业市住员职教老学家群移用司店商',
)
/** 我是周若兰的邻居 names somebody else. */
const ofOthers = new Set('的之家')

/** A person's full name, simplified; null where none is known (张先生, 夜猫子). */
export function fullName({ name }: Pick<Person, 'name'>): string | null {
  if (name === null) return null
  const full = simplify(name)
  return looksPersonal(full) && !titled.test(full) ? full : null
}

/** Who reports, as far as it is known. */
export interface Person {
  readonly key: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly phoneRaw: string | null
  readonly email: string | null
  readonly wechatId: string | null
}

/** A person as one source knows them. */
export interface Sender {
  readonly sourceId: string
  readonly reporter: Person
}

/**
 * `same`: one phone, address or key. `different`: two phones, also where figures are hidden (138****1234) and those that
 * are shown differ; two names that cannot be one person's; or two addresses where no name says otherwise.
 */
export function personRelation(sender: Sender, otherSender: Sender): NameRelation {
  const [one, other] = [sender.reporter, otherSender.reporter]
  if (one.key !== null && one.key === other.key) return 'same'
  const phones = phoneRelation(one, other)
  if (phones !== 'unknown') return phones
  const addresses = [relationOf(one.email, other.email), relationOf(one.wechatId, other.wechatId)]
  if (addresses.includes('same')) return 'same'
  const names = nameRelation(one.name, other.name, sender.sourceId === otherSender.sourceId)
  return names === 'unknown' && addresses.includes('different') ? 'different' : names
}

/**
 * Whether phones or full names show that there are two people, and neither shows one person. Nicknames and addresses
 * are no proof, because a person may change them.
 */
export function areKnownToDiffer(one: Person, other: Person): boolean {
  const shown = [phoneRelation(one, other), relationOf(fullName(one), fullName(other))]
  return shown.includes('different') && !shown.includes('same')
}

/** By what two reporters are known to be one person; `mobile`: a mobile phone of mainland China. */
export type SharedIdentity = 'mobile' | 'phone' | 'email' | 'wechat' | 'key' | 'name'

/** The strongest identity that two reporters share who are one person by {@link personRelation}. */
export function sharedIdentity(one: Person, other: Person): SharedIdentity {
  const phone = ownPhone(one)
  if (relationOf(phone, ownPhone(other)) === 'same')
    return /^\+861[3-9]/.test(phone ?? '') ? 'mobile' : 'phone'
  if (relationOf(one.email, other.email) === 'same') return 'email'
  if (relationOf(one.wechatId, other.wechatId) === 'same') return 'wechat'
  return relationOf(one.key, other.key) === 'same' ? 'key' : 'name'
}

function phoneRelation(one: Person, other: Person): NameRelation {
  const relation = relationOf(ownPhone(one), ownPhone(other))
  return relation === 'unknown' && showOtherFigures(mobileOf(one), mobileOf(other)) ? 'different' : relation
}

/** A service number (no +) is everybody's. */
function ownPhone({ phone }: Person): string | null {
  return phone?.startsWith('+') ? phone : null
}

/** A mobile phone of mainland China with `*` for each figure that is hidden; null where none is known. */
function mobileOf({ phone, phoneRaw }: Person): string | null {
  const figures = (phone ?? phoneRaw ?? '').replace(/^\+86|[\s-]/g, '').replace(/[×xX•]/g, '*')
  return /^1[3-9][\d*]{9}$/.test(figures) ? figures : null
}

function showOtherFigures(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  return [...one].some((figure, at) => figure !== other[at] && figure !== '*' && other[at] !== '*')
}

function relationOf(one: string | null, other: string | null): NameRelation {
  return one === null || other === null ? 'unknown' : one === other ? 'same' : 'different'
}
