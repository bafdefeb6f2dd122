import { readFileSync } from 'node:fs'
import { namesIn } from '../../dedupe/names.ts'
import { matchText } from '../../normalizers/text.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import { momentIn } from '../../pipeline/moment.ts'
import { undecided } from '../../pipeline/ticket-of.ts'
import { caseFiles } from '../eval/dedupe/case-files.ts'
import { sampleTicket } from './sample-ticket.ts'

/** Characters of a report's text. */
const wantedCharacters = 300
/** So the commonest of the texts that reports are made of is in one of a hundred, not in every third. */
const flatness = 50
/** Streets, estates and firms of a large city; the best known are in one report of two hundred. */
const places = 30_000
/** In so many of a hundred clauses two characters stand together that seldom do. */
const rareOfHundred = 90
/** Three million tickets are a year and a half. */
const apartMs = 15_000
const begin = Date.parse('2024-01-01T00:00:00+08:00')
const timeZone = 'Asia/Shanghai'
const nameCharacters = [
  ...'江河湖海山林松柏竹梅兰菊金银玉石云霞星月东西南北春秋长安永宁和平兴旺康泰德仁义信龙凤鹤鹿青白紫翠锦绣华丽文武明清新古福禄祥瑞桂枫桥塘',
]
const endings = '小区 花园 路 街 村 社区 小学 公司 广场 雅苑 市场 大道'.split(' ')
const sides = ['东侧', '西门', '南面', '北门', '对面', '门口', '旁边', '路口']

/** Ways in which an arriving report stands to a ticket that is there. */
export type Kind = 'unlike' | 'repeat' | 'reworded' | 'incident'

/**
 * Makes reports of 300 characters out of the clauses of the evaluation's cases: a matter of one case, told about an
 * invented place, among clauses of others. A few clauses and places are in many reports and most in few (Zipf). In
 * nearly every clause two characters are others, so that of a report's pairs of characters a sixth are rare, as in
 * messages of a public board. The same numbers give the same report.
 */
export class Reports {
  /** Each the clauses of one text, in an order that says nothing. */
  private readonly texts: readonly (readonly string[])[]
  private readonly clauses: readonly string[]
  /** All that they are written with, each as often as it is written. */
  private readonly characters: string
  private readonly ofText: Ranks
  private readonly ofClause: Ranks
  private readonly ofPlace = new Ranks(places)

  private constructor(bodies: readonly string[]) {
    const texts = bodies.map((body) => clausesOf(body).filter((clause) => !holdsName(clause)))
    this.texts = shuffled(texts.filter((clauses) => clauses.length >= 3))
    this.clauses = shuffled([...new Set(this.texts.flat())])
    this.characters = this.clauses.join('')
    this.ofText = new Ranks(this.texts.length)
    this.ofClause = new Ranks(this.clauses.length)
  }

  static async load(): Promise<Reports> {
    const rows = (await caseFiles()).flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
    return new Reports(rows.map((row) => String((JSON.parse(row) as { body: string }).body)))
  }

  /** Ticket number `index` of the store. */
  stored(index: number): Ticket {
    return ticketOf(`S${index}`, momentOfNumber(index), this.text(index), index)
  }

  /** A report that arrives when there are `tickets`: about ticket `to` again, about its matter, or about neither. */
  arriving(number: number, kind: Kind, to: number, tickets: number): Ticket {
    const at = momentOfNumber(tickets) + number * 1_000
    const other = 2 ** 30 + number
    const named = (body: string, reporter: number) => ticketOf(`A${number}`, at, body, reporter)
    if (kind === 'repeat') return named(this.text(to), to)
    if (kind === 'reworded') return named(`市民来电反映：${this.text(to).slice(0, -40)}，请核实处理。`, to)
    if (kind === 'unlike') return named(this.text(other), other)
    const matter = this.matterOf(to)
    const told = `${matter.slice(1, 4).join('，')}，${this.placeOf(to)}${matter[0]}，`
    return named(this.filled(told, other), other)
  }

