import { type Document, type Scalar, visit, type YAMLError } from 'yaml'
import type { LocalText } from './locale.ts'
import {
  dashText,
  deeperText,
  environmentText,
  openQuoteText,
  starText,
  strangeText,
  wideQuotesText,
  yamlText,
} from './yaml-texts.ts'

/** What is wrong with a file's syntax, and at which offset. */
export interface YamlComplaint {
  readonly at: number
  readonly text: LocalText
}

/** One slip of syntax can make hundreds of complaints; the first ones lead to it. */
const maxComplaints = 10

interface Parsed {
  readonly source: string
  readonly document: Document
  readonly errors: readonly YAMLError[]
}

/** What the parser complains of, as whoever wrote the file probably meant it. */
export function yamlComplaints(document: Document, source: string): readonly YamlComplaint[] {
  const errors = [...document.errors, ...document.warnings].slice(0, maxComplaints)
  const strange = errors.flatMap((error) => strangeCharacter(source, error) ?? [])
  // What follows one is read otherwise than it was meant.
  if (strange.length > 0) return strange
  return errors.flatMap((error) => complaintsOf(error, { source, document, errors }))
}

function complaintsOf(
  { code, pos: [at] }: YAMLError,
  { source, document, errors }: Parsed,
): readonly YamlComplaint[] {
  const isOneLine = (from: number, to: number) => !source.slice(from, to).includes('\n')
  // A line that is too deep makes keys of the lines below it, too.
  const follows = errors.some(({ pos }) => pos[0] < at && isOneLine(Math.max(pos[0], pos[1] - 1), at))
  const alsoIs = (other: YAMLError['code']) =>
    errors.some((error) => error.code === other && error.pos[0] === at)
  switch (code) {
    case 'DUPLICATE_KEY':
      // After a key without a value the parser takes the end of that line for the beginning of the next key.
      return [{ at: nextText(source, at), text: yamlText(code) }]
    case 'MISSING_CHAR': {
      const quote = openQuote(document, at)
      if (quote !== null) return [{ at: quote, text: openQuoteText }]
      // A line of a list's entry that stands too far left.
      const isIndentation = source[at] === ' '
      return isIndentation
        ? [{ at: nextText(source, at), text: yamlText('BAD_INDENT') }]
        : [{ at, text: yamlText(code) }]
    }
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (follows) return []
      if (!alsoIs('MULTILINE_IMPLICIT_KEY')) break
      const dash = inLine(source, at, /^[ \t]*(?=-[^\s-])/)
      if (dash !== null) return [{ at: dash, text: dashText }]
      return [{ at: nextText(source, source.indexOf('\n', at)), text: deeperText }]
    }
    case 'MULTILINE_IMPLICIT_KEY':
      if (follows || alsoIs('BLOCK_AS_IMPLICIT_KEY')) return []
      break
    case 'BAD_ALIAS':
    case 'UNEXPECTED_TOKEN': {
      const star = inLine(source, at, /^[^#"']*?(?:[:-][ \t]+|[[{,][ \t]*)(?=\*)/)
      if (star !== null) return [{ at: star, text: starText }]
    }
  }
  return [{ at, text: yamlText(code) }]
}

/** Where in the line of an offset a text ends that begins it; null where none does. */
function inLine(source: string, offset: number, beginning: RegExp): number | null {
  const start = source.lastIndexOf('\n', offset - 1) + 1
  const line = source.slice(start).split('\n', 1)[0] ?? ''
  const [found] = beginning.exec(line) ?? []
  return found === undefined ? null : start + found.length
}

function nextText(source: string, offset: number): number {
  return offset + source.slice(offset).search(/\S|$/)
}

/** Where the quoted text begins that ends at this offset for want of a quote. */
function openQuote(document: Document, offset: number): number | null {
  let start: number | null = null
  visit(document, {
    Scalar: (_key, { type, range }) => {
      if (range?.[1] === offset && /^QUOTE/.test(type ?? '')) start = range[0]
    },
  })
  return start
}

const key = '["\']?[A-Za-z]\\w*["\']?[ \\t]*:?'
/** Before or after the key of a line, at the beginning of its value, or between values in brackets. */
const strangePlaces = {
  key: new RegExp(`^[ \\t-]*(?:${key})?(?=[：－–—＃\\u00A0\\u200B\\u2060\\u3000\\uFEFF])`),
  bracket: new RegExp(`^[ \\t-]*(?:${key}[ \\t]+)?(?=[｛［])`),
  comma: /^[^[{]*[[{][^，]*(?=，)/,
}

/**
 * What an input method or a copied page leaves in the place of a colon, a dash, a bracket, a comma or a space, where
 * YAML's own would stand.
 */
function strangeCharacter(source: string, { code, pos: [offset] }: YAMLError): YamlComplaint | null {
  const at =
    inLine(source, offset, strangePlaces.key) ??
    inLine(source, offset, strangePlaces.bracket) ??
    (code === 'BLOCK_IN_FLOW' ? inLine(source, offset, strangePlaces.comma) : null)
  return at === null ? null : { at, text: strangeText(source.charAt(at)) }
}

/** What a text was probably meant to be that YAML takes as it stands; null where nothing speaks for that. */
export function misreading(text: string, type: Scalar['type']): LocalText | null {
  if (type === 'PLAIN' && /^[“”‘’＂＇].*[“”‘’＂＇]$/s.test(text)) return wideQuotesText
  return /^\$[A-Z_][A-Z0-9_]*$/.test(text) ? environmentText.unbraced : null
}
