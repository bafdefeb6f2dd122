/** Text before a signature, the signature, null where there is none. */
export interface SignedText {
  readonly text: string
  readonly signature: string | null
}

/** Longer than this is not a signature but something the writer wanted to say. */
const maxLines = 12
const maxLength = 600
const maxGreeting = 12

/** Lines that mail programs and phones add; whole lines only. */
const stamps = [
  /^(?:发自|來自|来自|寄自|從|从)\s*(?:我的)?\s*[\w\s\u4e00-\u9fff+-]{0,24}?(?:iPhone|iPad|手机|手機|邮箱|郵箱|Outlook|Foxmail|微信|客户端|Android|安卓|华为|小米|荣耀|OPPO|vivo|三星|Mail|HUAWEI|App)[\w\s\u4e00-\u9fff./:+()-]{0,24}(?:发送|傳送)?[。.]?$/i,
  /^从我的\s*[\w\s\u4e00-\u9fff]{1,20}\s*(?:发送|发出)$/,
  /^(?:Sent|Enviado|Envoyé) (?:from|via) (?:my )?[\w\s.()+-]{2,50}$/i,
  /^(?:获取|下载|Get)\s*(?:适用于\s*)?Outlook\s.{0,60}$/i,
  /^(?:签名由|本邮件由)?\s*网易邮箱大师\s*(?:定制|发送)?$/,
  /^(?:由|使用)\s*(?:网易|QQ|新浪|阿里|139|189).{0,10}(?:邮箱|手机邮箱).{0,10}(?:发送|发出)$/,
  /^来自(?:QQ|网易|新浪|搜狐|阿里|139|189|移动|企业微信).{0,20}$/,
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

/** Some draw the line below the greeting: above it stands hardly a word, below it there are sentences. */
function isLetter(above: readonly string[], below: readonly string[]): boolean {
  const greeting = above.join('').replace(/\s+/g, '')
  return greeting.length <= maxGreeting && /[\u4e00-\u9fff]{4}[，。！？；].*[。！？]/.test(below.join(''))
}

function cutAtDelimiter(lines: readonly string[]): number {
  for (let at = lines.length - 1; at >= Math.max(1, lines.length - maxLines - 1); at--) {
    const line = lines[at] ?? ''
    const below = lines.slice(at + 1)
    if (delimiter.test(line) && below.join('').length <= maxLength)
      return isLetter(lines.slice(0, at), below) ? lines.length : at
    if (rule.test(line.trim()) && below.length <= 7 && below.every((text) => text.length <= 30)) return at
  }
  return lines.length
}