  private text(index: number): string {
    return this.filled(`${this.placeOf(index)}${this.matterOf(index).slice(0, 5).join('，')}，`, index)
  }

  /** Up to the wanted length with clauses of other texts, one of them about another place. */
  private filled(beginning: string, index: number): string {
    let text = beginning
    for (let part = 1; text.length < wantedCharacters; part += 1) {
      const clause = this.clauses[this.ofClause.at(mix(index, part * 4))] ?? ''
      text +=
        part === 4
          ? `${nameOf(this.ofPlace.at(mix(index, 501)))}也是这样，`
          : `${this.varied(clause, index, part)}，`
    }
    return text.slice(0, wantedCharacters)
  }

  private varied(clause: string, index: number, part: number): string {
    const random = mix(index, part * 4 + 1)
    if (random % 100 >= rareOfHundred) return clause
    const at = mix(index, part * 4 + 2) % (clause.length - 2)
    const character = (from: number) => this.characters.charAt(from % this.characters.length)
    return (
      clause.slice(0, at) + character(random) + character(mix(index, part * 4 + 3)) + clause.slice(at + 2)
    )
  }

  private matterOf(index: number): readonly string[] {
    return this.texts[this.ofText.at(mix(index, 498))] ?? []
  }

  private placeOf(index: number): string {
    const place = this.ofPlace.at(mix(index, 499))
    const house = (mix(index, 500) % 90) + 1
    return `${nameOf(place)}${house}号${sides[mix(index, 502) % sides.length]}`
  }
}

/** Places in a list, the first ones often and the last ones seldom. */
class Ranks {
  /** Sums of the shares, ascending to 1. */
  private readonly sums: Float64Array

  constructor(count: number) {
    const weights = Float64Array.from({ length: count }, (_, rank) => 1 / (rank + flatness))
    const all = weights.reduce((sum, weight) => sum + weight, 0)
    let sum = 0
    this.sums = weights.map((weight) => {
      sum += weight / all
      return sum
    })
  }

  /** @param random 32 bits */
  at(random: number): number {
    const share = random / 2 ** 32
    let [low, high] = [0, this.sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.sums[middle] ?? 1) < share) low = middle + 1
      else high = middle
    }
    return low
  }
}

function clausesOf(body: string): readonly string[] {
  return body.split(/[^\p{L}\p{N}.%]+/u).filter((clause) => clause.length >= 4 && clause.length <= 30)
}

/** Places of the cases would be in more reports than any place of a city is. */
function holdsName(clause: string): boolean {
  return namesIn(matchText(clause), () => false).length > 0
}

function nameOf(number: number): string {
  const character = (salt: number) => nameCharacters[mix(number, salt) % nameCharacters.length] ?? ''
  return `${character(1)}${character(2)}${number % 3 === 0 ? character(3) : ''}${endings[number % endings.length]}`
}

function shuffled<Value>(values: readonly Value[]): readonly Value[] {
  return values
    .map((value, at) => ({ value, order: mix(at, 77) }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value)
}

function momentOfNumber(index: number): number {
  return begin + index * apartMs
}

function ticketOf(externalId: string, at: number, body: string, reporter: number): Ticket {
  const when = momentIn(timeZone, at)
  const made = {
    ...sampleTicket,
    ...{ id: idOf(externalId), externalId, title: null, body, submittedAt: when, ingestedAt: when },
    reporter: {
      ...sampleTicket.reporter,
      phone: `+86138${String(reporter % 100_000_000).padStart(8, '0')}`,
      key: `reporter-${reporter}`,
    },
  }
  return { ...made, dedupe: undecided(made) }
}

function idOf(name: string): string {
  const number = Number(name.slice(1))
  const scattered = (mix(number, 1) * 2 ** 20 + (mix(number, 2) >>> 12)).toString(36).toUpperCase()
  return `T-${scattered.padStart(12, '0')}${name.charAt(0)}${String(number).padStart(13, '0')}`
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
