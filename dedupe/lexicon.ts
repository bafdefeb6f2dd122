/** Bits that tell whether some word begins with two characters. */
const beginnings = 1 << 16
const mostNodes = 0xffff

/**
 * Finds the words of a list in text, longest first, left to right: a trie, its edges in one flat hash table, before it
 * a small table of bits that sorts out where no word begins.
 */
export class Lexicon<Word extends object> {
  private readonly begins = new Uint8Array(beginnings >> 3)
  /** The node that each first character leads to. */
  private readonly roots = new Uint16Array(0x10000)
  /** Words by node; node 0 is none. */
  private readonly words: (Word | null)[] = [null]
  /** Two numbers for each edge: from which node by which character, and to which node; 0: free. */
  private readonly edges: Uint32Array
  private readonly shift: number

  /** @param words of at least two characters; at most 65,535 different beginnings of words */
  constructor(words: Iterable<readonly [string, Word]>) {
    const list = [...words]
    const most = list.reduce((sum, [text]) => sum + text.length, 0)
    const bits = Math.ceil(Math.log2(most + 2))
    this.shift = 32 - bits
    this.edges = new Uint32Array(2 ** bits * 2)
    for (const [text, word] of list) this.add(text, word)
  }

  private add(text: string, word: Word): void {
    const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)]
    const bit = beginning(first, second)
    this.begins[bit >> 3] = (this.begins[bit >> 3] ?? 0) | (1 << (bit & 7))
    let node = this.roots[first] || this.newNode()
    this.roots[first] = node
    for (let at = 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      const slot = this.slotOf(node, code)
      if (this.edges[slot + 1] === 0) {
        this.edges[slot] = edgeOf(node, code)
        this.edges[slot + 1] = this.newNode()
      }
      node = this.edges[slot + 1] ?? 0
    }
    this.words[node] ??= word
  }

  private newNode(): number {
    if (this.words.length > mostNodes)
      throw new Error('the words have more beginnings than the table can number')
    return this.words.push(null) - 1
  }

  /** Where the edge stands, or would stand. */
  private slotOf(node: number, code: number): number {
    const edge = edgeOf(node, code)
    let slot = (Math.imul(edge, 0x9e3779b1) >>> this.shift) * 2
    while (this.edges[slot + 1] !== 0 && this.edges[slot] !== edge) slot = (slot + 2) % this.edges.length
    return slot
  }

  /** Calls `found` for each word, never for two that overlap. */
  scan(text: string, found: (word: Word, start: number, end: number) => void): void {
    const last = text.length - 1
    for (let at = 0; at < last; ) {
      const bit = beginning(text.charCodeAt(at), text.charCodeAt(at + 1))
      const mayBegin = (((this.begins[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1
      at = mayBegin ? this.longest(text, at, found) : at + 1
    }
  }

  /** Tells of the longest word that begins here; where it ends, else the next place. */
  private longest(text: string, at: number, found: (word: Word, start: number, end: number) => void): number {
    let node = this.roots[text.charCodeAt(at)] ?? 0
    let word: Word | null = null
    let end = at + 1
    for (let next = at + 1; node !== 0; next += 1) {
      const here = this.words[node] ?? null
      if (here !== null) {
        word = here
        end = next
      }
      if (next >= text.length) break
      node = this.edges[this.slotOf(node, text.charCodeAt(next)) + 1] ?? 0
    }
    if (word !== null) found(word, at, end)
    return end
  }
}

function beginning(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 16
}

function edgeOf(node: number, code: number): number {
  return ((node << 16) | code) >>> 0
}
