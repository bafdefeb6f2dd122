import type { Note } from '../notes.ts'
import { isGreeting, pointing } from './greeting.ts'
import { findHistory, type HistoryStart, ownBelow, type QuotedSplit } from './quoted-history.ts'
import { splitSignature } from './signature.ts'
import { saysMore } from './stamps.ts'

/** What the header says of a mail's relation to others. */
export interface Relation {
  /** By its subject. */
  readonly isReply: boolean
  readonly isForward: boolean
  /** It refers to another mail, as replies do, and forwards of some programs too. */
  readonly isAnswer: boolean
}

/** What the writer says. */
export interface OwnWords {
  readonly text: string
  /** Null where none was cut off. */
  readonly signature: string | null
  /** The writer's own part before anything was kept or cut, for facts that only the writer's words may give. */
  readonly written: string
  readonly notes: readonly Note[]
}

/**
 * The writer's words without quoted history and signature. What is doubtful stays, with a note: a forwarded
 * text, answers between quoted lines or in a quotation that the words point to, history in a mail that answers
 * none or under a line that the writer may have written, and everything where cutting would leave nothing.
 */
export function ownWords(text: string, relation: Relation): OwnWords {
  const lines = text.split('\n')
  const start = findHistory(lines)
  if (start === null) return withoutSignature(text, [])
  const above = lines.slice(0, start.from).join('\n').trim()
  if (start.mark === 'forward' || relation.isForward)
    return { ...whole(text, above), notes: ['forwarded-text-kept'] }
  const quoted = ownBelow(lines, start)
  if (!start.isCertain || !(relation.isReply || (relation.isAnswer && isReplyForm(start, quoted))))
    return { ...whole(text, above), notes: ['history-uncertain'] }
  if (quoted.isInterleaved) return { ...withoutSignature(text, ['inline-answers-kept']), written: above }
  return replied(text, above, quoted.own.join('\n').trim(), lines.slice(start.below))
}

/** An attribution and quote marks are the form of replies alone; a separator or a header begins forwards too. */
function isReplyForm({ mark }: HistoryStart, { isMarked }: QuotedSplit): boolean {
  return mark === 'attribution' && isMarked
}

function replied(text: string, above: string, below: string, quotation: readonly string[]): OwnWords {
  const words = [above, below].filter((part) => part !== '').join('\n\n')
  const kept = withoutSignature(words, ['quoted-history-cut'])
  if (!saysMore(kept.text) || isGreeting(kept.text))
    return { ...whole(text, above), notes: ['only-quoted-text'] }
  if (isAnsweredInside(above, below, quotation))
    return { ...whole(text, above), notes: ['inline-answers-kept'] }
  return kept
}

/** The writer says that the answers are in the quotation, or marked them there. */
function isAnsweredInside(above: string, below: string, quotation: readonly string[]): boolean {
  const to = pointing(above)
  if (to === 'into' || (to === 'below' && below === '')) return true
  return quotation.some((line) => answer.test(line))
}

const answer = /^[\s>＞]*(?:[【[(（](?:答|答复|回答|我的?回答)[】\])）]|(?:我)?答\s?[:：])/

function withoutSignature(text: string, notes: readonly Note[]): OwnWords {
  const split = splitSignature(text)
  const cut: readonly Note[] = split.signature === null ? [] : ['signature-cut']
  return { text: split.text, signature: split.signature, written: text, notes: [...notes, ...cut] }
}

function whole(text: string, written: string) {
  return { text, signature: null, written }
}
