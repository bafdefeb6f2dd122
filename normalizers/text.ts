import { Buffer } from 'node:buffer'

/** Nothing here is changed by cleaning: ASCII, Han, full-width punctuation, circled numbers. */
const needsCare = /[^\n\t\x20-\x7e\xb7\xd7\u2010-\u2027\u2460-\u249b\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]/
const untidy = /[^\S\n]\n|\n{4}|^\s|\s$/

/**
 * The plain text that a ticket keeps: well-formed, NFC, LF line ends, without control or invisible
 * characters, without spaces at line ends, with at most two blank lines in a row, trimmed.
 * Cleaning twice changes nothing.
 *
 * Full-width punctuation and letters stay: in running Chinese text `，` and `（` are the right forms.
 * Only {@link foldWidth} and the match text fold them.
 * Kept of the invisible: the joiners that hold emoji and Arabic, Indic or Mongolian words together,
 * and variation selectors. Bidi controls go: they change what an officer sees, not what was said.
 */
export function cleanText(raw: string): string {
  const spaced = raw.replaceAll('\xa0', ' ')
  const visible = needsCare.test(spaced) ? dropInvisible(spaced) : spaced
  return untidy.test(visible) ? tidyLines(visible) : visible
}

/** The same for what must stand on one line, such as a title or a name. Null where nothing is left. */
export function cleanLine(raw: string): string | null {
  const text = cleanText(raw)
  const line = /\s/.test(text) ? text.replace(/\s+/g, ' ') : text
  return line === '' ? null : line
}

/** The first characters of a text, none of them cut in two. */
export function beginning(text: string, characters: number): string {
  return [...text.slice(0, 2 * characters)].slice(0, characters).join('')
}

/**
 * Full-width ASCII and wide or non-breaking spaces as plain ASCII, for phones, ids, dates and headers,
 * where `１３８` and `138` mean the same.
 */
export function foldWidth(text: string): string {
  if (!/[\uff01-\uff5e\u3000\xa0]/.test(text)) return text
  return text.replace(/[\uff01-\uff5e]/g, halfWidth).replace(/[\u3000\xa0]/g, ' ')
}

function halfWidth(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0)
}

// C0 and C1 but for \n and \t, soft hyphen, bidi controls, zero width, interlinear marks, noncharacters.
const invisible =
  /[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]/g

// Tag characters spell the flag of a region after a black flag; anywhere else they are hidden text.
const tags = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}|[\u{e0000}-\u{e007f}]/gu

// More marks than any language sets on a letter (UAX #15 §13); normalizing takes the square of their number. A thousand
// at a time: V8 keeps a way back for each, and throws where millions leave it no room.
const heaps = /\p{M}(?<=\p{M}{31})\p{M}{0,999}/gu

function dropInvisible(raw: string): string {
  return (
    raw
      .toWellFormed()
      .replace(/\r\n?|[\x85\u2028\u2029\v\f]/g, '\n')
      .replace(/[\u2007\u202f]/g, ' ')
      .replace(invisible, '')
      .replace(tags, (match) => (match.startsWith('\u{1f3f4}') ? match : ''))
      .replace(/[\u200c\u200d]/g, (joiner, at: number, text: string) => (joins(text, at) ? joiner : ''))
      .replace(heaps, '')
      .normalize('NFC')
      // Some marks become two.
      .replace(heaps, '')
  )
}

const emojiBefore = /(?:\ufe0f|[\p{Extended_Pictographic}\p{Emoji_Modifier}])$/u
const emojiAfter = /^\p{Extended_Pictographic}/u
const scripts = ['Arabic', 'Mongolian', 'Tibetan', 'Devanagari', 'Bengali'].map(
  (name) => `\\p{Script=${name}}`,
)
const letterBefore = new RegExp(`[${scripts.join('')}]$`, 'u')
const letterAfter = new RegExp(`^[${scripts.join('')}]`, 'u')

/** Whether the joiner at this place means something, or only hides. */
function joins(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at)
  const after = text.slice(at + 1, at + 3)
  return (
    (emojiBefore.test(before) && emojiAfter.test(after)) ||
    (letterBefore.test(before) && letterAfter.test(after))
  )
}

function tidyLines(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd())
  return lines
    .join('\n')
    .replace(/\n(?<=\n{4})\n{0,999}/g, '')
    .trim()
}

/** As `heaps`, with the letters that are marks in NFKC: those of sounds in half width. */
const foldedHeaps = /[\p{M}\uff9e\uff9f](?<=[\p{M}\uff9e\uff9f]{31})[\p{M}\uff9e\uff9f]{0,999}/gu

const ignored = /[\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\s]/gu

/** Code unit to its folded form; `drop` leaves it out, `care` sends the whole text the slow way. */
const drop = 0
const care = 0xffff
const folded = new Uint16Array(0x10000).fill(care)

// Only ranges whose characters never combine with a neighbour are decided one by one.
for (const [first, last] of [
  [0x20, 0x7e],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x3000, 0x3029],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xff01, 0xff5e],
] as const) {
  for (let unit = first; unit <= last; unit += 1) folded[unit] = foldUnit(unit)
}
folded[0x09] = drop
folded[0x0a] = drop
folded[0x0d] = drop

function foldUnit(unit: number): number {
  if (unit >= 0x4e00 && unit <= 0x9fff) return unit
  const form = foldSlowly(String.fromCharCode(unit))
  if (form === '') return drop
  return form.length === 1 && !/[\p{M}\ud800-\udfff]/u.test(form) ? form.charCodeAt(0) : care
}

/**
 * The form in which texts are compared: NFKC, lower case, without whitespace, punctuation and invisible
 * characters. `关于 ＡＢＣ小区！` and `关于abc小区` are one. Symbols and emoji count. Empty where nothing
 * but punctuation was said: such a text equals no other.
 */
export function matchText(text: string): string {
  const units = text.length <= scratch.length ? scratch : new Uint16Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = folded[text.charCodeAt(at)] ?? care
    if (unit === care) return foldSlowly(text)
    if (unit !== drop) units[length++] = unit
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le')
}

/** Where texts of usual length are folded: memory outside the heap for each would wait for the collector. */
const scratch = new Uint16Array(16 * 1024)

function foldSlowly(text: string): string {
  const form = text.toWellFormed().replace(foldedHeaps, '').normalize('NFKC').toLowerCase().normalize('NFKC')
  return form.replace(ignored, '').normalize('NFKC')
}
