import { createHash } from 'node:crypto'
import { base32 } from '../config/base32.ts'

/**
 * `mail-` and 130 bits of SHA-256 over these bytes. Message-ID would not do: it may be missing, forged, or
 * used again by a careless program, and two reports under one name would lose one of them. The bytes are
 * the same in whatever folder a message stands and whatever UID it has there.
 */
export function mailIdentity(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return `mail-${base32(hash.digest('binary'), 26)}`
}

/** The header of a message with the empty line that ends it, or at most `limit` bytes. */
export function headerOf(message: Uint8Array, limit: number): Uint8Array {
  const bytes = Buffer.from(message.buffer, message.byteOffset, Math.min(message.byteLength, limit))
  const ends = ['\r\n\r\n', '\n\n'].map((mark) => ({ at: bytes.indexOf(mark), length: mark.length }))
  const [end] = ends.filter(({ at }) => at >= 0).toSorted((one, other) => one.at - other.at)
  return end === undefined ? bytes : bytes.subarray(0, end.at + end.length)
}
