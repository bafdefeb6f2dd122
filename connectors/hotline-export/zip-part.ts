import { crc32, createInflateRaw } from 'node:zlib'
import { FileProblem } from './file-problem.ts'
import type { ZipEntry } from './zip-directory.ts'

const chunkBytes = 64 * 1024

/**
 * The text of one file in a ZIP archive, as it expands. XML parts are UTF-8, or UTF-16 with a mark.
 * @throws FileProblem FILE_UNREADABLE once it is another one than the directory states
 */
export async function* partTexts(bytes: Uint8Array, entry: ZipEntry): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of expand(bytes, entry)) {
    decoder ??= new TextDecoder(encodingOf(chunk))
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder !== null) yield decoder.decode()
}

function encodingOf(chunk: Uint8Array): string {
  const [first, second] = chunk
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

async function* expand(bytes: Uint8Array, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let [size, sum] = [0, 0]
  for await (const chunk of inflated(packedPart(bytes, entry), entry.method)) {
    size += chunk.byteLength
    if (size > entry.expandedBytes) throw damaged()
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (size !== entry.expandedBytes || sum !== entry.crc32) throw damaged()
}

/** An entry's packed bytes; a header of its own stands before them (APPNOTE.TXT 4.3.7). */
function packedPart(bytes: Uint8Array, { at, packedBytes }: ZipEntry): Uint8Array {
  if (at + 30 > bytes.length) throw damaged()
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 30)
  const start = at + 30 + view.getUint16(26, true) + view.getUint16(28, true)
  if (start + packedBytes > bytes.length) throw damaged()
  return bytes.subarray(start, start + packedBytes)
}

async function* inflated(packed: Uint8Array, method: number): AsyncGenerator<Uint8Array> {
  if (method !== 0 && method !== 8) throw damaged()
  try {
    if (method === 0) yield packed
    else yield* createInflateRaw({ chunkSize: chunkBytes }).end(packed) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw damaged(error)
  }
}

function damaged(cause?: unknown): FileProblem {
  return new FileProblem('FILE_UNREADABLE', { format: 'XLSX', reason: 'its structure is damaged' }, cause)
}
