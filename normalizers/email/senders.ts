import type { AddressObject, EmailAddress, Headers } from 'mailparser'
import { readPhone } from '../phone.ts'
import { readEmail } from '../reporter.ts'
import { cleanLine, foldWidth } from '../text.ts'

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
  const name = cleanLine((entry.name ?? '').slice(0, 500).replace(/^["'\s]+|["'\s]+$/g, ''))
  return [{ name: readEmail(name) === null ? name : null, address: address ?? readEmail(name) }]
}

function isSomeone(person: MailPerson): boolean {
  return person.name !== null || person.address !== null
}

const label =
  '(?:(?:我的?|本人)的?)?(?:联系|聯絡)?(?:电话号码|手机号码|电话|電話|手机号|手机|手機|联系方式|tel|mobile|phone|cell)\\s*[:：]?'
const signer =
  '(?:(?:姓名|联系人|投诉人|反映人|诉求人|来信人|写信人)\\s*[:：]?\\s*[\\u4e00-\\u9fff·]{2,8}|[\\u4e00-\\u9fff]{1,3}(?:先生|女士|小姐|同志))[\\s,:：]*'
const number = '((?:\\+?86[- ]?)?[0-9][0-9 -]{6,18}[0-9])'
const labelled = new RegExp(`^[\\s,;(|]*(?:(?:${signer})?${label}|${signer})\\s*${number}\\s*[).。]?$`, 'gim')
const bareMobile = /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g

export interface OwnPhone {
  readonly phone: string
  readonly raw: string
  readonly from: 'signature' | 'body'
}

/**
 * The writer's own number, only where nothing else can be meant: one mobile in the signature, or one number
 * on a line of its own behind 电话. Of several, none. A number inside a sentence may be anybody's.
 *
 * @param written the writer's part of the text, without what is quoted or forwarded
 */
export function ownPhone(written: string, signature: string | null): OwnPhone | null {
  const tail = foldWidth(written.slice(-2000))
  const signed = signature === null ? [] : (foldWidth(signature).match(bareMobile) ?? [])
  const found = [...signed, ...[...tail.matchAll(labelled)].map((match) => match[1] ?? '')]
  const readings = found.map((raw) => ({ raw: raw.trim(), phone: readPhone(raw).phone }))
  const phones = new Set(readings.flatMap(({ phone }) => phone ?? []))
  const first = readings.find(({ phone }) => phone !== null)
  if (phones.size !== 1 || !first?.phone) return null
  return {
    phone: first.phone,
    raw: first.raw,
    from: signature === null && !endsWith(tail, first.raw) ? 'body' : 'signature',
  }
}

/** Within the last lines a letter is signed, whether or not a mail program drew a line above. */
function endsWith(text: string, raw: string): boolean {
  return text
    .trimEnd()
    .split('\n')
    .slice(-3)
    .some((line) => line.includes(raw))
}
