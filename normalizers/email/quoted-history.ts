import { foldWidth } from '../text.ts'
import { attributionOf } from './attribution.ts'
import { headerBlockAt, isHeaderLine, senderNames } from './header-block.ts'
import { isStamp } from './stamps.ts'

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

/** Where quoted history begins. */
export interface HistoryStart {
  readonly mark: Mark
  /** False for what a citizen may have written: 贵局于2023年5月1日的答复中写道：, or the fields of a parcel. */
  readonly isCertain: boolean
  /** It stands inside the quotation, as Apple Mail puts it. */
  readonly isQuoted: boolean
  /** Index of its first line, and of the first line below it. */
  readonly from: number
  readonly below: number
}

const separators: readonly RegExp[] = [
  /^-{2,}\s*(?:original(?: messages?| appointment)?|replied message|reply message|urspr.{1,20}nachricht)\s*-{2,}$/i,
  /^[-—_ ]{2,}\s*(?:原始邮件|原始郵件|原邮件|原郵件|回复的原邮件|回复的邮件|原始信息|原始消息|原始訊息|原信息|邮件原件|郵件原件|邮件原文)\s*[-—_ ]{2,}$/,
  // Lotus iNotes, below which stands the original's header.
  /^-{5}.{0,120}(?:<\S{1,100}@\S{1,100}>|\S\/\S{1,100}) (?:写道|wrote): ?-{5}$/i,
  /^[-—_= ]{2,}\s*(?:在|于)?\s*\d{4}[-/年].{4,60}(?:写道|寫道)[:：]?\s*[-—_= ]{2,}$/,
]
const forwards: readonly RegExp[] = [
  /^[-—_ ]{2,}\s*(?:转发邮件信息|转发的邮件|转发邮件|已转发邮件|转发的消息|转发的原邮件|轉寄郵件|轉發郵件|转发消息|转发信息)\s*[-—_ ]{2,}$/,
  /^-{2,}\s*(?:forwarded (?:message|mail|by .{1,60})|weitergeleitete .{1,20})\s*-{2,}/i,
  /^begin forwarded message:?$/i,
  /^(?:开始转发的邮件|下面是被转发的邮件|開始轉寄郵件)[:：]?$/,
]
/** What Tencent's and NetEase's programs draw above an original's header where they draw no dashes. */
const bareSeparator = /^(?:原始邮件|原始郵件|original(?: email)?):?$/i

const entities: Readonly<Record<string, string>> = { nbsp: ' ', lt: '<', gt: '>', quot: '"' }

/** Where the history in a text begins: the first mark that is certain, else the first; null where there is none. */
export function findHistory(lines: readonly string[]): HistoryStart | null {
  let doubtful: HistoryStart | null = null
  for (let at = 0; at < lines.length; at++) {
    const found = startAt(lines, at)
    if (found?.isCertain) return withEmptyQuotes(lines, found)
    doubtful ??= found
  }
  return doubtful
}

/** Lines of the quotation above the mark on which nothing stands belong to it. */
function withEmptyQuotes(lines: readonly string[], start: HistoryStart): HistoryStart {
  let from = start.from
  while (start.isQuoted && from > 0 && isMarked(lines[from - 1])) from -= 1
  return { ...start, from }
}

function startAt(lines: readonly string[], at: number): HistoryStart | null {
  const line = plain(lines[at])
  if (line === '' || line.length > 400) return null
  const start = markAt(line, lines, at) ?? blockAt(lines, at) ?? attributionAt(lines, at)
  return start !== null && isFirstQuoted(lines, at) ? start : null
}

function markAt(line: string, lines: readonly string[], at: number): HistoryStart | null {
  const below = { isCertain: true, isQuoted: isMarked(lines[at]), from: at, below: at + 1 }
  if (separators.some((form) => form.test(line))) return { mark: 'separator', ...below }
  return forwards.some((form) => form.test(line)) ? { mark: 'forward', ...below } : null
}

/** More lines than any header has, and blank ones around it. */
const maxAbove = 20
/** A line that programs draw above the header of an original. */
const drawn = /^[_-]{5,}$/

/**
 * Inside a quotation only its beginning tells who is quoted: below a drawn line in Alibaba's mail, and below the time or
 * the subject in Outlook's. What follows is what was quoted there.
 */
function isFirstQuoted(lines: readonly string[], at: number): boolean {
  for (let above = at; isMarked(lines[above]); above--) {
    const line = above === at ? '' : plain(lines[above])
    const isHeader = line === '' || drawn.test(line) || bareSeparator.test(line) || isHeaderLine(line)
    if (!isHeader || at - above > maxAbove) return false
  }
  return true
}

