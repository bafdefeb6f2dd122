import { compile, type FormatCallback, type HtmlToTextOptions } from 'html-to-text'
import { withoutData } from './html-data.ts'
import { nestsDeeperThan } from './html-depth.ts'
import { breakKeptLines } from './html-lines.ts'
import { tableRows } from './html-table.ts'
import type { Note } from './notes.ts'

/** Far above any letter. They bound what hostile HTML can cost; what lies beyond is cut and noted. */
const maxLength = 1_000_000
const maxDepth = 400
/** Each of these has all lines inside put together anew, with a mark or a space in front. */
const marking: ReadonlySet<string> = new Set(['blockquote', 'ul', 'ol'])
const maxMarking = 30
const maxLinkLength = 500

/** A link's text, and its address where that says more. Only web addresses: data and script never. */
const link: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder)
  const href = String(element.attribs?.href ?? '').trim()
  if (!/^https?:\/\//i.test(href) || href.length > maxLinkLength) return
  if (!textOf(element).includes(href.replace(/^https?:\/\/|\/$/gi, ''))) builder.addInline(` (${href})`)
}

/** What a picture says in words; its address is of no use to a reader, a data address least. */
const picture: FormatCallback = (element, _walk, builder) => {
  const alt = String(element.attribs?.alt ?? '').trim()
  if (alt !== '') builder.addInline(`[${alt.slice(0, 200)}]`)
}

/** Breaks before and behind an element that stands on lines of its own. */
const ownLine = { leadingLineBreaks: 1, trailingLineBreaks: 1 }

const block: FormatCallback = (element, walk, builder, { leadingLineBreaks = 2, trailingLineBreaks = 2 }) => {
  breakKeptLines(element)
  builder.openBlock({ leadingLineBreaks })
  walk(element.children, builder)
  builder.closeBlock({ trailingLineBreaks })
}

const madeBlock = /(?:^|[;\s])display\s*:\s*(?:block|flex|grid|list-item)\b/i

/** As the library's own, with the lines that an element's style makes. */
const inline: FormatCallback = (element, walk, builder) => {
  if (madeBlock.test(element.attribs?.style ?? '')) return block(element, walk, builder, ownLine)
  breakKeptLines(element)
  walk(element.children, builder)
}

interface Textual {
  readonly data?: unknown
  readonly children?: readonly Textual[]
}

/** Text inside a link, deep enough to see whether it shows its own address. */
function textOf(element: Textual, depth = 0): string {
  if (typeof element.data === 'string') return element.data
  return depth > 3 ? '' : (element.children ?? []).map((child) => textOf(child, depth + 1)).join('')
}

/** A head is not among them: one that is never closed has the body inside. */
const skipped = [...['title', 'head>xml', 'script', 'style', 'template', 'svg', 'embed', '[hidden]']]
/** A declaration in the four ways in which its colon is spaced. */
const spaced = (name: string, value: string): readonly string[] =>
  [':', ': ', ' :', ' : '].map((colon) => `${name}${colon}${value}`)
const contains = (style: string): string => `[style*="${style}" i]`

const hiding = [
  ...[...spaced('display', 'none'), 'mso-hide:all'].map(contains),
  // Editors write `backface-visibility:hidden` beside what is to be seen.
  ...spaced('visibility', 'hidden').flatMap((style) => [
    `[style^="${style}" i]`,
    ...[contains(` ${style}`), contains(`;${style}`)],
  ]),
]

/** Elements that begin a line by themselves, beside those that the library knows as such (HTML §15.3). */
const blocks = [
  ...['address', 'center', 'dd', 'details', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'legend'],
  ...['option', 'summary'],
]

/** How browsers indent what a person writes: a blockquote, but nothing is quoted. */
const indents = [
  'margin:0 0 0 40px',
  'margin: 0 0 0 40px',
  'margin:0px 0px 0px 40px',
  'margin: 0px 0px 0px 40px',
]

const options: HtmlToTextOptions = {
  wordwrap: false,
  // All of it, not only the first <body>: a quoted answer may be a whole document inside the letter.
  baseElements: { selectors: [] },
  limits: { maxDepth, ellipsis: '…' },
  formatters: { inline, block, paragraph: block, link, picture, tableRows },
  // Not the zero-width space, which html-to-text would show as one.
  whitespaceCharacters: ' \t\r\n\f',
  selectors: [
    ...[...skipped, ...hiding].map((selector) => ({ selector, format: 'skip' })),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'p', options: ownLine },
    { selector: 'body', format: 'block' },
    ...blocks.map((selector) => ({ selector, format: 'block', options: ownLine })),
    ...indents.map((style) => ({ selector: `blockquote${contains(style)}`, format: 'block' })),
    { selector: 'table', format: 'tableRows' },
    { selector: 'a', format: 'link' },
    { selector: 'img', format: 'picture' },
  ],
}

const convert = compile(options)

const breaking = [
  ...[...blocks, 'article', 'aside', 'blockquote', 'body', 'br', 'div', 'footer', 'form', 'h[1-6]', 'header'],
  ...['hr', 'li', 'main', 'nav', 'p', 'pre', 'section', 'table'],
]
const breaksLines = new RegExp(`<(?:${breaking.join('|')})\\b|display\\s*:`, 'i')
const keepsLines = /<(?:pre|textarea)\b|white-space/i
const wide = '[\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef]'
const wideLineEnd = new RegExp(`(?<=${wide})[ \\t]*\\r?\\n[ \\t]*(?=${wide})`, 'g')

/**
 * Line ends of the source between wide characters, where Word wraps Chinese, are no spaces (CSS Text 3 §4.1.3). Without
 * any element that breaks lines the text is plain, whatever its sender calls it.
 */
function withSourceLines(html: string): string {
  if (!breaksLines.test(html)) return `<pre>${html}`
  return keepsLines.test(html) ? html : html.replace(wideLineEnd, '')
}

/** Web forms send what was typed as HTML without escaping it: no element is called `<zhang@mail.example>`. */
const bareAddress = /<(?=[\w.+-]{1,64}@[\w-]|https?:\/\/)/gi

/** The two halves of one character, as older programs refer to them. A reader of HTML takes each for an error. */
const halves = /&#(5[56]\d{3});&#(5[67]\d{3});/g

/**
 * HTML as a person would read it. Bounded in time: too much is cut, and nesting that no mail program writes
 * is read without its structure; then `note` says so.
 */
export function htmlText(html: string): { readonly text: string; readonly note: Note | null } {
  const said = html.length > maxLength ? withoutData(Buffer.from(html)).html.toString() : html
  const bounded = said
    .slice(0, maxLength)
    .replace(bareAddress, '&lt;')
    .replace(halves, (_, high, low) => String.fromCharCode(Number(high), Number(low)))
  if (nestsDeeperThan(maxDepth - 100, bounded) || nestsDeeperThan(maxMarking, bounded, marking))
    return { text: withoutTags(bounded), note: 'html-too-deep' }
  return { text: convert(withSourceLines(bounded)), note: said.length > maxLength ? 'html-cut' : null }
}

function withoutTags(html: string): string {
  return html
    .replace(/<(?:script|style)\b[^<>]*>[^<]*/gi, '')
    .replace(/<[^<>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
}
