import { FileProblem } from './file-problem.ts'

/** What a ZIP archive says of one of its files (APPNOTE.TXT 4.3.12). */
export interface ZipEntry {
  readonly name: string
  readonly expandedBytes: number
  readonly packedBytes: number
  /** Where its own header stands. */
  readonly at: number
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const zip64Mark = 0xffffffff

/**
 * The central directory of a ZIP archive, without expanding anything. hucre stops expanding an entry at
 * the size stated here, so these sizes can be relied on; an entry that states none is refused.
 * @throws FileProblem FILE_UNREADABLE
 */
export function zipEntries(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOfDirectory(view)
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entrySignature)
      throw unreadable('its directory is damaged')
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const [packed, expandedBytes] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
    const streamed = (view.getUint16(at + 8, true) & 8) !== 0
    if (packed === zip64Mark || expandedBytes === zip64Mark) throw unreadable('it is a ZIP64 archive')
    if (expandedBytes === 0 && (packed > 2 || (streamed && packed === 0)))
      throw unreadable('it hides the size of its parts')
    entries.push({ name, expandedBytes, packedBytes: packed, at: view.getUint32(at + 42, true) })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

function endOfDirectory(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff)
  for (let at = view.byteLength - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  throw unreadable('its end is missing')
}

function unreadable(reason: string): FileProblem {
  return new FileProblem('FILE_UNREADABLE', { format: 'XLSX', reason })
}
