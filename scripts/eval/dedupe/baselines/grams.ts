/** The text that baselines compare: title and body in compatibility form, without case and white space. */
export function plainText(row: { readonly title: string | null; readonly body: string | null }): string {
  return `${row.title ?? ''}${row.body ?? ''}`.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')
}

/** Runs of `size` characters with their counts; a text shorter than that is one run of its own, an empty one none. */
export function countGrams(text: string, size: number): Map<string, number> {
  const characters = [...text]
  const grams = new Map<string, number>()
  if (characters.length === 0) return grams
  for (let at = 0; at <= Math.max(0, characters.length - size); at++) {
    const gram = characters.slice(at, at + size).join('')
    grams.set(gram, (grams.get(gram) ?? 0) + 1)
  }
  return grams
}

/** A 32-bit hash of UTF-16 code units (FNV-1a with a final mix, so that all bits depend on all input). */
export function hash32(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
