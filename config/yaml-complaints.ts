import { type Document, type Scalar, visit, type YAMLError } from 'yaml'
import type { LocalText } from './locale.ts'
import {
  commaText,
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
/** After any other, and after a tab, the parser reads what follows otherwise than it was meant, and complains of what is right. */
const lone: ReadonlySet<YAMLError['code']> = new Set([
  'BAD_DQ_ESCAPE',
  'DUPLICATE_KEY',
  'MULTIPLE_DOCS',
  'TAB_AS_INDENT',
  'TAG_RESOLVE_FAILED',
])

/** What the parser complains of, as whoever wrote the file probably meant it. */
export function yamlComplaints(document: Document, source: string): readonly YamlComplaint[] {
  const errors = [...document.errors, ...document.warnings]
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .slice(0, maxComplaints)
  if (errors.length === 0) return []
  const strange = strangeCharacters(source, errors)
  if (strange.length > 0) return strange
  const hasTab = errors.some(({ code }) => code === 'TAB_AS_INDENT')
  const first = hasTab ? null : errors.find(({ code }) => !lone.has(code))
  return errors
    .filter((error) => error === first || lone.has(error.code))
    .map((error) => complaintOf(error, { source, document, errors }))
}

interface Parsed {
  readonly source: string
  readonly document: Document
  readonly errors: readonly YAMLError[]
}

function complaintOf(
  { code, message, pos: [at] }: YAMLError,
  { source, document, errors }: Parsed,
): YamlComplaint {
  const isMisplaced = source[at] === ' ' || source.startsWith('- ', at)
  const misplaced = { at: nextText(source, at), text: yamlText('BAD_INDENT') }
  switch (code) {
    case 'DUPLICATE_KEY':
      // After a key without a value the parser takes the end of that line for the beginning of the next key.
      return { at: nextText(source, at), text: yamlText(code) }
    case 'MISSING_CHAR': {
      // Where a comma is missing, a text in quotes may end here too, and its quotes are right.
      const quote = message.startsWith('Missing closing') ? openQuote(document, at) : null
      if (quote !== null) return { at: quote, text: openQuoteText }
      if (isMisplaced) return misplaced
      break
    }
    case 'BAD_INDENT': {
      const tab = inLine(source, at, /^ *(?=\t)/)
      if (tab !== null) return { at: tab, text: yamlText('TAB_AS_INDENT') }
      if (isMisplaced) return misplaced
      break
    }
    case 'BLOCK_IN_FLOW':
    case 'MULTILINE_IMPLICIT_KEY': {
      const next = nextName(source, at)
      const isInBraces = errors.some((other) => other.code === 'BLOCK_IN_FLOW' && other.pos[0] === at)
      if (isInBraces && next !== null) return { at: next, text: commaText }
      break
    }
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (isMisplaced) return misplaced
      const isOfTwoLines = ({ code: other, pos }: YAMLError) =>
        other === 'MULTILINE_IMPLICIT_KEY' && pos[0] === at
      if (!errors.some(isOfTwoLines)) break
      const dash = inLine(source, at, /^[ \t]*(?=-[^\s-])/)
      if (dash !== null) return { at: dash, text: dashText }
      return { at: nextText(source, source.indexOf('\n', at)), text: deeperText }
    }
    case 'BAD_ALIAS':
    case 'UNEXPECTED_TOKEN': {
      const sign = inLine(source, at, /^[^#"']*?(?:[:-][ \t]+|[[{,][ \t]*)(?=\*|[|>][^\s\d+-])/)
      if (sign === null) break
      return { at: sign, text: source[sign] === '*' ? starText : yamlText('BAD_SCALAR_START') }
    }
  }
  return { at, text: yamlText(code) }
}

/** Where in the line of an offset a text ends that begins it; null where none does. */
function inLine(source: string, offset: number, beginning: RegExp): number | null {
  const start = source.lastIndexOf('\n', offset - 1) + 1
  const line = source.slice(start).split('\n', 1)[0] ?? ''
  const [found] = beginning.exec(line) ?? []
  return found === undefined ? null : start + found.length
}

/** A value in quotes or without, and a next `name:` behind it. */
const beforeNextName =
  /^(?:"[^"\n]*"[ \t]*|'[^'\n]*'[ \t]*|[^\s"'[\]{},-][^\n"'[\]{},]*?)(?:\n[ \t]*)?(?<=\s)(?=[A-Za-z]\w*:\s)/

/** Where the next `name:` begins behind a value and no comma; null where none does. */
function nextName(source: string, value: number): number | null {
  const [found] = beforeNextName.exec(source.slice(value)) ?? []
  return found === undefined ? null : value + found.length
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
/** Before or after the key of a line. */
const besideKey = new RegExp(`^[ \\t-]*(?:${key})?(?=[：－–—＃\\u00A0\\u200B\\u2060\\u3000\\uFEFF])`, 'gm')
const beforeValue = new RegExp(`^[ \\t-]*(?:${key}[ \\t]+)?(?=[｛［])`)
const betweenValues = /^[^[{]*[[{][^，]*(?=，)/

/**
 * What an input method or a copied page leaves in the place of a colon, a dash, a bracket, a comma or a space, where
 * YAML's own would stand.
 */
function strangeCharacters(source: string, errors: readonly YAMLError[]): readonly YamlComplaint[] {
  const keys = source.matchAll(besideKey).map(({ index, 0: before }) => index + before.length)
  const values = errors.flatMap(({ code, pos: [at] }) => {
    // What follows a text in quotes is no part of it.
    if ((code === 'MISSING_CHAR' || code === 'UNEXPECTED_TOKEN') && /[，、；：]/.test(source.charAt(at)))
      return at
    const isComma = code === 'BLOCK_IN_FLOW'
    return inLine(source, at, beforeValue) ?? (isComma ? inLine(source, at, betweenValues) : null) ?? []
  })
  return [...keys.take(maxComplaints), ...values].map((at) => ({ at, text: strangeText(source.charAt(at)) }))
}

/** What a text was probably meant to be that YAML takes as it stands; null where nothing speaks for that. */
export function misreading(text: string, type: Scalar['type']): LocalText | null {
  if (type === 'PLAIN' && /^[“”‘’＂＇][^“”‘’＂＇]*[“”‘’＂＇]$/.test(text)) return wideQuotesText
  // Where "$" is typed, a Chinese input method gives "￥".
  const isVariable =
    /^(?:(?:sqlite:|file:)?\$[A-Z_][A-Z0-9_]*(?:\/.*)?|(?!\$\{\w+\})[$＄￥¥][{｛][A-Za-z_]\w*[}｝])$/.test(
      text,
    )
  if (isVariable) return environmentText.unbraced
  // The shell's; the program would make a folder of this name.
  return /^(?:sqlite:|file:)?~\//.test(text) ? environmentText.home : null
}