/** Mail programs wrap `On … wrote:` over up to three lines. */
function attributionAt(lines: readonly string[], at: number): HistoryStart | null {
  if (!mayBeginAttribution.test(plain(lines[at]))) return null
  for (let end = at; end < Math.min(lines.length, at + 3); end++) {
    if (plain(lines[end]) === '') return null
    const form = attributionOf(joinedLines(lines, at, end))
    if (form === null) continue
    // What stands above a whole one is the writer's.
    if (end > at && attributionOf(joinedLines(lines, at + 1, end)) === form) return null
    const isQuoted = isMarked(lines[at])
    const isFollowed = isQuoted || isQuote(lines[firstSaid(lines, end + 1)])
    const isCertain = form === 'addressed' || (form === 'named' && isFollowed)
    return { mark: 'attribution', isCertain, isQuoted, from: at, below: end + 1 }
  }
  return null
}

function joinedLines(lines: readonly string[], first: number, last: number): string {
  return lines
    .slice(first, last + 1)
    .map(plain)
    .join(' ')
}

const mayBeginAttribution =
  /^(?:on|at|在|于|於|\d{4})|(?:写道|寫道|编写|撰写|wrote)\s?:$|<[^<>\s]{1,100}@[^<>\s]{1,100}>$/i

/** A line that a mail program marked as quoted. */
function isQuote(line: string | undefined): boolean {
  return /^\s*[>＞|]/.test(line ?? '')
}

/** The same without `|`, which begins rows of tables too. */
function isMarked(line: string | undefined): boolean {
  return /^\s*[>＞]/.test(line ?? '')
}

/** Index of the first line from `at` on that is not blank; -1 where there is none. */
function firstSaid(lines: readonly string[], at: number): number {
  for (let index = at; index < lines.length; index++) if (lines[index]?.trim() !== '') return index
  return -1
}

/** The header of an original, with the line that a program draws above it. */
function blockAt(lines: readonly string[], at: number): HistoryStart | null {
  if (!mayBeSender.test(lines[at] ?? '')) return null
  const first = Math.max(0, at - 4)
  const near = lines.slice(first, at + 12).map(plain)
  const block = headerBlockAt(near, at - first)
  if (block === null) return null
  const from = first + block.from
  let above = from - 1
  while (above >= 0 && plain(lines[above]) === '') above -= 1
  const line = above >= 0 ? plain(lines[above]) : ''
  const isDrawn = drawn.test(line) || bareSeparator.test(line)
  const place = { isQuoted: isMarked(lines[at]), from: isDrawn ? above : from, below: from }
  return { mark: isDrawn ? 'separator' : 'block', isCertain: block.isCertain, ...place }
}

const mayBeSender = new RegExp(senderNames, 'i')

/** A line without quote marks, wide forms and doubled spaces. QQ Mail leaves entities of HTML in the lines that it draws. */
function plain(line: string | undefined): string {
  return foldWidth(line ?? '')
    .replace(/^\s*>[>\s]*/, '')
    .replace(/&(nbsp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What stands below that mark. */
export interface QuotedSplit {
  /** Lines below the mark that are the writer's. */
  readonly own: readonly string[]
  /** The writer answered between the quoted lines. */
  readonly isInterleaved: boolean
  /** Quote marks tell what was quoted. */
  readonly isMarked: boolean
}

/**
 * What the writer said below the start of the history. One quoted block is left out; between several, answers only
 * make sense with what they answer, so all is kept. Without quote marks nothing below is known to be the writer's.
 */
export function ownBelow(lines: readonly string[], start: HistoryStart): QuotedSplit {
  const below = lines.slice(start.below)
  const quotes = start.mark === 'attribution' ? below : below.slice(headerLength(below))
  const isMark = start.mark === 'attribution' ? isQuote : isMarked
  if (!start.isQuoted && !isMark(quotes[firstSaid(quotes, 0)])) return { own: [], ...unmarked }
  const { own, blocks, said } = withoutQuotes(quotes, isMark)
  return { own: said ? own : [], isInterleaved: said && blocks > 1, isMarked: true }
}

const unmarked = { isInterleaved: false, isMarked: false }

/** How many lines the original's header takes, with the line that some programs draw below it. */
function headerLength(lines: readonly string[]): number {
  let length = 0
  for (const [at, line] of lines.entries()) {
    if (isMarked(line)) break
    const text = plain(line)
    if (isHeaderLine(text) || (length > 0 && /^[-_]{5,}$/.test(text))) length = at + 1
    else if (text !== '') break
  }
  return length
}

/** The lines that are not quoted, how many quoted blocks lie between them, and whether they say anything. */
function withoutQuotes(lines: readonly string[], isMark: (line: string) => boolean) {
  const own: string[] = []
  let blocks = 0
  let said = false
  let saidSince = true
  for (const line of lines) {
    if (isMark(line)) {
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
