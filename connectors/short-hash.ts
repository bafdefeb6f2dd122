import { createHash } from 'node:crypto'
import { base32 } from '../config/base32.ts'

/** 80 bits of the text's SHA-256, as 16 characters of Crockford's base 32. */
export function shortHash(text: string): string {
  return base32(createHash('sha256').update(text).digest('binary'), 16)
}
