import { Converter } from 'opencc-js/t2cn'

const firstHan = 0x4e00
const lastHan = 0x9fff

/** Each Han character of the basic block in its simplified form. */
const simplified = simplifiedForms()

function simplifiedForms(): Uint16Array {
  const characters: string[] = []
  for (let code = firstHan; code <= lastHan; code += 1) characters.push(String.fromCharCode(code))
  // One to a line, so that no rule for phrases applies.
  const forms: string[] = Converter({ from: 't', to: 'cn' })(characters.join('\n')).split('\n')
  return Uint16Array.from(forms, (form, at) => (form.length === 1 ? form.charCodeAt(0) : firstHan + at))
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

/** What parts clauses: anything that is neither letter nor digit, but for the point of a number. */
const parting = /(?:[^\p{L}\p{N}\p{M}.]|(?<!\d)\.|\.(?!\d))+/u

/** A text in its folded, simplified form, its clauses parted by {@link clauseEnd}; '' where nothing was said. */
export function foldClauses(text: string, fold: Fold): string {
  const clauses: string[] = []
  for (const clause of text.split(parting)) {
    const folded = clause === '' ? '' : simplify(fold(clause))
    if (folded !== '') clauses.push(folded)
  }
  return clauses.join(clauseEnd)
}

/** All that a report says on one line, for telling whether two say the same; '' where nothing was said. */
export function plainText(
  report: { readonly title: string | null; readonly body: string },
  fold: Fold,
): string {
  return simplify(fold(report.body) || fold(report.title ?? ''))
}
