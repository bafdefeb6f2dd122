/** Terms are hashed into so many slots; two terms in one slot look as frequent as both together. */
export const slots = 1 << 17
/** When so many reports were counted all counts are halved: the statistics follow what is written now. */
const halveAt = 60_000
/** So many reports are imagined to have come before the first, with each term in this share of them. */
const priorReports = 200
const priorShare = 0.002
/** Beyond this a rarer term says no more: it may as well be a slip of the pen. */
const mostTelling = 7

const mostCounted = 0xffff
/** Logarithm of a count, prior included. */
const logOfCount = Float64Array.from({ length: mostCounted + 1 }, (_, count) =>
  Math.log(count + priorShare * priorReports),
)

/** In how many of some reports the terms of each slot stood. */
export class TermCounts {
  reports = 0
  /** Slots that have a count. */
  size = 0
  private readonly counts = new Uint32Array(slots)
  /** A bit for each slot that has a count: of one report, these are one in four hundred. */
  private readonly marks = new Uint32Array(slots >>> 5)

  /** Counts one report. @param parts its terms, in all of them each once */
  count(parts: readonly Uint32Array[]): void {
    this.reports += 1
    for (const terms of parts)
      for (let at = 0; at < terms.length; at += 1) this.set((terms[at] ?? 0) & (slots - 1), 1)
  }

  /** @param slot of the terms @param count what comes to it */
  set(slot: number, count: number): void {
    const before = this.counts[slot] ?? 0
    this.counts[slot] = before + count
    if (before > 0) return
    this.size += 1
    this.marks[slot >>> 5] = (this.marks[slot >>> 5] ?? 0) | (1 << (slot & 31))
  }

  /** Counts the reports of another too. */
  merge(other: TermCounts): void {
    this.reports += other.reports
    other.each((slot, count) => this.set(slot, count))
  }

  /** Slots with their counts, ascending. */
  each(take: (slot: number, count: number) => void): void {
    for (let word = 0; word < this.marks.length; word += 1) {
      for (let marks = this.marks[word] ?? 0; marks !== 0; marks &= marks - 1) {
        const slot = (word << 5) + 31 - Math.clz32(marks & -marks)
        take(slot, this.counts[slot] ?? 0)
      }
    }
  }
}

/** In how many reports each term stood: what tells a street's name from 希望尽快处理. */
export class TermStatistics {
  private readonly counts: Uint16Array
  private logOfAll = 0
  #reports = 0

  constructor(counts: Uint16Array = new Uint16Array(slots), reports = 0) {
    this.counts = counts
    this.setReports(reports)
  }

  /** Reports counted, fewer after each halving. */
  get reports(): number {
    return this.#reports
  }

  /** Counts one report. @param terms its terms, each once */
  add(terms: Iterable<number>): void {
    if (this.#reports >= halveAt) this.halve()
    for (const term of terms) {
      const slot = term & (slots - 1)
      this.counts[slot] = (this.counts[slot] ?? 0) + 1
    }
    this.setReports(this.#reports + 1)
  }

  /** Counts several reports. */
  addAll(counts: TermCounts): void {
    if (this.#reports >= halveAt) this.halve()
    counts.each((slot, count) => {
      this.counts[slot] = Math.min(mostCounted, (this.counts[slot] ?? 0) + count)
    })
    this.setReports(this.#reports + counts.reports)
  }

  /** How telling a term is, in [0, 7] nats: the logarithm of one over the share of reports that hold it. */
  weight(term: number): number {
    const weight = this.logOfAll - (logOfCount[this.counts[term & (slots - 1)] ?? 0] ?? 0)
    return Math.max(0, Math.min(weight, mostTelling))
  }

  /** The weights of many terms at once, each as {@link weight} gives it, written into `into`. */
  weigh(terms: Uint32Array, into: Float64Array): void {
    const { counts, logOfAll } = this
    for (let at = 0; at < terms.length; at += 1) {
      const weight = logOfAll - (logOfCount[counts[(terms[at] ?? 0) & (slots - 1)] ?? 0] ?? 0)
      into[at] = Math.max(0, Math.min(weight, mostTelling))
    }
  }

  private halve(): void {
    for (let slot = 0; slot < slots; slot += 1) this.counts[slot] = (this.counts[slot] ?? 0) >>> 1
    this.setReports(this.#reports >>> 1)
  }

  private setReports(reports: number): void {
    this.#reports = reports
    this.logOfAll = Math.log(reports + priorReports)
  }

  /** All counts, for {@link fromBytes}. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(4 + slots * 2)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, this.#reports, true)
    for (const [slot, count] of this.counts.entries()) view.setUint16(4 + slot * 2, count, true)
    return bytes
  }

  static fromBytes(bytes: Uint8Array): TermStatistics {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const counts = Uint16Array.from({ length: slots }, (_, slot) => view.getUint16(4 + slot * 2, true))
    return new TermStatistics(counts, view.getUint32(0, true))
  }
}
