import { hash } from 'node:crypto'
import { TermCounts, TermStatistics } from '../dedupe/term-statistics.ts'
import type { Ledger, TermWrite } from './stores/store.ts'

/** Items archived one after the other are decided by the same statistics, so that where batches end makes no difference. */
const epochItems = 512
/** So many additions are kept before they are folded into a new base. */
const mostAdditions = 64

/** The epoch that an item belongs to. @param seq order of archiving */
export function epochOf(seq: number): number {
  return Math.floor(seq / epochItems)
}

/** What was counted in one epoch. */
interface Counted {
  readonly epoch: number
  readonly counts: TermCounts
}

/**
 * The statistics of terms as the decisions see them, kept in step with the store. What an epoch adds is seen from
 * the next epoch on; so equal items in equal order are decided alike, however they were batched.
 */
export class TermLedger {
  readonly statistics: TermStatistics
  private epoch: number
  /** Counted in this epoch up to the last write, not seen yet. */
  private waiting = new TermCounts()
  private unsaved: Counted[] = []
  private additions: number

  private constructor(statistics: TermStatistics, epoch: number, additions: number) {
    this.statistics = statistics
    this.epoch = epoch
    this.additions = additions
  }

  static async load(store: Pick<Ledger, 'termStatistics'>): Promise<TermLedger> {
    const { base, additions } = await store.termStatistics()
    const [statistics, epoch] = base === null ? [new TermStatistics(), 0] : decodeBase(base)
    const ledger = new TermLedger(statistics, epoch, additions.length)
    for (const addition of additions)
      for (const counted of decodeAddition(addition)) {
        ledger.begin(counted.epoch)
        ledger.waiting.merge(counted.counts)
      }
    return ledger
  }

  /** Makes what earlier epochs counted visible. An item that comes late is decided as of now. */
  begin(epoch: number): void {
    if (epoch <= this.epoch) return
    this.gather()
    this.statistics.addAll(this.waiting)
    this.waiting = new TermCounts()
    this.epoch = epoch
  }

  /** Puts what was counted in this epoch since the last write to what waits. */
  private gather(): void {
    const last = this.unsaved.at(-1)
    if (last?.epoch === this.epoch) this.waiting.merge(last.counts)
  }

  /** Counts one new ticket. @param terms in several parts, in all of them each once */
  count(...terms: readonly Uint32Array[]): void {
    if (this.unsaved.at(-1)?.epoch !== this.epoch)
      this.unsaved.push({ epoch: this.epoch, counts: new TermCounts() })
    this.unsaved.at(-1)?.counts.count(terms)
  }

  /** What a commit must write; null when nothing was counted. @param names what the batch is known by */
  write(names: readonly string[]): TermWrite | null {
    if (this.unsaved.length === 0) return null
    const id = hash('sha256', names.join('\n'), 'base64url').slice(0, 22)
    const fold = this.additions >= mostAdditions
    this.gather()
    const waiting = { epoch: this.epoch, counts: this.waiting }
    const addition = encodeAddition(fold ? [waiting] : this.unsaved)
    this.additions = fold ? 1 : this.additions + 1
    this.unsaved = []
    return { id, base: fold ? encodeBase(this.statistics, this.epoch) : null, addition }
  }

  /** A write that puts statistics counted anew in the place of these. @param name unlike that of any other write */
  replacedBy(statistics: TermStatistics, name: string): TermWrite {
    return { id: name, base: encodeBase(statistics, this.epoch), addition: null }
  }
}

function encodeBase(statistics: TermStatistics, epoch: number): Uint8Array {
  const counts = statistics.toBytes()
  const bytes = new Uint8Array(4 + counts.byteLength)
  new DataView(bytes.buffer).setUint32(0, epoch, true)
  bytes.set(counts, 4)
  return bytes
}

function decodeBase(bytes: Uint8Array): [TermStatistics, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return [TermStatistics.fromBytes(bytes.subarray(4)), view.getUint32(0, true)]
}

/**
 * For each epoch its number, its reports, how many slots they have, and for each of these the gap from the one before and
 * its count; numbers in base 128, low part first.
 */
function encodeAddition(all: readonly Counted[]): Uint8Array {
  const numbers = all.reduce((sum, { counts }) => sum + 3 + 2 * counts.size, 0)
  const bytes = new Uint8Array(numbers * mostBytes)
  let size = 0
  const put = (value: number) => {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) bytes[size++] = (rest & 0x7f) | 0x80
    bytes[size++] = rest
  }
  for (const { epoch, counts } of all) {
    put(epoch)
    put(counts.reports)
    put(counts.size)
    let last = 0
    counts.each((slot, count) => {
      put(slot - last)
      put(count)
      last = slot
    })
  }
  return bytes.slice(0, size)
}

/** Of a number of 32 bits in base 128. */
const mostBytes = 5

function decodeAddition(bytes: Uint8Array): Counted[] {
  const all: Counted[] = []
  let at = 0
  const take = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }
  while (at < bytes.length) {
    const epoch = take()
    const counts = new TermCounts()
    counts.reports = take()
    let slot = 0
    for (let left = take(); left > 0; left -= 1) {
      slot += take()
      counts.set(slot, take())
    }
    all.push({ epoch, counts })
  }
  return all
}
