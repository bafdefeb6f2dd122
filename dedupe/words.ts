import { Lexicon } from './lexicon.ts'
import lists from './words.json' with { type: 'json' }

/** What a stretch of text is for telling reports apart, by number; 0: nothing that is known. */
export const wordKinds = { frame: 1, generic: 2, place: 3, matter: 4, division: 5, label: 6 } as const

export interface Word {
  /** One of `wordKinds`. */
  readonly kind: number
  /** What it stands for, only of matters: each concept and its domain, as terms of the statistics. */
  readonly meanings: readonly Meaning[]
}

/** Hashes of the names, so that other concepts can come and go. */
interface Meaning {
  readonly matter: number
  readonly domain: number
}

/** The words of citizens' reports: of matters by concept, of framing, of forms, of every report, and of places. */
export const words = new Lexicon<Word>(allWords())

function* allWords(): Iterable<readonly [string, Word]> {
  const meanings = new Map<string, Meaning[]>()
  const known = new Map<string, Word>()
  // One for all words that stand for the same: a few hundred instead of thousands.
  const wordOf = (kind: number, meanings: readonly Meaning[]): Word => {
    const key = JSON.stringify([kind, meanings])
    const word = known.get(key) ?? { kind, meanings }
    known.set(key, word)
    return word
  }
  for (const [domainName, byConcept] of Object.entries(lists.matters)) {
    const domain = nameHash(`domain ${domainName}`)
    for (const [concept, text] of Object.entries(byConcept as Record<string, string>)) {
      const meaning = { matter: nameHash(concept), domain }
      for (const word of text.split(' ')) meanings.set(word, [...(meanings.get(word) ?? []), meaning])
    }
  }
  for (const [text, found] of meanings) yield [text, wordOf(wordKinds.matter, found)]
  for (const kind of ['frame', 'label', 'generic', 'place'] as const)
    for (const text of lists[kind].split(' ')) yield [text, wordOf(wordKinds[kind], [])]
}

function nameHash(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
