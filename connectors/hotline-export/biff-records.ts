import type { Buffer } from 'node:buffer'

/** A record of a BIFF8 stream ([MS-XLS] 2.1.4), with those that continue it. */
export interface BiffRecord {
  readonly id: number
  readonly data: Buffer
  readonly blocks: readonly Buffer[]
}

/** Records by their numbers. */
export const biff = {
  formula: 0x06,
  end: 0x0a,
  date1904: 0x22,
  encryption: 0x2f,
  continued: 0x3c,
  boundSheet: 0x85,
  multipleRk: 0xbd,
  richText: 0xd6,
  style: 0xe0,
  mergedCells: 0xe5,
  sharedTexts: 0xfc,
  sharedText: 0xfd,
  number: 0x203,
  text: 0x204,
  booleanOrError: 0x205,
  formulaText: 0x207,
  rk: 0x27e,
  numberFormat: 0x41e,
  begin: 0x809,
} as const

/** The records from a place on. Ends where the stream does, be it in the middle of one. */
export function* biffRecords(stream: Buffer, from: number): Generator<BiffRecord> {
  let at = from
  const next = () => {
    const end = at + 4 + (at + 4 <= stream.length ? stream.readUInt16LE(at + 2) : 0)
    if (at + 4 > stream.length || end > stream.length) return null
    const record = { id: stream.readUInt16LE(at), data: stream.subarray(at + 4, end) }
    at = end
    return record
  }
  for (let record = next(); record !== null; ) {
    const blocks = [record.data]
    let after = next()
    for (; after?.id === biff.continued; after = next()) blocks.push(after.data)
    yield { ...record, blocks }
    record = after
  }
}

/** Reads values and texts from a record, across the borders of those that continue it. */
export class BlockReader {
  readonly #blocks: readonly Buffer[]
  #index = 0
  #at: number

  constructor(blocks: readonly Buffer[], at = 0) {
    this.#blocks = blocks
    this.#at = at
  }

  get isAtEnd(): boolean {
    this.#passEndedBlocks()
    return this.#index === this.#blocks.length
  }

  /** @throws RangeError at the end of the last block, as all of these do */
  byte(): number {
    const value = this.#block().readUInt8(this.#at)
    this.#at += 1
    return value
  }

  short(): number {
    return this.byte() + this.byte() * 256
  }

  long(): number {
    return this.short() + this.short() * 65_536
  }

  skip(bytes: number): void {
    for (let left = bytes; left > 0; ) {
      const step = Math.min(left, this.#block().length - this.#at)
      this.#at += step
      left -= step
    }
  }

  /**
   * A text ([MS-XLS] 2.5.293) without its fonts and readings. A text that goes on in another block says there anew
   * how wide its characters are.
   */
  text(length = this.short()): string {
    let flags = this.byte()
    const fontBytes = (flags & 8) === 0 ? 0 : this.short() * 4
    const readingBytes = (flags & 4) === 0 ? 0 : this.long()
    let text = ''
    for (let left = length; left > 0; ) {
      if (this.#isAtEndOfBlock()) flags = this.byte()
      const block = this.#block()
      const width = (flags & 1) + 1
      const step = Math.min(left, Math.floor((block.length - this.#at) / width))
      if (step === 0) throw new RangeError('a character is cut in two')
      const end = this.#at + step * width
      text += block.toString(width === 2 ? 'utf16le' : 'latin1', this.#at, end)
      this.#at = end
      left -= step
    }
    this.skip(fontBytes + readingBytes)
    return text
  }

  #isAtEndOfBlock(): boolean {
    return this.#at >= (this.#blocks[this.#index]?.length ?? 0)
  }

  #passEndedBlocks(): void {
    while (this.#index < this.#blocks.length && this.#isAtEndOfBlock()) {
      this.#index += 1
      this.#at = 0
    }
  }

  #block(): Buffer {
    this.#passEndedBlocks()
    const block = this.#blocks[this.#index]
    if (block === undefined) throw new RangeError('a record ends too early')
    return block
  }
}
