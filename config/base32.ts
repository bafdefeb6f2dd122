/** Crockford's base 32: no I, L, O or U, so that an id can be read out over the phone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The first `length` characters of a digest in Crockford's base 32, five bits each.
 * @param digest its bytes in a string, one to a character (`digest('binary')`): half the cost of a buffer
 */
export function base32(digest: string, length: number): string {
  let text = ''
  let bits = 0
  let held = 0
  let at = 0
  while (text.length < length) {
    if (bits < 5) {
      held = ((held & 31) << 8) | digest.charCodeAt(at++)
      bits += 8
    }
    bits -= 5
    text += alphabet[(held >> bits) & 31]
  }
  return text
}
