import { FileProblem } from './file-problem.ts'

/** What a ZIP archive says of one of its files (APPNOTE.TXT 4.3.12). */
export interface ZipEntry {
  /** With `/` between folders, also where a program wrote `\`. */
  readonly name: string
  readonly expandedBytes: number
  readonly packedBytes: number
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc32: number
  /** Where its own header stands. */
  readonly at: number
}

const endSignature = 0x06054b50
const locator64Signature = 0x07064b50
const entrySignature = 0x02014b50
const extra64 = 1
const mark16 = 0xffff
const mark32 = 0xffffffff
const encrypted = 1

/**
 * The central directory of a ZIP archive, without expanding anything. No entry is expanded beyond the size stated
 * here, so these sizes can be relied on. Apache POI writes its streamed workbooks, those of EasyExcel as well, in the
 * ZIP64 form, however small they are.
 * @throws FileProblem FILE_UNREADABLE
 */
export function zipEntries(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const directory = findDirectory(view)
    const entries: ZipEntry[] = []
    let at = directory.at
    for (let count = directory.count; count > 0; count -= 1) {
      if (view.getUint32(at, true) !== entrySignature) throw unreadable('its directory is damaged')
      entries.push(readEntry(bytes, view, at))
      at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    }
    return entries
  } catch (error) {
    if (error instanceof RangeError) throw unreadable('its directory is damaged', error)
    throw error
  }
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameLength = view.getUint16(at + 28, true)
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
  if ((view.getUint16(at + 8, true) & encrypted) !== 0) throw unreadable('it is protected by a password')
  return {
    ...{ name: name.replaceAll('\\', '/'), method: view.getUint16(at + 10, true) },
    ...{ crc32: view.getUint32(at + 16, true), ...sizesOf(view, at) },
  }
}

/** Where a size is the mark, the true one stands in the entry's extra field (4.5.3), in this order. */
function sizesOf(view: DataView, at: number): Pick<ZipEntry, 'expandedBytes' | 'packedBytes' | 'at'> {
  let extra = findExtra(view, at)
  const size = (where: number) => {
    const short = view.getUint32(where, true)
    if (short !== mark32) return short
    extra += 8
    return wide(view, extra - 8)
  }
  const expandedBytes = size(at + 24)
  return { expandedBytes, packedBytes: size(at + 20), at: size(at + 42) }
}

/** Where the sizes of the ZIP64 extra field begin; beyond all bytes where there is none. */
function findExtra(view: DataView, entry: number): number {
  let at = entry + 46 + view.getUint16(entry + 28, true)
  const end = at + view.getUint16(entry + 30, true)
  while (at + 4 <= end) {
    if (view.getUint16(at, true) === extra64) return at + 4
    at += 4 + view.getUint16(at + 2, true)
  }
  return view.byteLength
}

function findDirectory(view: DataView): { readonly at: number; readonly count: number } {
  const end = findEnd(view)
  const [count, at] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)]
  if (count !== mark16 && at !== mark32) return { at, count }
  if (view.getUint32(end - 20, true) !== locator64Signature) return { at, count }
  const end64 = wide(view, end - 12)
  return { at: wide(view, end64 + 48), count: wide(view, end64 + 32) }
}

function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff)
  for (let at = view.byteLength - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  throw unreadable('its end is missing')
}

/** A number of 8 bytes; one too large for any file is a RangeError where it is used. */
function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

function unreadable(reason: string, cause?: unknown): FileProblem {
  return new FileProblem('FILE_UNREADABLE', { format: 'XLSX', reason }, cause)
}
