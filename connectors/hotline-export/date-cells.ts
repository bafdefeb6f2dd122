import { createInflateRaw } from 'node:zlib'
import type { Cell } from './raw-row.ts'
import { type ZipEntry, zipEntries } from './zip-directory.ts'

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z$/
const dateCell = /<(?:\w+:)?c\s[^<>]*\bt="d"/
/** A cell's start tag that two chunks share is seen whole when this much of the first is kept. */
const keptChars = 200

/**
 * SheetJS writes date cells (`t="d"`, ECMA-376 Part 1, 18.18.11) as `2020-09-03T08:05:00.000Z`, where the figures
 * are the sheet's wall clock: cells have no zone. The same as a text cell is what a program printed, in UTC.
 * hucre gives both alike, so the sheets are searched for such cells, once, when the first such text turns up.
 */
export class DateCells {
  readonly #bytes: Uint8Array
  #found: Promise<boolean> | null = null

  /** A workbook whose directory has been checked. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The row with the Z of date cells left out. */
  async wallClock(cells: readonly Cell[]): Promise<readonly Cell[]> {
    if (!cells.some(isStamp)) return cells
    this.#found ??= hasDateCells(this.#bytes)
    if (!(await this.#found)) return cells
    return cells.map((cell) => (isStamp(cell) ? String(cell).replace(stamp, '$1') : cell))
  }
}

function isStamp(cell: Cell): boolean {
  return typeof cell === 'string' && cell.length <= 30 && stamp.test(cell)
}

async function hasDateCells(bytes: Uint8Array): Promise<boolean> {
  for (const entry of zipEntries(bytes)) {
    if (!/^xl\/worksheets\/[^/]+\.xml$/i.test(entry.name)) continue
    if (await includesDateCell(expanded(bytes, entry), entry.expandedBytes)) return true
  }
  return false
}

/** The entry's bytes as they expand; a local header (APPNOTE.TXT 4.3.7) stands before them. */
function expanded(
  bytes: Uint8Array,
  { at, packedBytes }: ZipEntry,
): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const packed = bytes.subarray(start, start + packedBytes)
  const isStored = view.getUint16(at + 8, true) === 0
  return isStored ? [packed] : createInflateRaw().end(packed)
}

/** Looks at no more than the size that the directory states: that has been held against the limits. */
async function includesDateCell(
  chunks: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  limit: number,
): Promise<boolean> {
  let kept = ''
  let seen = 0
  for await (const chunk of chunks) {
    const text = kept + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
    if (dateCell.test(text)) return true
    seen += chunk.byteLength
    if (seen >= limit) return false
    kept = text.slice(-keptChars)
  }
  return false
}
