import { Lexicon, type Meaning, type Word } from './lexicon.ts'
import lists from './words.json' with { type: 'json' }

export type { WordKind } from './lexicon.ts'

/** Names of the concepts, by number. */
export const concepts: string[] = []
const domainNames: string[] = []

/** The words of citizens' reports: of matters by concept, of framing, of every report, and of places. */
export const words = new Lexicon(allWords())

function* allWords(): Iterable<readonly [string, Word]> {
  const meanings = new Map<string, Meaning[]>()
  for (const [domain, byConcept] of Object.entries(lists.matters)) {
    domainNames.push(domain)
    for (const [concept, text] of Object.entries(byConcept as Record<string, string>)) {
      const meaning = { concept: concepts.length, domain: domainNames.length - 1 }
      concepts.push(concept)
      for (const word of text.split(' ')) meanings.set(word, [...(meanings.get(word) ?? []), meaning])
    }
  }
  for (const [word, found] of meanings) yield [word, { kind: 'matter', meanings: found }]
  for (const kind of ['frame', 'generic', 'place'] as const)
    for (const word of lists[kind].split(' ')) yield [word, { kind, meanings: [] }]
}

/** A concept as a term of the statistics; by its name, so that other concepts can come and go. */
export function matterTerm(concept: number): number {
  return matterTerms[concept] ?? 0
}

/** A domain as a term of the statistics. */
export function domainTerm(domain: number): number {
  return domainTerms[domain] ?? 0
}

function nameHash(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

const matterTerms = concepts.map(nameHash)
const domainTerms = domainNames.map((name) => nameHash(`domain ${name}`))
