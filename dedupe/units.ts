/** Numbers and Latin words count as one unit each, from here up; a Han character is its own code. */
const wordBase = 0x10000

export interface Units {
  /** One number for each Han character, number or Latin word. */
  readonly codes: Uint32Array
  /** Where each stands in the text; one more at the end. */
  readonly starts: Uint32Array
}

/** Splits folded text into the units that are compared: 「k17路」 is 「k17」「路」, so k17 and h17 share nothing. */
export function unitsOf(text: string): Units {
  const codes = new Uint32Array(text.length)
  const starts = new Uint32Array(text.length + 1)
  let size = 0
  for (let at = 0; at < text.length; size += 1) {
    starts[size] = at
    const code = text.charCodeAt(at)
    const end = isWordCode(code) ? wordEnd(text, at) : at + 1
    codes[size] = end === at + 1 && !isWordCode(code) ? code : wordCode(text, at, end)
    at = end
  }
  starts[size] = text.length
  return { codes: codes.subarray(0, size), starts: starts.subarray(0, size + 1) }
}

function isWordCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a)
}

function wordEnd(text: string, from: number): number {
  let end = from + 1
  while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1
  return end
}

function wordCode(text: string, from: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (wordBase + (hash >>> 1)) >>> 0
}

/** A hash of two neighbouring units, 32 bits, never 0. */
export function pairHash(one: number, other: number): number {
  let hash = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13) ^ other, 0xc2b2ae35)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x27d4eb2f)
  return (hash ^ (hash >>> 16)) >>> 0 || 1
}
