import { findHistory, type HistoryStart, ownBelow } from './quoted-history.ts'
import { saysMore, splitSignature } from './signature.ts'

/** What the header says of a mail's relation to others. */
export interface Relation {
  readonly isReply: boolean
  readonly isForward: boolean
}

export interface OwnWords {
  readonly text: string
  /** Null where none was cut off. */
  readonly signature: string | null
  /** The writer's own part before anything was kept or cut, for facts that only the writer's words may give. */
  readonly written: string
  readonly notes: readonly string[]
}

/**
 * The writer's words without quoted history and signature. What is doubtful stays, with a note: a forwarded
 * text, answers between quoted lines, history in a mail that answers none or under a line that the writer may
 * have written, and everything where cutting would leave nothing.
 */
export function ownWords(text: string, relation: Relation): OwnWords {
  const lines = text.split('\n')
  const start = findHistory(lines)
  if (start === null) return withoutSignature(text, [])
  const above = lines.slice(0, start.from).join('\n').trim()
  if (start.mark === 'forward' || relation.isForward)
    return { ...whole(text, above), notes: ['forwarded-text-kept'] }
  if (!relation.isReply || !start.isCertain) return { ...whole(text, above), notes: ['history-uncertain'] }
  return replied(text, above, lines, start)
}

function replied(text: string, above: string, lines: readonly string[], start: HistoryStart): OwnWords {
  const { own, isInterleaved } =
    start.mark === 'attribution' ? ownBelow(lines.slice(start.below)) : { own: [], isInterleaved: false }
  if (isInterleaved) return { ...withoutSignature(text, ['inline-answers-kept']), written: above }
  const words = [above, own.join('\n').trim()].filter((part) => part !== '').join('\n\n')
  const kept = withoutSignature(words, ['quoted-history-cut'])
  if (!saysMore(kept.text)) return { ...whole(text, above), notes: ['only-quoted-text'] }
  return kept
}

function withoutSignature(text: string, notes: readonly string[]): OwnWords {
  const split = splitSignature(text)
  const all = split.signature === null ? notes : [...notes, 'signature-cut']
  return { text: split.text, signature: split.signature, written: text, notes: all }
}

function whole(text: string, written: string) {
  return { text, signature: null, written }
}
