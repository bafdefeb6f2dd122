import { commonSurnames } from '../../config/surnames.ts'
import { foldWidth } from '../text.ts'
import { isStamp } from './stamps.ts'

/** What a line of a signature may be. Places and offices may be what a report is about, so they prove nothing alone. */
type Part = 'contact' | 'name' | 'courtesy' | 'place' | 'other'

const contacts = [
  /[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}/g,
  /(?:https?:\/\/|www\.)[^\s,;)）]{2,300}/gi,
  /(?:qq|微信号?|wechat)\s?:?\s?[\w.-]{4,40}/gi,
  /(?<!\d)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?\d{7,8}(?:-\d{1,6})?|[48]00-?\d{3,4}-?\d{3,4}|\d{7,8})(?!\d)/g,
]
const mobile = /(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g
const dates = /\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?/g
const label =
  /(?<![\u4e00-\u9fff\w])(?:(?:联系|聯絡|办公|固定)?(?:电话|電話|手机|手機)(?:号码?)?|座机|传真|邮箱|邮件|邮编|网址|姓名|联系人|联系方式|署名|来信人|单位|公司|部门|职务|地址|住址|tel|mobile|phone|cell|fax|e-?mail|web|add(?:ress)?|[tmefwa])\s?[:.]?(?![\u4e00-\u9fff\w])|(?<![\u4e00-\u9fff\w])(?:姓名|联系人|署名|来信人|单位|公司|部门|职务|地址|住址|add(?:ress)?)\s?:/gi
const courtesies =
  /^(?:此致|敬礼|致敬|致礼|谢谢|感谢|多谢|祝好|祝您[\u4e00-\u9fff]{1,6}|顺[祝颂][\u4e00-\u9fff]{1,6}|(?:best |kind |warm )?regards|thanks|thank you|(?:yours )?sincerely|yours (?:truly|faithfully)|best wishes|cheers)[,.!。！~]*$/i

/** Without those that begin many lines of letters, such as 路, 安 and 解. */
const surnames = `${commonSurnames}庄柯齐游詹洪翁施`
const role =
  '(?:一[位名个])?(?:热心|普通|本市|本区)?(?:市民|居民|业主|村民|群众|家长|住户|租户|消费者|公民|学生)'
const form = '(?:先生|女士|小姐|同志|律师|老师|医生|经理|主任)'
const given =
  '(?![\u4e00-\u9fff]?[停漏堵坏断缺修时人处日月年天水电气路车灯楼房门空边面地土便额价温])[\u4e00-\u9fff]{1,2}'
const name = new RegExp(
  `^(?:${role})?(?:(?:欧阳|上官|司马|诸葛|[${surnames}])(?:${given}${form}?|${form})|[小老阿][\u4e00-\u9fff])$`,
)
const roleOnly = new RegExp(`^${role}$`)

/** What says something is neither an office nor an address. */
const saying =
  /[了没不吗吧呢被把请停漏堵坏断扰吵偷欠赔乱太]|投诉|举报|反映|要求|希望|占道|占用|退款|退押|无人|夜间|每[天晚日]/
const office =
  /^[\u4e00-\u9fff\w·]{0,28}(?:公司|集团|中心|学校|大学|学院|中学|小学|幼儿园|医院|委员会|居委会|业委会|办公室|协会|事务所|研究[院所]|[支大]队|街道办|办事处|银行|[支分]行|[部局处科室厂店社站院所])$/
const title =
  /^[\u4e00-\u9fff]{0,8}(?:主任|经理|总监|工程师|教师|教授|律师|医生|会计|[科处局所院校]长|秘书|专员|助理|顾问|董事长|总裁)$/
const place =
  /^[\u4e00-\u9fff\w#-]{0,38}(?:[省市区县镇乡村街路道巷弄号楼栋幢座层室园苑城里寓]|单元|大厦|广场|\d-\d{1,5})$/
/** Words of Latin names and addresses. They may be anything, so they prove nothing either. */
const latin = /^(?:[A-Z][A-Za-z.'’&-]{0,24}|of|and|for|&|\d{1,5}[A-Za-z]?)$/
const bullet = /^\s*(?:[·•●○◆■▪*-]|\d{1,2}\s?[.、)）]|[一二三四五六七八九十]{1,3}、)\s*[^\s\d]/

const frame = /^[\s|]*$/

/** What lines say of who signs. Null where one of them may be anything else. */
interface Signed {
  readonly parts: ReadonlySet<Part>
  /** How many letters of them may tell where something happened. */
  readonly placeLength: number
}

/** Whether these lines can be nothing but a signature under that text. */
export function isSignature(lines: readonly string[], above: string): boolean {
  const signed = readLines(lines)
  if (signed === null) return false
  const isSomeone = signed.parts.has('name') || signed.parts.has('courtesy')
  const mobiles = foldWidth(lines.join('\n')).match(mobile)?.length ?? 0
  if (!isSomeone && !(signed.parts.has('contact') && mobiles <= 1)) return false
  return signed.placeLength < above.replace(/[^\p{L}\p{N}]/gu, '').length
}

/** Whether each of the lines may belong to a signature. */
export function mayBeSignature(lines: readonly string[]): boolean {
  return readLines(lines) !== null
}

function readLines(lines: readonly string[]): Signed | null {
  const parts = new Set<Part>()
  let placeLength = 0
  for (const line of lines) {
    if (frame.test(line) || isStamp(line)) continue
    const read = readLine(foldWidth(line).trim())
    if (read === null) return null
    for (const part of read.parts) parts.add(part)
    placeLength += read.placeLength
  }
  return { parts, placeLength }
}

function readLine(line: string): Signed | null {
  if (line.length > 200 || bullet.test(line)) return null
  if (courtesies.test(line)) return { parts: new Set<Part>(['courtesy']), placeLength: 0 }
  const parts = new Set<Part>()
  let rest = line
  for (const contact of contacts) {
    const without = rest.replace(contact, ' ')
    if (without !== rest) parts.add('contact')
    rest = without
  }
  rest = rest.replace(dates, ' ').replace(label, ' ')
  let placeLength = 0
  for (const word of rest.split(/[\s,;、|/()<>"[\]:]+/)) {
    if (word === '') continue
    const part = partOf(word)
    if (part === null) return null
    if (part === 'place') placeLength += word.length
    parts.add(part)
  }
  return { parts, placeLength }
}

function partOf(word: string): Part | null {
  if (saying.test(word)) return null
  if (place.test(word)) return 'place'
  if (name.test(word)) return 'name'
  if (roleOnly.test(word) || office.test(word) || title.test(word) || latin.test(word)) return 'other'
  return null
}
