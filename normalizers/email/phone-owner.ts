import { commonSurnames } from '../../config/surnames.ts'
import { readName } from '../reporter.ts'
import { senderNames } from './header-block.ts'

/** What the lines around a number say of whose it is. */
export interface PhoneOwner {
  /** Whether nothing speaks against the writer, and something for: the place, or a word. */
  readonly isWriter: boolean
  /** The name that stands beside the number; null where none does. */
  readonly name: string | null
}

/** Labels under which somebody names himself; 联系人 may name anybody. */
const ownLabel =
  /^(?:我的?|本人|您的?|真实|用户)?(?:姓名|投诉人|反映人|诉求人|举报人|来信人|写信人|署名|申请人|求助人)(?:姓名)?$/
const nameLabel = /^(?:联系人|联络人)(?:姓名)?$/
/** Labels that say nothing of whose number follows. */
const neutralLabel =
  /^(?:家庭|现|联系|电子|通讯|通信|我的|本人|身份证)*(?:地址|住址|住所|邮箱|邮件|e-?mail|微信|QQ|身份证号?码?|号码|电话|手机|日期|时间|性别|年龄|职业|标题|主题|内容|事由|诉求|问题|情况)$|^(?:投诉|反映|诉求|举报|来信|信件|问题|事件)(?:内容|标题|事由|主题|时间|日期)$|您好$|你好$|^尊敬的/i
/** Those that letters complain of. */
const others =
  '施工|物业|公司|单位|商家|商户|店家|店铺|店|老板|房东|司机|车主|中介|骗子|诈骗|对方|开发商|负责人|经理|客服|厂家|工厂|包工头|工头|学校|医院|邻居|楼上|楼下|被投诉人|被举报人|被反映人|嫌疑人|卖家|商贩|快递员|他|她'
const otherLabel = new RegExp(`${others}`)
/** Whether a line's last words are about one of them. */
export const endsWithOther = new RegExp(`(?:${others})[^。！？!?，,；;]{0,8}[。.，,；;]?$`)
/** What forwarded letters begin with. */
const senderLine = new RegExp(`^[*|\\s>]*(?:${senderNames})[*\\s|]*[:：|]`, 'i')
/** Of blanks before it only the last may begin a label: the others would give the same, after trying all of them again. */
const field = /^[*|\s]*((?:\s(?!\s)|[^\s:：|,，。])[^:：|,，。]{0,11}?)\s*[:：|]\s*(\S.*)$/
const maxAbove = 5
const closingLines = 3

/**
 * Whose the number in a line is: in the closing lines of a letter its writer's, unless the lines above name
 * somebody else; further up only under the writer's own name. What is doubtful is nobody's.
 *
 * @param lines in narrow forms
 * @param named the name and its label in the line itself
 */
export function ownerOf(
  lines: readonly string[],
  at: number,
  named: { readonly label: string | null; readonly name: string } | null,
): PhoneOwner {
  if (firstSender(lines) < at) return { isWriter: false, name: null }
  const above = namedAbove(lines, at)
  if (above === 'other') return { isWriter: false, name: null }
  const name = named?.name ?? above?.name ?? null
  const label = named === null ? (above?.label ?? null) : named.label
  return { isWriter: isClosing(lines, at) || (label !== null && ownLabel.test(label)), name }
}

/** Within the last lines a letter is signed, whether or not a mail program drew a line above. */
function isClosing(lines: readonly string[], at: number): boolean {
  let below = 0
  for (let next = at + 1; next < lines.length && below < closingLines; next++)
    if (lines[next]?.trim() !== '') below += 1
  return below < closingLines
}

/** Looked for once: a signature may have as many lines as a mail has room for. */
const firstSenders = new WeakMap<readonly string[], number>()

/** Index of the first line that a forwarded letter begins with; behind the last where there is none. */
function firstSender(lines: readonly string[]): number {
  const known = firstSenders.get(lines)
  if (known !== undefined) return known
  const found = lines.findIndex((line) => senderLine.test(line))
  const first = found === -1 ? lines.length : found
  firstSenders.set(lines, first)
  return first
}

type Named = { readonly label: string | null; readonly name: string }

/** Who is named in the lines right above; null where nobody is. */
function namedAbove(lines: readonly string[], at: number): Named | 'other' | null {
  for (let above = at - 1; above >= Math.max(0, at - maxAbove); above--) {
    const line = lines[above]?.trim() ?? ''
    if (line === '') return null
    const found = namedIn(line)
    if (found !== 'nobody') return found
  }
  return null
}

function namedIn(line: string): Named | 'other' | 'nobody' | null {
  const [, label = '', value = ''] = field.exec(line) ?? []
  if (ownLabel.test(label) || nameLabel.test(label)) return { label, name: value.slice(0, 20) }
  if (neutralLabel.test(label)) return endsWithOther.test(value) ? 'other' : 'nobody'
  if (label !== '' && (otherLabel.test(label) || !/[。！？]/.test(value))) return 'other'
  if (/(?:[:：]|如下)$/.test(line))
    return /(?:我|本人)的?(?:联系|电话|手机|号码|信息)/.test(line) ? null : 'other'
  if (endsWithOther.test(line)) return 'other'
  if (line.length > 10 || /[，。！？,!?]/.test(line)) return null
  const { kind, name } = readName(line)
  if (kind === 'organisation') return 'other'
  const written = kind === 'person' && !closing.test(line) ? name : nameAmong(line)
  return written === null ? 'nobody' : { label: null, name: written }
}

/** Of two or three characters, by the surname. */
export const fullName = `[${commonSurnames}][\\u4e00-\\u9fff]{1,2}`
const nameAlone = new RegExp(`^${fullName}$`)
/** Behind who somebody is: 维修工李四. */
const nameBehind = new RegExp(`^.*(?:[工员人者长师任记书手主友属警管卫问商]|代表|同事)(${fullName})$`)

/** The name in 李四(证人) or 维修工李四; null where there is none. */
function nameAmong(line: string): string | null {
  const words = line.split(/[\s()]+/)
  const alone = words.length > 1 ? words.find((word) => nameAlone.test(word)) : undefined
  return alone ?? nameBehind.exec(line)?.[1] ?? null
}

const closing = /^(?:此致|敬礼|谢谢|感谢|祝好|顺祝|致敬|敬上|落款|附件|拜托)/

const title = /(?:先生|女士|小姐|师傅|老师|同志|阿姨|大爷|大妈)$/

/**
 * Whether a name written in a letter can be its sender's: `no` where both are names of persons and differ,
 * `unknown` where one is none.
 */
export function fitsSender(written: string | null, sender: string | null): 'yes' | 'no' | 'unknown' {
  const [own, from] = [readName(written), readName(sender)]
  if (own.name === null || from.name === null || from.kind !== 'person') return 'unknown'
  if (own.kind !== 'person') return own.kind === 'organisation' ? 'no' : 'unknown'
  const [one, other] = [own.name.replace(title, ''), from.name.replace(title, '')]
  if (title.test(own.name) || title.test(from.name))
    return one.startsWith(other) || other.startsWith(one) ? 'yes' : 'no'
  return one.includes(other) || other.includes(one) ? 'yes' : 'no'
}
