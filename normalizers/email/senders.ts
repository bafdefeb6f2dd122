import type { AddressObject, EmailAddress, Headers } from 'mailparser'
import { readPhone } from '../phone.ts'
import { readEmail } from '../reporter.ts'
import { cleanLine, foldWidth } from '../text.ts'
import { endsWithComplaint } from './complained-of.ts'
import { ownerOf } from './phone-owner.ts'

/** Someone named in a header. */
export interface MailPerson {
  readonly name: string | null
  /** In lower case; null where none was given that mail can be sent to. */
  readonly address: string | null
}

/** The people in an address header, groups opened. */
export function addressesOf(
  headers: Headers,
  name: 'from' | 'reply-to' | 'sender' | 'to' | 'cc',
): readonly MailPerson[] {
  return [headers.get(name)].flat().flatMap((value) => {
    return isAddressObject(value) ? value.value.flatMap(people).filter(isSomeone) : []
  })
}

function isAddressObject(value: unknown): value is AddressObject {
  return typeof value === 'object' && value !== null && 'value' in value && Array.isArray(value.value)
}

function people(entry: EmailAddress): readonly MailPerson[] {
  if (entry.group) return entry.group.flatMap(people)
  const address = readEmail(entry.address ?? null)
  const shown = cleanLine((entry.name ?? '').slice(0, 500).replace(/^["'\s]+|["'\s]+$/g, ''))
  const named = readEmail(shown)
  const name = named === null ? cleanLine((shown ?? '').replace(addressInName, ' ')) : null
  return [{ name, address: address ?? named }]
}

/** Some programs repeat the address inside the name: `"张三<zhang@mail.example>" <zhang@mail.example>`. */
const addressInName = /[\s<([（]{0,3}[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}[\s>)\]）]{0,3}/g

function isSomeone(person: MailPerson): boolean {
  return person.name !== null || person.address !== null
}

/** Addresses from which programs send for others, web servers under their own account. system2008@ and robot.li@ are people's. */
const programs =
  /^(?:(?:(?:do[-_.]?)?not?[-_.]?reply|no[-_.]?response)(?:[-_.+\d][^@]*)?|system|sys(?:tem)?[-_.]?(?:mail|admin|notice)|webmaster|web[-_.]?form|auto[-_.]?(?:mail|send|reply)|notif(?:y|ications?)|robot|www(?:-data)?|apache|httpd|nginx|nobody|anonymous|root)@/i
const programNames =
  /^(?:(?:网站|系统|平台|信箱|邮箱|站点)管理员|管理员|(?:系统|自动)(?:邮件|通知|消息|发送)|no-?reply|webmaster|system)$/i

/** Whether a sender is a program, as those of web forms: what all their users share is nobody's. */
export function isProgram({ name, address }: MailPerson): boolean {
  return programs.test(address ?? '') || programNames.test(name ?? '')
}

/** Whether somebody writes from a public office, by the domain that only these have: fuzhou.gov.cn, hkpf.gov.hk. */
export function isOffice({ address }: MailPerson): boolean {
  return /[@.]gov\.[a-z]{2,}$/.test(address ?? '')
}

const writers = '投诉人|反映人|诉求人|举报人|来信人|写信人'
const self = `(?:我的?|本人|${writers})的?`
/** Many add that it is their number at WeChat too. */
const orWechat = '(?:\\s*(?:[/(、和]\\s*)?微信(?:号|同号)?\\)?)?'
const label = `(?:(?:(?<self>${self})|联系人的?|您的)?(?:联系|聯絡)?(?:电话号码|手机号码|电话|電話|手机号|手机|手機|联系方式|tel|mobile|phone|cell)${orWechat}|(?<call>联系我|联系本人|我的联系))(?:\\s*[:：]|(?<=(?:我|本人)的?(?:联系)?(?:电话|手机)(?:号码?)?)[是为])?`
const noName = '(?!的?(?:联系|聯絡|电话|電話|手机|手機))'
const signer = `(?:(?<label>姓名|联系人|${writers})\\s*(?:[:：]\\s*)?${noName}(?<named>[\\u4e00-\\u9fff·]{2,8})|(?<titled>[\\u4e00-\\u9fff]{1,3}(?:先生|女士|小姐|同志)))[\\s,:：]*`
const closing = '(?:\\s*\\(?(?:微信)?同号\\)?)?[\\s,).。]*(?:谢谢[!.。]?)?'
const number = '(?<number>(?:\\+?86[- ]?)?[0-9][0-9 -]{6,18}[0-9])'
const labelled = [`(?:${signer})?${label}\\s*`, signer].map(
  (before) => new RegExp(`^[\\s,;(|]*${before}${number}${closing}$`, 'i'),
)
/** 我的电话是… as a clause of its own in a sentence. 我电话13800138000 may tell whom the writer called, and after 他说 it is another's. */
const inSentence = new RegExp(
  `(?<![说称讲道])(?:^|[\\s,。;!?])(?<self>(?:我|本人)(?:的?(?:联系电话|手机|手機)|的(?:电话|電話)|(?:电话|電話)(?=(?:号码?)?\\s*[:是为]))(?:号码?)?)\\s*(?:[:是为]\\s*)?${number}(?=[\\s,。;!?)]|$)`,
)
/** More columns has no form but a list. */
const maxCells = 8
const bareMobile = /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g

/** A mobile alone on its line, or with a name before it and a date behind it. */
const bare =
  /^[\s,;]*(?:[\u4e00-\u9fff·]{2,8}[\s,:：(]*(?:(?<=[\s,:：(])(?:联系)?(?:电话|手机)(?:号码?)?[\s:：]*)?)?(?<number>(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4})[\s,;)]*(?:\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?)?$/

/** A phone that may be the writer's; `phone` as `readPhone` gives it, `raw` as it is written. */
export interface OwnPhone {
  readonly phone: string
  readonly raw: string
  readonly from: 'signature' | 'body'
  /** The name that stands beside it; null where none does. Whoever knows the sender has to compare. */
  readonly name: string | null
  /** Whether nothing but that name says whose it is: only the sender's own will do. */
  readonly isByName: boolean
}

/**
 * The writer's own number, only where nothing else can be meant: one mobile in the signature, or one number
 * on a line of its own behind 电话 in the closing lines, or further up as 我的电话 or under the writer's name; failing
 * these, a mobile in the closing lines beside a name alone. Of several, the mobile beside landlines, else none. A number
 * inside a sentence that does not call it the writer's, or below who or what is complained of, may be anybody's.
 *
 * @param written the writer's part of the text, without what is quoted or forwarded
 */
export function ownPhone(written: string, signature: string | null): OwnPhone | null {
  const lines = fieldLines(foldWidth(written.slice(-2000)).trimEnd())
  const told = [...signedWith(signature), ...lines.flatMap((line, at) => labelledIn(lines, line, at))]
  const found = told.length > 0 ? told : lines.flatMap((line, at) => namedIn(lines, line, at))
  const all = found.flatMap((candidate) => {
    const { phone } = readPhone(candidate.raw)
    return phone === null ? [] : [{ ...candidate, phone }]
  })
  const mobiles = all.filter(({ phone }) => /^\+861[3-9]/.test(phone))
  const read = mobiles.length > 0 ? mobiles : all
  const [first] = read
  if (first === undefined || read.some(({ phone }) => phone !== first.phone)) return null
  return { ...first, name: read.find(({ name }) => name !== null)?.name ?? null }
}

/** Lines with the fields of forms, which stand in a table, behind a tab, in brackets or above their value, as `label:value`. */
export function fieldLines(text: string): readonly string[] {
  return text
    .replace(/^[ \t]*[【[]([^】\]\n]{1,12})[】\]][ :]*/gm, '$1:')
    .replace(/^[^\s:|,。!?]{2,12}:(?=\n\S)\n/gm, (label) => label.trimEnd())
    .split('\n')
    .flatMap(rowFields)
}

function rowFields(line: string): readonly string[] {
  const cells = line.split(/[|\t]/).map((cell) => cell.trim())
  if (cells.length % 2 === 1 || cells.length > maxCells) return [line]
  return cells.flatMap((label, at) =>
    at % 2 === 0 ? [`${label.replace(/(?<!\s)\s*:$/, '')}:${cells[at + 1]}`] : [],
  )
}

/** A mobile that stands in the closing lines beside, or below, a name and nothing else. */
function namedIn(lines: readonly string[], line: string, at: number): readonly Candidate[] {
  const raw = bare.exec(line)?.groups?.number
  const owner = raw === undefined ? null : ownerOf(lines, at, null)
  const name = nameBefore(line) ?? owner?.name ?? null
  if (raw === undefined || !owner?.isWriter || name === null) return []
  return [{ raw, from: 'signature', name, isByName: true }]
}

type Candidate = Omit<OwnPhone, 'phone'>

/** Mobiles in the part that a mail program marked as the signature, with the name above them. */
function signedWith(signature: string | null): readonly Candidate[] {
  const lines = foldWidth(signature ?? '').split('\n')
  return lines.flatMap((line, at) => {
    const numbers = line.match(bareMobile)
    if (numbers === null) return []
    const { name, isWriter } = ownerOf(lines, at, null)
    const before = nameBefore(line)
    return (isWriter ? numbers : []).map((raw) => {
      return { raw: raw.trim(), from: 'signature', name: before ?? name, isByName: false } as const
    })
  })
}

/** `张三 13800138000`, but not `电话：13800138000`. */
function nameBefore(line: string): string | null {
  const [, word = ''] =
    /^\s*(?:(?:姓名|联系人)\s*[:：]\s*)?([\u4e00-\u9fff·]{2,8})[\s,:：/|(-]+(?:(?:联系)?(?:电话|手机)(?:号码?)?[\s:：]*)?\+?\d/.exec(
      line,
    ) ?? []
  return word === '' || /电话|手机|联系|号码|热线|微信/.test(word) ? null : word
}

function labelledIn(lines: readonly string[], line: string, at: number): readonly Candidate[] {
  const groups = [...labelled, inSentence]
    .map((form) => form.exec(line)?.groups)
    .find((match) => match !== undefined)
  if (groups === undefined) return []
  const { number: raw = '', label: named, titled } = groups
  const name = groups.named ?? titled ?? null
  const owner = ownerOf(lines, at, name === null ? null : { label: named ?? null, name })
  const isWriter = owner.isWriter && !isOfOther(lines[at - 1] ?? '', name)
  const isOwn = isWriter || groups.self !== undefined || groups.call !== undefined
  if (!isOwn) return []
  const isLast = lines.slice(-3).includes(line)
  return [{ raw: raw.trim(), from: isLast ? 'signature' : 'body', name: owner.name, isByName: false }]
}

/** Whether a number, with the name beside it, may be that of whom the line right above complains. */
function isOfOther(above: string, name: string | null): boolean {
  return endsWithComplaint(above) && (name === null || above.includes(name))
}
