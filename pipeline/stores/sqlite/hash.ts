import { hash } from 'node:crypto'

/**
 * 46 bits of a raw or ticket id: nine of the characters after its prefix, which are already a hash.
 * Below 2^47 SQLite stores an integer in six bytes.
 */
export function idHash(id: string): number {
  const value = Number.parseInt(id.slice(2, 11), 36)
  return Number.isNaN(value) ? 0 : value
}

/** 46 bits of any text. */
export function textHash(text: string): number {
  return Math.floor(Number.parseInt(hash('sha1', text, 'hex').slice(0, 12), 16) / 4)
}
