/** Bits that tell whether some word begins with two characters. */
const beginnings = 1 << 16
/** Nodes and words are numbered with 16 bits, 0 being none. */
const mostNumbers = 0xffff

/**
 * Finds the words of a list in text, longest first, left to right: a trie whose edges stand in flat hash tables, before it
 * a small table of bits that sorts out where no word begins.
 */
export class Lexicon<Word extends object> {
  private readonly begins = new Uint8Array(beginnings >> 3)
  /** Steps by the two characters that words begin with, and by a node and the character after it. */
  private readonly pairs: Steps
  private readonly edges: Steps
  private readonly words: (Word | null)[] = [null]
  private readonly numbers = new Map<Word, number>()
  private nodes = 0

  /** @param words of at least two characters; at most 65,535 different ones, and as many beginnings that go on */
  constructor(words: Iterable<readonly [string, Word]>) {
    const list = [...words]
    this.pairs = new Steps(new Set(list.map(([text]) => text.slice(0, 2))).size)
    this.edges = new Steps(list.reduce((sum, [text]) => sum + text.length - 2, 0))
    for (const [text, word] of list) this.add(text, word)
  }

  private add(text: string, word: Word): void {
    const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)]
    const bit = beginning(first, second)
    this.begins[bit >> 3] = (this.begins[bit >> 3] ?? 0) | (1 << (bit & 7))
    let [steps, key] = [this.pairs, keyOf(first, second)]
    for (let at = 2; at < text.length; at += 1) {
      const known = steps.of(key)
      const node = known >>> 16 || this.newNode()
      steps.set(key, (node << 16) | (known & 0xffff))
      steps = this.edges
      key = keyOf(node, text.charCodeAt(at))
    }
    const known = steps.of(key)
    if ((known & 0xffff) === 0) steps.set(key, known | this.numberOf(word))
  }

  private newNode(): number {
    this.nodes += 1
    return within(this.nodes)
  }

  private numberOf(word: Word): number {
    const number = this.numbers.get(word) ?? within(this.words.push(word) - 1)
    this.numbers.set(word, number)
    return number
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
    let step = this.pairs.of(keyOf(text.charCodeAt(at), text.charCodeAt(at + 1)))
    let word = 0
    let end = at + 1
    for (let next = at + 2; step !== 0; next += 1) {
      if ((step & 0xffff) !== 0) {
        word = step & 0xffff
        end = next
      }
      const node = step >>> 16
      step = node === 0 || next >= text.length ? 0 : this.edges.of(keyOf(node, text.charCodeAt(next)))
    }
    const known = this.words[word] ?? null
    if (known !== null) found(known, at, end)
    return end
  }
}

/** A hash table of steps: the node that a step leads to (high 16 bits; 0: no word goes on) and the word that ends there. */
class Steps {
  /** Key and step side by side, because reading memory is what a search costs. */
  private readonly slots: Uint32Array
  private readonly shift: number

  constructor(most: number) {
    // At most half full, because a search that finds nothing goes on to the next free slot.
    const bits = Math.ceil(Math.log2(most * 2 + 2))
    this.shift = 32 - bits
    this.slots = new Uint32Array(2 ** (bits + 1))
  }

  /** 0 where there is none. */
  of(key: number): number {
    return this.slots[this.slotOf(key) + 1] ?? 0
  }

  set(key: number, step: number): void {
    const slot = this.slotOf(key)
    this.slots[slot] = key
    this.slots[slot + 1] = step
  }

  /** Where the key stands, or would stand. */
  private slotOf(key: number): number {
    const { slots } = this
    const mask = slots.length - 1
    let slot = (Math.imul(key, 0x9e3779b1) >>> this.shift) << 1
    while (slots[slot] !== key && slots[slot + 1] !== 0) slot = (slot + 2) & mask
    return slot
  }
}

function within(number: number): number {
  if (number > mostNumbers) throw new Error('the words have more beginnings than the table can number')
  return number
}

function beginning(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 16
}

function keyOf(one: number, next: number): number {
  return ((one << 16) | next) >>> 0
}
