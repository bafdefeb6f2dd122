import { type Division, divisionNames, divisionsNamed } from './divisions.ts'
import { beginsInWord, followsParent, goesOnAsWord } from './other-words.ts'

/** Where a text names a division, and which ones go by that name. */
export interface Mention {
  readonly start: number
  readonly end: number
  readonly candidates: readonly Division[]
}

const maxMentions = 50
const endings = '省市区县旗州盟'
const isEnding = new Uint8Array(0x10000)
for (const ending of endings) isEnding[ending.charCodeAt(0)] = 1

interface Name {
  readonly name: string
  readonly candidates: readonly Division[]
  /** Names that this one ends with: 新县 in 阳新县. */
  readonly within: readonly Name[]
  /** 济南市中区 and 青岛市北区 say 市 once for both. */
  readonly sharesCity: boolean
}

/** Full names and aliases by their last two characters, longest first. Not short ones: 福州 ends like an alias. */
const byEnding = new Map<number, readonly Name[]>()
for (const name of divisionNames.toSorted((a, b) => a.length - b.length)) {
  const candidates = divisionsNamed(name)
  const isShort = candidates.every((division) => division.short === name && division.name !== name)
  if (isShort || !endings.includes(name.slice(-1))) continue
  const key = endingKey(name, name.length - 1)
  const shorter = byEnding.get(key) ?? []
  const within = shorter.filter((each) => name.endsWith(each.name))
  byEnding.set(key, [{ name, candidates, within, sharesCity: name.startsWith('市') }, ...shorter])
}

/**
 * Names that are also everyday words or parts of them (城区, 河东区, 沿海城市, 湘西山区): they count only
 * beside the division above them, within the source's own, or as the first words of a cell.
 */
const everyday = new RegExp(
  `^(?:.[区县市旗]|[新老古上下东西]城区|城[中东西南北关厢]区|市[中南北]区|[新西]市区|[东西南北]郊区|[东西南]山区|` +
    `河[东西北]区|江[东南北]区|桥[东西]区|路[南北]区|港[口南北]区|[山中]?[城原]区|海南区|[西北]林区|解放区|老边区|新华区|` +
    `(?:小河|四方|平安|安居|站前|新兴|红星|五营)区|[应海宜双]城市|合作市|东方市|[新政平南民]和县|` +
    `(?:新建|平安|清新|公安|沿河|通道)县)$`,
)

/** Whether a name needs its parent beside it in running text. */
export function isEveryday(text: string, { start, end }: Mention): boolean {
  return isEverydayName(text.slice(start, end))
}

/** Whether a division's full name is also an everyday word, or part of one. */
export function isEverydayName(name: string): boolean {
  return everyday.test(name)
}

/** Full names and aliases in running text, in order, longest first where they overlap, each name once. */
export function mentionsIn(text: string): readonly Mention[] {
  const found: Mention[] = []
  let free = 0
  for (let at = 1; at < text.length && found.length < maxMentions; at += 1) {
    if (isEnding[text.charCodeAt(at)] !== 1) continue
    const hit = nameEndingAt(text, at, free)
    if (!hit) continue
    const mention = { start: at + 1 - hit.name.length, end: at + 1, candidates: hit.candidates }
    free = mention.end
    if (!isFound(found, hit) || everyday.test(hit.name)) found.push(mention)
  }
  return found
}

function isFound(mentions: readonly Mention[], hit: Name): boolean {
  return mentions.some(({ candidates }) => candidates === hit.candidates)
}

function nameEndingAt(text: string, at: number, free: number): Name | null {
  const longest = longestEndingAt(text, at, free)
  if (longest === null || goesOnAsWord(text, at)) return null
  if (isNextToParent(text, at, longest)) return longest
  // 信阳新县 is 新县 of 信阳, though 阳新县 is longer.
  const shorter = longest.within.find((each) => isNextToParent(text, at, each))
  if (shorter !== undefined) return shorter
  return beginsInWord(text, at + 1 - longest.name.length, longest.name) ? null : longest
}

function longestEndingAt(text: string, at: number, free: number): Name | null {
  const names = byEnding.get(endingKey(text, at))
  if (names === undefined) return null
  for (const each of names) {
    const start = at + 1 - each.name.length
    const from = each.sharesCity ? free - 1 : free
    if (start >= from && text.startsWith(each.name, start)) return each
  }
  return null
}

function isNextToParent(text: string, at: number, { name, candidates }: Name): boolean {
  return candidates.some((division) => followsParent(text, at + 1 - name.length, division))
}

const maxWholeLength = 100
const longestName = Math.max(...divisionNames.map((name) => name.length))

/**
 * Names, short ones too, that together make up a whole cell: 福建 福州/鼓楼. Empty where anything else is in it, such as the
 * 金山 of 福州市仓山区金山, which is not the one in 上海.
 */
export function namesOfWhole(cell: string): readonly Mention[] {
  if (cell.length > maxWholeLength) return []
  const found: Mention[] = []
  let at = 0
  while (at < cell.length) {
    if (/[\s,，、/\\>|·;；_－-]/.test(cell.charAt(at))) {
      at += 1
      continue
    }
    const mention = longestAt(cell, at)
    if (!mention || isLocal(cell, mention, found.at(-1))) return []
    found.push(mention)
    at = mention.end
  }
  return found
}

/** Whether a short name right behind another division is that of a place there. */
function isLocal(cell: string, { start, end, candidates }: Mention, before: Mention | undefined): boolean {
  const word = cell.slice(start, end)
  return (
    before?.end === start &&
    candidates.every(
      ({ name, parents }) =>
        name !== word && !before.candidates.some((each) => each.name === word || parents.includes(each)),
    )
  )
}

function longestAt(cell: string, start: number): Mention | null {
  for (let end = Math.min(cell.length, start + longestName); end > start + 1; end -= 1) {
    const candidates = divisionsNamed(cell.slice(start, end))
    if (candidates.length > 0) return { start, end, candidates }
  }
  return null
}

function endingKey(text: string, at: number): number {
  return text.charCodeAt(at - 1) * 0x10000 + text.charCodeAt(at)
}
