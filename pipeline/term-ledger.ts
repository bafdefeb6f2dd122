import { hash } from 'node:crypto'
import { slots, TermStatistics } from '../dedupe/term-statistics.ts'
import type { Ledger, TermWrite } from './stores/store.ts'

/** Items archived one after the other are decided by the same statistics, so that where batches end makes no difference. */
const epochItems = 512
/** So many additions are kept before they are folded into a new base. */
const mostAdditions = 64

/** The epoch that an item belongs to. @param seq order of archiving */
export function epochOf(seq: number): number {
  return Math.floor(seq / epochItems)
}

/** Terms counted in an epoch that has not ended. */
interface Counted {
  readonly epoch: number
  readonly terms: Uint32Array
}

/**
 * The statistics of terms as the decisions see them, kept in step with the store. What an epoch adds is seen from
 * the next epoch on; so equal items in equal order are decided alike, however they were batched.
 */
export class TermLedger {
  readonly statistics: TermStatistics
  private epoch: number
  /** Counted in this epoch, not seen yet. */
  private waiting: Counted[]
  private unsaved: Counted[] = []
  private additions: number

  private constructor(statistics: TermStatistics, epoch: number, waiting: Counted[], additions: number) {
    this.statistics = statistics
    this.epoch = epoch
    this.waiting = waiting
    this.additions = additions
  }

  static async load(store: Pick<Ledger, 'termStatistics'>): Promise<TermLedger> {
    const { base, additions } = await store.termStatistics()
    const [statistics, epoch] = base === null ? [new TermStatistics(), 0] : decodeBase(base)
    const ledger = new TermLedger(statistics, epoch, [], additions.length)
    for (const counted of additions.flatMap(decodeAddition)) {
      ledger.begin(counted.epoch)
      ledger.waiting.push(counted)
    }
    return ledger
  }

  /** Makes what earlier epochs counted visible. An item that comes late is decided as of now. */
  begin(epoch: number): void {
    if (epoch <= this.epoch) return
    for (const { terms } of this.waiting) this.statistics.add(terms)
    this.waiting = []
    this.epoch = epoch
  }

  /** Counts one new ticket. @param terms in several parts, in all of them each once */
  count(...terms: readonly Uint32Array[]): void {
    const counted = { epoch: this.epoch, terms: slotsOf(terms) }
    this.waiting.push(counted)
    this.unsaved.push(counted)
  }

  /** What a commit must write; null when nothing was counted. @param names what the batch is known by */
  write(names: readonly string[]): TermWrite | null {
    if (this.unsaved.length === 0) return null
    const id = hash('sha256', names.join('\n'), 'base64url').slice(0, 22)
    const fold = this.additions >= mostAdditions
    const addition = encodeAddition(fold ? this.waiting : this.unsaved)
    this.additions = fold ? 1 : this.additions + 1
    this.unsaved = []
    return { id, base: fold ? encodeBase(this.statistics, this.epoch) : null, addition }
  }

  /** A write that puts statistics counted anew in the place of these. @param name unlike that of any other write */
  replacedBy(statistics: TermStatistics, name: string): TermWrite {
    return { id: name, base: encodeBase(statistics, this.epoch), addition: null }
  }
}

function slotsOf(parts: readonly Uint32Array[]): Uint32Array {
  const found = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let size = 0
  for (const part of parts) {
    found.set(part, size)
    size += part.length
  }
  for (let at = 0; at < found.length; at += 1) found[at] = (found[at] ?? 0) & (slots - 1)
  return found.sort()
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

/** For each ticket its epoch, the number of its slots, and the gaps between them, in base 128, low part first. */
function encodeAddition(all: readonly Counted[]): Uint8Array {
  const numbers = all.reduce((sum, { terms }) => sum + terms.length + 2, 0)
  const bytes = new Uint8Array(numbers * mostBytes)
  let size = 0
  const put = (value: number) => {
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[size++] = (rest & 0x7f) | 0x80
    bytes[size++] = rest
  }
  for (const { epoch, terms } of all) {
    put(epoch)
    put(terms.length)
    let last = 0
    for (const slot of terms) {
      put(slot - last)
      last = slot
    }
  }
  return bytes.slice(0, size)
}

/** Of a number below 2^53 in base 128. */
const mostBytes = 8

function decodeAddition(bytes: Uint8Array): Counted[] {
  const all: Counted[] = []
  let at = 0
  const take = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const epoch = take()
    let slot = 0
    const terms = Uint32Array.from({ length: take() }, () => {
      slot += take()
      return slot
    })
    all.push({ epoch, terms })
  }
  return all
}
