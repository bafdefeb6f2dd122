import type { Note } from './notes.ts'
import { beginning, foldWidth } from './text.ts'
import type { Kind } from './ticket.ts'

export interface KindReading {
  readonly kind: Kind
  /** `kind-unknown:<word>`, `kind-several:<word>`, or null. */
  readonly note: Note | null
}

/** Words of 12345 centres and boards for the seven kinds (GB/T 33358-2016 names the first six). */
const words: readonly (readonly [string, Kind])[] = [
  ['举报', 'report'],
  ['检举', 'report'],
  ['揭发', 'report'],
  ['投诉', 'complaint'],
  ['申诉', 'complaint'],
  ['控告', 'complaint'],
  ['抱怨', 'complaint'],
  ['维权', 'complaint'],
  ['咨询', 'consultation'],
  ['询问', 'consultation'],
  ['查询', 'consultation'],
  ['问询', 'consultation'],
  ['求助', 'help'],
  ['求决', 'help'],
  ['求救', 'help'],
  ['救助', 'help'],
  ['帮助', 'help'],
  ['报修', 'help'],
  ['建议', 'suggestion'],
  ['建言', 'suggestion'],
  ['献策', 'suggestion'],
  ['意见', 'suggestion'],
  ['表扬', 'praise'],
  ['感谢', 'praise'],
  ['致谢', 'praise'],
  ['赞扬', 'praise'],
  ['点赞', 'praise'],
  ['consultation', 'consultation'],
  ['inquiry', 'consultation'],
  ['help', 'help'],
  ['complaint', 'complaint'],
  ['report', 'report'],
  ['suggestion', 'suggestion'],
  ['praise', 'praise'],
]
const exact = new Map<string, Kind>(words)

/** The kind that a text names which says nothing else; null for any other. */
export function kindNamed(text: string | null): Kind | null {
  return exact.get(text ?? '') ?? null
}

/** Reads the cell that says what kind of report it is. Without one the kind is `other`, without a note. */
export function readKind(cell: string | null): KindReading {
  const known = kindNamed(cell)
  if (known !== null) return { kind: known, note: null }
  const word = foldWidth(cell ?? '')
    .replace(/\s+/g, '')
    .toLowerCase()
  if (word === '' || /^(?:其[他它](?:诉求|事项)?类?件?|other|无|[-/]+)$/.test(word))
    return { kind: 'other', note: null }
  const found = words
    .map(([name, kind]) => ({ kind, at: word.indexOf(name) }))
    .filter(({ at }) => at >= 0 && word.charAt(at - 1) !== '非')
    .sort((a, b) => a.at - b.at)
  const [first] = found
  if (!first) return { kind: 'other', note: `kind-unknown:${beginning(word, 16)}` }
  const isSeveral = found.some(({ kind }) => kind !== first.kind)
  return { kind: first.kind, note: isSeveral ? `kind-several:${beginning(word, 16)}` : null }
}
