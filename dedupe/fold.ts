import { Buffer } from 'node:buffer'
import forms from './simplified.json' with { type: 'json' }

const firstHan = 0x4e00
const lastHan = 0x9fff

/** Each Han character of the basic block in its simplified form. */
const simplified = simplifiedForms()

function simplifiedForms(): Uint16Array {
  const table = Uint16Array.from({ length: lastHan - firstHan + 1 }, (_, at) => firstHan + at)
  for (let at = 0; at < forms.traditional.length; at += 1)
    table[forms.traditional.charCodeAt(at) - firstHan] = forms.simplified.charCodeAt(at)
  return table
}

/** Text in simplified characters, one for one: 請問 and 请问 become the same. Other characters stay. */
export function simplify(text: string): string {
  let folded = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < firstHan || code > lastHan) continue
    const form = simplified[code - firstHan] ?? code
    if (form === code) continue
    folded += text.slice(from, at) + String.fromCharCode(form)
    from = at + 1
  }
  return from === 0 ? text : folded + text.slice(from)
}

/** Folds away what does not tell texts apart (width, case, spaces, punctuation); `matchText` of the normalizers. */
export type Fold = (text: string) => string

/** Between two clauses of folded text. */
export const clauseEnd = '\n'
const clauseEndCode = clauseEnd.charCodeAt(0)

/**
 * What parts clauses: anything that is neither letter nor digit, but for the point of a number. One at a time: V8 keeps a
 * way back for each of a run, and throws where millions leave it no room.
 */
const parting = /[^\p{L}\p{N}\p{M}.]|(?<!\d)\.|\.(?!\d)/u

/** A space that sets figures or Latin letters off from the Han characters beside them parts nothing: 15 路. */
const spacing =
  /(?<=[\da-z０-９ａ-ｚ])[ \u00a0]+(?=\p{Script=Han})|(?<=\p{Script=Han})[ \u00a0]+(?=[\da-z０-９ａ-ｚ])/giu

/** Looked for first, because most texts have none, and {@link spacing} looks at every character. */
const space = /[ \u00a0]/

/** A text in its folded, simplified form, its clauses parted by {@link clauseEnd}; '' where nothing was said. */
export function foldClauses(text: string, fold: Fold): string {
  const close = space.test(text) ? text.replace(spacing, '') : text
  return foldPlain(close, formsBy(fold)) ?? foldAny(text, fold)
}

/** Any text, by the rules themselves. */
export function foldAny(text: string, fold: Fold): string {
  const clauses: string[] = []
  for (const clause of text.replace(spacing, '').split(parting)) {
    const folded = clause === '' ? '' : simplify(fold(clause))
    if (folded !== '') clauses.push(folded)
  }
  return clauses.join(clauseEnd)
}

/** Characters that stand for themselves whatever is beside them: nearly all that reports are written with. */
const plainRanges = [
  ...[
    [0x09, 0x0d],
    [0x20, 0x7e],
    [0x2010, 0x2027],
    [0x3000, 0x3029],
  ],
  ...[
    [firstHan, lastHan],
    [0xff01, 0xff5e],
  ],
] as const
const parts = 0
const unknown = 0xffff
const point = 0x2e

const knownForms = new WeakMap<Fold, Uint16Array>()

/** What each character becomes: `parts`, `unknown`, or its folded and simplified form. */
function formsBy(fold: Fold): Uint16Array {
  const known = knownForms.get(fold)
  if (known !== undefined) return known
  const forms = new Uint16Array(0x10000).fill(unknown)
  for (const [first = 0, last = 0] of plainRanges)
    for (let code = first; code <= last; code += 1) forms[code] = formOf(String.fromCharCode(code), fold)
  knownForms.set(fold, forms)
  return forms
}

function formOf(character: string, fold: Fold): number {
  if (!/[\p{L}\p{N}\p{M}]/u.test(character)) return parts
  const form = simplify(fold(character))
  return form.length === 1 ? form.charCodeAt(0) : unknown
}

/** Room for a text of usual length, in its bytes and its code units. */
const scratch = Buffer.from(new ArrayBuffer(32 * 1024))
const scratchUnits = new Uint16Array(scratch.buffer, scratch.byteOffset, scratch.length >> 1)

/** The same as {@link foldAny} in one pass; null for a text that is long or has characters not known beforehand. */
function foldPlain(text: string, forms: Uint16Array): string | null {
  // Between two characters at most one end of a clause comes to stand.
  if (text.length * 2 > scratchUnits.length) return null
  let size = 0
  let isParted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const form = forms[code] ?? unknown
    if (form === unknown) return null
    if (form === parts) {
      if (code !== point || !isDigit(text.charCodeAt(at - 1)) || !isDigit(text.charCodeAt(at + 1)))
        isParted = true
      continue
    }
    if (isParted && size > 0) scratchUnits[size++] = clauseEndCode
    isParted = false
    scratchUnits[size++] = form
  }
  return scratch.toString('utf16le', 0, size * 2)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** All that a report says on one line, for telling whether two say the same; '' where nothing was said. */
export function plainText(
  report: { readonly title: string | null; readonly body: string },
  fold: Fold,
): string {
  return simplify(fold(report.body) || fold(report.title ?? ''))
}
