import { foldWidth } from '../text.ts'
import { isStamp } from './signature.ts'

/** How the history below a writer's words begins. */
type Mark =
  /** `On … wrote:`: quoted lines may follow. */
  | 'attribution'
  /** A separator line that a mail program draws, or the original's header. */
  | 'separator'
  /** A separator of a forwarded message. */
  | 'forward'
  /** The original's header without a separator; a citizen may have pasted it. */
  | 'block'

export interface HistoryStart {
  readonly mark: Mark
  /** Index of its first line, and of the first line below it. */
  readonly from: number
  readonly below: number
}

const separators: readonly RegExp[] = [
  /^-{2,}\s*(?:original message|original appointment|replied message|reply message|urspr.{1,20}nachricht)\s*-{2,}$/i,
  /^[-—_ ]{2,}\s*(?:原始邮件|原始郵件|原邮件|原郵件|回复的原邮件|回复的邮件|原始信息|原信息)\s*[-—_ ]{2,}$/,
  /^[-—_ ]{2,}\s*(?:在|于)?\s*\d{4}[-/年].{4,60}(?:写道|寫道)[:：]?\s*[-—_ ]{2,}$/,
]
const forwards: readonly RegExp[] = [
  /^[-—_ ]{2,}\s*(?:转发邮件信息|转发的邮件|转发邮件|已转发邮件|转发的原邮件|轉寄郵件|轉發郵件|转发消息|转发信息)\s*[-—_ ]{2,}$/,
  /^-{2,}\s*(?:forwarded (?:message|mail|by .{1,60})|weitergeleitete .{1,20})\s*-{2,}/i,
  /^begin forwarded message:?$/i,
  /^开始转发的邮件[:：]?$/,
]
const attributions: readonly RegExp[] = [
  /^on\b.{5,300}\bwrote:$/i,
  /^at \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?\s?,.{1,200}\bwrote:$/i,
  /^(?:在|于|於)\s*.{0,20}\d{1,4}\s*[年/.-].{1,200}(?:写道|寫道|编写|撰写)[:：]$/,
  /^.{1,120}(?:于|於|在)\s*\d{4}\s*[年/-].{1,60}(?:写道|寫道|编写|撰写)[:：]$/,
  /^\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.{1,160}(?:写道|寫道|wrote)[:：]$/,
]

const headerLine =
  /^[*|\s]*(?:发件人|寄件者|寄件人|发送人|发送时间|发送日期|寄件日期|发件时间|日期|时间|收件人|收件者|抄送人?|副本|主题|主旨|from|sent|date|to|cc|subject)[*\s|]*[:：|]/i
const senderLine = /^[*|\s]*(?:发件人|寄件者|寄件人|发送人|from)[*\s|]*[:：|]/i

/** Lines of an original's header that must stand together to be one. */
const blockLines = 3

/** Where the history in a text begins; null where there is none. */
export function findHistory(lines: readonly string[]): HistoryStart | null {
  for (let at = 0; at < lines.length; at++) {
    const found = startAt(lines, at)
    if (found !== null) return found
  }
  return null
}

function startAt(lines: readonly string[], at: number): HistoryStart | null {
  const line = plain(lines[at])
  if (line === '' || line.length > 400) return null
  if (separators.some((form) => form.test(line))) return { mark: 'separator', from: at, below: at + 1 }
  if (forwards.some((form) => form.test(line))) return { mark: 'forward', from: at, below: at + 1 }
  if (senderLine.test(line) && isHeaderBlock(lines, at)) return blockStart(lines, at)
  return attributionAt(lines, at)
}

/** Mail programs wrap `On … wrote:` over up to three lines. */
function attributionAt(lines: readonly string[], at: number): HistoryStart | null {
  if (!/^(?:on|at|在|于|於|\d{4})|(?:写道|寫道|编写|撰写)[:：]$/i.test(plain(lines[at]))) return null
  let joined = ''
  for (let end = at; end < Math.min(lines.length, at + 3); end++) {
    const next = plain(lines[end])
    if (next === '') return null
    joined = joined === '' ? next : `${joined} ${next}`
    if (attributions.some((form) => form.test(joined)))
      return { mark: 'attribution', from: at, below: end + 1 }
  }
  return null
}

function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const near = lines
    .slice(at, at + 12)
    .map(plain)
    .filter((line) => line !== '')
    .slice(0, 6)
  return near.filter((line) => headerLine.test(line)).length >= blockLines
}

/** A line of underscores or dashes above the block belongs to it, as Outlook draws one. */
function blockStart(lines: readonly string[], at: number): HistoryStart {
  let above = at - 1
  while (above >= 0 && plain(lines[above]) === '') above -= 1
  const drawn = above >= 0 && /^[_-]{5,}$/.test(plain(lines[above]))
  return { mark: drawn ? 'separator' : 'block', from: drawn ? above : at, below: at }
}

/** A line without quote marks, wide forms and doubled spaces. */
function plain(line: string | undefined): string {
  return foldWidth(line ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

export interface QuotedSplit {
  /** Lines below the attribution that are the writer's, with the quotes between them where there are several. */
  readonly own: readonly string[]
  /** The writer answered between the quoted lines. */
  readonly isInterleaved: boolean
}

/**
 * What the writer said below an attribution. One quoted block is left out; between several, answers only make
 * sense with what they answer, so all is kept. Without quote marks nothing below is known to be the writer's.
 */
export function ownBelow(lines: readonly string[]): QuotedSplit {
  const isQuote = (line: string) => /^\s*[>＞|]/.test(line)
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first < 0 || !isQuote(lines[first] ?? '')) return { own: [], isInterleaved: false }
  const { own, blocks, said } = withoutQuotes(lines, isQuote)
  if (!said) return { own: [], isInterleaved: false }
  return blocks > 1 ? { own: lines, isInterleaved: true } : { own, isInterleaved: false }
}

/** The lines that are not quoted, how many quoted blocks lie between them, and whether they say anything. */
function withoutQuotes(lines: readonly string[], isQuote: (line: string) => boolean) {
  const own: string[] = []
  let blocks = 0
  let said = false
  let saidSince = true
  for (const line of lines) {
    if (isQuote(line)) {
      if (saidSince) blocks += 1
      saidSince = false
      continue
    }
    own.push(line)
    if (line.trim() === '' || isStamp(line)) continue
    said = true
    saidSince = true
  }
  return { own, blocks, said }
}
