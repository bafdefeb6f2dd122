/** What a stretch of text is for telling reports apart. */
export type WordKind = 'matter' | 'frame' | 'generic' | 'place'

/** One matter that a word stands for, and the domain that the matter belongs to, by number. */
export interface Meaning {
  readonly concept: number
  readonly domain: number
}

export interface Word {
  readonly kind: WordKind
  /** Only of matters. */
  readonly meanings: readonly Meaning[]
}

interface Node {
  readonly next: Map<number, Node>
  word: Word | null
}

/** Finds the words of a list in text, longest first, left to right. */
export class Lexicon {
  /** By first character: most characters of a text begin no word. */
  private readonly roots: (Node | undefined)[] = new Array(0x10000)

  /** @param words of at least two characters */
  constructor(words: Iterable<readonly [string, Word]>) {
    for (const [text, word] of words) this.add(text, word)
  }

  private add(text: string, word: Word): void {
    const first = text.charCodeAt(0)
    let node = this.roots[first] ?? { next: new Map(), word: null }
    this.roots[first] = node
    for (let at = 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      let next = node.next.get(code)
      if (next === undefined) {
        next = { next: new Map(), word: null }
        node.next.set(code, next)
      }
      node = next
    }
    node.word ??= word
  }

  /** Calls `found` for each word, never for two that overlap. */
  scan(text: string, found: (word: Word, start: number, end: number) => void): void {
    for (let at = 0; at < text.length; ) {
      let node = this.roots[text.charCodeAt(at)]
      let word: Word | null = null
      let end = at + 1
      for (let next = at + 1; node !== undefined; next += 1) {
        if (node.word !== null) {
          word = node.word
          end = next
        }
        if (next >= text.length) break
        node = node.next.get(text.charCodeAt(next))
      }
      if (word !== null) found(word, at, end)
      at = end
    }
  }
}
