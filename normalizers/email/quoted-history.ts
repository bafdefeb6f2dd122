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
  /** False for an attribution that a citizen may have written: 贵局于2023年5月1日的答复中写道： */
  readonly isCertain: boolean
  /** Index of its first line, and of the first line below it. */
  readonly from: number
  readonly below: number
}

const separators: readonly RegExp[] = [
  /^-{2,}\s*(?:original(?: message| appointment)?|replied message|reply message|urspr.{1,20}nachricht)\s*-{2,}$/i,
  /^[-—_ ]{2,}\s*(?:原始邮件|原始郵件|原邮件|原郵件|回复的原邮件|回复的邮件|原始信息|原信息|邮件原件|郵件原件)\s*[-—_ ]{2,}$/,
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

const entities: Readonly<Record<string, string>> = { nbsp: ' ', lt: '<', gt: '>', quot: '"' }

/** Lines of an original's header that must stand together to be one. */
const blockLines = 3

/** What mail programs say of whom they quote: an address or a clock time, or in English the weekday of a date. */
const programWrites = /\S@\S|\d{1,2}:\d{2}|^on (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b.*\b\d{4}\b/i
/** No program puts this before 写道. */
const proseWrites = /[中里](?:写道|寫道|编写|撰写)[:：]$/

/** Where the history in a text begins: the first mark that is certain, else the first; null where there is none. */
export function findHistory(lines: readonly string[]): HistoryStart | null {
  let doubtful: HistoryStart | null = null
  for (let at = 0; at < lines.length; at++) {
    const found = startAt(lines, at)
    if (found?.isCertain) return found
    doubtful ??= found
  }
  return doubtful
}

function startAt(lines: readonly string[], at: number): HistoryStart | null {
  const line = plain(lines[at])
  if (line === '' || line.length > 400) return null
  const below = { isCertain: true, from: at, below: at + 1 }
  if (separators.some((form) => form.test(line))) return { mark: 'separator', ...below }
  if (forwards.some((form) => form.test(line))) return { mark: 'forward', ...below }
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
    if (!attributions.some((form) => form.test(joined))) continue
    const isByProgram = programWrites.test(joined) && !proseWrites.test(joined)
    const isCertain = isByProgram || isQuote(lines[firstSaid(lines, end + 1)])
    return { mark: 'attribution', isCertain, from: at, below: end + 1 }
  }
  return null
}

/** A line that a mail program marked as quoted. */
function isQuote(line: string | undefined): boolean {
  return /^\s*[>＞|]/.test(line ?? '')
}

/** Index of the first line from `at` on that is not blank; -1 where there is none. */
function firstSaid(lines: readonly string[], at: number): number {
  for (let index = at; index < lines.length; index++) if (lines[index]?.trim() !== '') return index
  return -1
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
  return { mark: drawn ? 'separator' : 'block', isCertain: true, from: drawn ? above : at, below: at }
}

/** A line without wide forms and doubled spaces. QQ Mail leaves entities of HTML in the lines that it draws. */
function plain(line: string | undefined): string {
  return foldWidth(line ?? '')
    .replace(/&(nbsp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? '')
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
  if (!isQuote(lines[firstSaid(lines, 0)])) return { own: [], isInterleaved: false }
  const { own, blocks, said } = withoutQuotes(lines)
  if (!said) return { own: [], isInterleaved: false }
  return blocks > 1 ? { own: lines, isInterleaved: true } : { own, isInterleaved: false }
}

/** The lines that are not quoted, how many quoted blocks lie between them, and whether they say anything. */
function withoutQuotes(lines: readonly string[]) {
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
