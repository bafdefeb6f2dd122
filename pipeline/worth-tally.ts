import type { Hit } from '../dedupe/decision.ts'

const leastRoom = 512

/**
 * Adds up what each ticket is worth to a report, and gives the worthiest first. One report after the other in the same
 * room: hundreds of tickets share a key with a report, and few of them are read.
 */
export class WorthTally {
  private numbers = new Float64Array(leastRoom)
  private times = new Float64Array(leastRoom)
  private worths = new Float64Array(leastRoom)
  private size = 0
  /** A ticket's place plus one, by its number; 0: free. At least half are free. */
  private slots = new Uint32Array(leastRoom * 2)

  /** Forgets all tickets. */
  begin(): void {
    this.size = 0
    this.slots.fill(0)
  }

  /** Adds what each of these tickets is worth. @param since @param until only of those that came between */
  add(hits: readonly Hit[], since: number, until: number, worth: number): void {
    for (const { n, at } of hits) {
      if (at < since || at > until) continue
      const place = this.placeOf(n)
      this.times[place] = at
      this.worths[place] = (this.worths[place] ?? 0) + worth
    }
  }

  /** A place of its own for each ticket. */
  private placeOf(n: number): number {
    if (this.size === this.numbers.length) this.grow()
    const { numbers, slots } = this
    const mask = slots.length - 1
    let slot = Math.imul(n, 0x9e3779b1) & mask
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const place = (slots[slot] ?? 0) - 1
      if (numbers[place] === n) return place
    }
    const place = this.size
    numbers[place] = n
    this.worths[place] = 0
    this.size = place + 1
    slots[slot] = place + 1
    return place
  }

  /**
   * The number of the ticket that is worth most, and forgets its worth; of one worth the newest, of one moment the last
   * made. -1 where none is worth `least`, which is more than 0.
   */
  takeBest(least: number): number {
    let best = -1
    for (let place = 0; place < this.size; place += 1)
      if ((this.worths[place] ?? 0) >= least && (best < 0 || this.isBefore(place, best))) best = place
    if (best < 0) return -1
    this.worths[best] = 0
    return this.numbers[best] ?? -1
  }

  private isBefore(place: number, other: number): boolean {
    const more =
      (this.worths[place] ?? 0) - (this.worths[other] ?? 0) ||
      (this.times[place] ?? 0) - (this.times[other] ?? 0) ||
      (this.numbers[place] ?? 0) - (this.numbers[other] ?? 0)
    return more > 0
  }

  private grow(): void {
    const { numbers, times, worths, size } = this
    this.numbers = new Float64Array(size * 2)
    this.times = new Float64Array(size * 2)
    this.worths = new Float64Array(size * 2)
    this.slots = new Uint32Array(size * 4)
    this.size = 0
    for (let at = 0; at < size; at += 1) {
      const place = this.placeOf(numbers[at] ?? 0)
      this.times[place] = times[at] ?? 0
      this.worths[place] = worths[at] ?? 0
    }
  }
}
