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
  private readonly words: (Word | null)[] = [null]
  /** For each node the number of the word that ends there; 0: none. */
  private readonly ends: Uint16Array
  private nodes = 0
  /** For each edge from which node by which character it leads, and to which node; 0: free. */
  private readonly edges: Uint32Array
  private readonly targets: Uint16Array
  private readonly shift: number

  /** @param words of at least two characters; at most 65,535 different beginnings of words */
  constructor(words: Iterable<readonly [string, Word]>) {
    const list = [...words]
    const most = list.reduce((sum, [text]) => sum + text.length, 0)
    const bits = Math.ceil(Math.log2(most + 2))
    this.shift = 32 - bits
    this.edges = new Uint32Array(2 ** bits)
    this.targets = new Uint16Array(2 ** bits)
    this.ends = new Uint16Array(mostNodes + 1)
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
      if (this.targets[slot] === 0) {
        this.edges[slot] = edgeOf(node, code)
        this.targets[slot] = this.newNode()
      }
      node = this.targets[slot] ?? 0
    }
    if (this.ends[node] === 0) this.ends[node] = this.words.push(word) - 1
  }

  private newNode(): number {
    if (this.nodes === mostNodes) throw new Error('the words have more beginnings than the table can number')
    this.nodes += 1
    return this.nodes
  }

  /** Where the edge stands, or would stand. */
  private slotOf(node: number, code: number): number {
    const edge = edgeOf(node, code)
    const mask = this.edges.length - 1
    let slot = Math.imul(edge, 0x9e3779b1) >>> this.shift
    while (this.targets[slot] !== 0 && this.edges[slot] !== edge) slot = (slot + 1) & mask
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
    let word = 0
    let end = at + 1
    for (let next = at + 1; node !== 0; next += 1) {
      const here = this.ends[node] ?? 0
      if (here !== 0) {
        word = here
        end = next
      }
      if (next >= text.length) break
      node = this.targets[this.slotOf(node, text.charCodeAt(next))] ?? 0
    }
    const known = this.words[word] ?? null
    if (known !== null) found(known, at, end)
    return end
  }
}

function beginning(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 16
}

function edgeOf(node: number, code: number): number {
  return ((node << 16) | code) >>> 0
}
