/** Text before a signature, the signature, null where there is none. */
export interface SignedText {
  readonly text: string
  readonly signature: string | null
}

/** Longer than this is not a signature but something the writer wanted to say. */
const maxLines = 12
const maxLength = 600

const brands =
  '华为|小米|红米|荣耀|三星|魅族|一加|联想|中兴|苹果|安卓|网易|新浪|搜狐|阿里|腾讯|移动|电信|联通|企业微信|微信'
const forms = '手机|手機|平板|邮箱|郵箱|邮件|大师|客户端|企业版|版'
/** Models and names in Latin letters; a long number is no model. */
const latin = '[a-z+()./ -]|\\d{1,4}(?!\\d)'
/** What must be in the name of a device or program that nobody calls his own. */
const telling =
  'iPhone|iPad|Outlook|Foxmail|Android|OPPO|vivo|HUAWEI|Mail|App|企业微信|手机|手機|邮箱|郵箱|客户端|邮件'
const device = `\\s*(?:我的|(?=.*(?:${telling})))(?:${latin}|${brands}|${forms}){1,40}`
const products =
  'iPhone|iPad|Outlook|Gmail|Yahoo|Proton|Thunderbird|BlackBerry|Android|Samsung|Galaxy|HUAWEI|Xiaomi|Redmi|OPPO|vivo|Foxmail|QQ ?Mail|WeChat|Mail for Windows|(?:smart|mobile )?phone|mobile'

/** Lines that mail programs and phones add; whole lines only, which name nothing but a device or a program. */
const stamps = [
  new RegExp(`^(?:发自|寄自|来自|來自)${device}(?:发送|傳送)?[。.]?$`, 'i'),
  /^(?:发自|寄自)\s*[\u4e00-\u9fff]{1,6}的\s*(?:iPhone|iPad|手机|手機)[。.]?$/i,
  new RegExp(`^(?:从|從|由|使用|通过)${device}(?:发送|发出|傳送|寄出)[。.]?$`, 'i'),
  new RegExp(
    `^(?:Sent|Enviado|Envoyé) (?:from|via) (?:my )?[\\w.()+-]*(?: [\\w.()+-]+){0,3}?\\b(?:${products})(?: [\\w.()+-]+){0,3}\\.?$`,
    'i',
  ),
  /^(?:获取|下载|Get)\s*(?:适用于\s*)?Outlook\s[^，。！？,!?]{0,60}$/i,
  /^(?:签名由|本邮件由)?\s*网易邮箱大师\s*(?:定制|发送)?$/,
]

const delimiter = /^--\s?$/
/** What QQ Mail puts above its signature. */
const rule = /^-{18,20}$/

/**
 * Splits the signature off the writer's own text: below `-- ` (RFC 3676 §4.3), below QQ Mail's rule where
 * short lines follow, and lines such as 发自我的iPhone. What is long stays text.
 */
export function splitSignature(text: string): SignedText {
  const lines = text.split('\n')
  let cut = cutAtDelimiter(lines)
  while (cut > 0 && goesWithSignature(lines[cut - 1] ?? '', cut < lines.length)) cut -= 1
  const body = lines.slice(0, cut).join('\n').trimEnd()
  if (cut === lines.length || body === '') return { text, signature: null }
  return { text: body, signature: lines.slice(cut).join('\n').trim() }
}

function goesWithSignature(line: string, isCut: boolean): boolean {
  return isStamp(line) || (isCut && line.trim() === '')
}

/** Whether a line is nothing but a mail program's advertisement for itself. */
export function isStamp(line: string): boolean {
  const bare = line.trim().replace(/^\[|\]$|\s*\(https?:\S+\)/g, '')
  return bare.length > 0 && bare.length <= 80 && stamps.some((stamp) => stamp.test(bare))
}

/** Whether a text has words besides such advertisements. */
export function saysMore(text: string): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !isStamp(line))
}

/** What names, offices, addresses and numbers do not have, and what a writer says does. */
const saying = [
  /[\u4e00-\u9fff]{4}[^\n]*[。！？!?]/,
  /[\u4e00-\u9fff]{4}[，；][^\n]*[\u4e00-\u9fff]{4}/,
  /(?=[\u4e00-\u9fff]{6})[\u4e00-\u9fff]*(?:了|没|不|请|要求|希望|被|把|吗|吧)/,
  /^\s*(?:\d{1,2}\s*[.、)）．]|[一二三四五六七八九十]{1,3}、|[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）])\s*[^\s\d]/m,
  /(?:[a-z']+[ ,]+){4}[a-z']+[.!?]/i,
]

/** Some draw the line below the greeting, or between the letter and its demands: what says something is no signature. */
function isLetter(below: readonly string[]): boolean {
  const text = below.filter((line) => !isStamp(line)).join('\n')
  return saying.some((form) => form.test(text))
}

function cutAtDelimiter(lines: readonly string[]): number {
  for (let at = lines.length - 1; at >= Math.max(1, lines.length - maxLines - 1); at--) {
    const line = lines[at] ?? ''
    const below = lines.slice(at + 1)
    const isSigned = delimiter.test(line) && below.join('').length <= maxLength
    const isRuled = rule.test(line.trim()) && below.length <= 7 && below.every((text) => text.length <= 30)
    if (isSigned || isRuled) return isLetter(below) ? lines.length : at
  }
  return lines.length
}
