import lists from '../../dedupe/words.json' with { type: 'json' }
import type { Ticket } from '../../normalizers/ticket.ts'
import { momentIn } from '../../pipeline/moment.ts'
import { undecided } from '../../pipeline/ticket-of.ts'
import { characters } from './csv.ts'
import { sampleTicket } from './sample-ticket.ts'

/** Characters of a report's text. */
const wantedCharacters = 300
/** So the commonest words are in every third report, not in all. */
const flatness = 20
/** Streets, estates and firms of a large city. */
const names = 30_000
/** Three million tickets are a year and a half. */
const apartMs = 15_000
const begin = Date.parse('2024-01-01T00:00:00+08:00')
const timeZone = 'Asia/Shanghai'
const nameCharacters = [
  ...'江河湖海山林松柏竹梅兰菊金银玉石云霞星月东西南北春秋长安永宁和平兴旺康泰德仁义信龙凤鹤鹿青白紫翠锦绣华丽文武明清新古福禄祥瑞',
]
const endings = [
  '小区',
  '花园',
  '路',
  '街',
  '村',
  '社区',
  '小学',
  '公司',
  '广场',
  '雅苑',
  '市场',
  '大道',
] as const

/** Ways in which an arriving report stands to a ticket that is there. */
export type Kind = 'unlike' | 'repeat' | 'incident'

/**
 * Makes reports of the words of citizens' reports (a few of them in every report and most of them rare: Zipf) among
 * other characters, about places that are invented. The same numbers give the same report.
 */
export class Reports {
  private readonly words: readonly string[] = allWords()
  /** Sums of the words' shares, ascending to 1. */
  private readonly shares: Float64Array

  constructor() {
    const weights = this.words.map((_, rank) => 1 / (rank + flatness))
    const all = weights.reduce((sum, weight) => sum + weight, 0)
    let sum = 0
    this.shares = Float64Array.from(weights, (weight) => {
      sum += weight / all
      return sum
    })
  }

  /** Ticket number `index` of the store. */
  stored(index: number): Ticket {
    return this.ticket(`S${index}`, begin + index * apartMs, this.text(index), index)
  }

  /** A report that arrives when there are `tickets`: about ticket `to` again, about its matter, or about neither. */
  arriving(number: number, kind: Kind, to: number, tickets: number): Ticket {
    const at = begin + tickets * apartMs + number * 1_000
    if (kind === 'repeat')
      return this.ticket(`A${number}`, at, `市民来电反映：${this.text(to).slice(0, -40)}，请核实处理。`, to)
    const own = this.text(2 ** 30 + number)
    if (kind === 'unlike') return this.ticket(`A${number}`, at, own, 2 ** 30 + number)
    const shared = `${this.placeOf(to)}${this.clause(to, 1)}，${this.clause(to, 2)}，`
    return this.ticket(
      `A${number}`,
      at,
      `${shared}${own.slice(0, wantedCharacters - shared.length)}`,
      2 ** 30 + number,
    )
  }

  private text(index: number): string {
    let text = `${this.placeOf(index)}${this.clause(index, 1)}，`
    for (let part = 2; text.length < wantedCharacters; part += 1)
      text += part === 5 ? `在${nameOf(mix(index, 500) % names)}，` : `${this.clause(index, part)}，`
    return text.slice(0, wantedCharacters)
  }

  private placeOf(index: number): string {
    return nameOf(mix(index, 499) % names)
  }

  /** Two words of the list, and between and behind them what people write besides. */
  private clause(index: number, part: number): string {
    const word = (at: number) => this.words[this.rankOf(mix(index, part * 8 + at) / 2 ** 32)] ?? ''
    return `${word(0)}${besides(mix(index, part * 8 + 3))}${word(1)}${besides(mix(index, part * 8 + 4))}`
  }

  private rankOf(share: number): number {
    let [low, high] = [0, this.shares.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.shares[middle] ?? 1) < share) low = middle + 1
      else high = middle
    }
    return low
  }

  private ticket(externalId: string, at: number, body: string, reporter: number): Ticket {
    const when = momentIn(timeZone, at)
    const template = sampleTicket as unknown as Ticket
    const made = {
      ...template,
      ...{ id: idOf(externalId), externalId, title: null, body, submittedAt: when, ingestedAt: when },
      reporter: {
        ...template.reporter,
        phone: `+86138${String(reporter % 100_000_000).padStart(8, '0')}`,
        key: `reporter-${reporter}`,
      },
    }
    return { ...made, dedupe: undecided(made) }
  }
}

function allWords(): string[] {
  const matters = Object.values(lists.matters).flatMap((concepts) => Object.values(concepts as object))
  const words = [lists.generic, lists.frame, lists.place, ...matters].flatMap((list) =>
    String(list).split(' '),
  )
  return [...new Set(words)]
    .map((word, at) => ({ word, order: mix(at, 77) }))
    .sort((a, b) => a.order - b.order)
    .map(({ word }) => word)
}

function idOf(name: string): string {
  const number = Number(name.slice(1))
  const scattered = (mix(number, 1) * 2 ** 20 + (mix(number, 2) >>> 12)).toString(36).toUpperCase()
  return `T-${scattered.padStart(12, '0')}${name.charAt(0)}${String(number).padStart(13, '0')}`
}

/** Three to six characters, common ones more often. */
function besides(random: number): string {
  let text = ''
  for (let at = 0; at < 3 + (random & 3); at += 1) {
    const share = (mix(random, at) / 2 ** 32) ** 2
    text += characters[Math.floor(share * characters.length)] ?? ''
  }
  return text
}

function nameOf(number: number): string {
  const character = (salt: number) => nameCharacters[mix(number, salt) % nameCharacters.length] ?? ''
  return `${character(1)}${character(2)}${endings[number % endings.length] ?? ''}`
}

/** 32 bits that look random, the same for the same numbers. */
export function mix(value: number, salt: number): number {
  return scrambled(scrambled(value + 1) ^ scrambled(~salt))
}

/** The finalizer of MurmurHash3. */
function scrambled(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
