/** So many units at the beginning of a text say what it is about. */
export const focalUnits = 60

/** Numbers and Latin words count as one unit each, from here up; a Han character is its own code. */
const wordBase = 0x10000

/**
 * The units of folded text that are compared: 「k17路」 is 「k17」「路」, so k17 and h17 share nothing. One text after the
 * other is read into the same room, because new arrays for each would cost more than the reading.
 */
export class Units {
  /** One number for each Han character, number or Latin word. */
  codes = new Uint32Array(2_048)
  /** Where each stands in the text; one more at the end. */
  starts = new Uint32Array(2_049)
  size = 0

  /** Reads a text; what was read before is gone. */
  read(text: string): this {
    if (this.codes.length < text.length) {
      this.codes = new Uint32Array(text.length)
      this.starts = new Uint32Array(text.length + 1)
    }
    const { codes, starts } = this
    let size = 0
    for (let at = 0; at < text.length; size += 1) {
      starts[size] = at
      const code = text.charCodeAt(at)
      const end = isWordCode(code) ? wordEnd(text, at) : at + 1
      codes[size] = isWordCode(code) ? wordCode(text, at, end) : code
      at = end
    }
    starts[size] = text.length
    this.size = size
    return this
  }
}

function isWordCode(code: number): boolean {
  return code <= 0x7a && (code >= 0x61 || (code >= 0x30 && code <= 0x39))
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
