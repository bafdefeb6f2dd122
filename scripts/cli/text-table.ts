import stringWidth from 'string-width'

/** Rows as aligned columns; a Chinese character takes two places. `columns` cuts the last cell to the terminal's width. */
export function textTable(
  rows: readonly (readonly string[])[],
  columns: number | null = null,
): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(oneLine(cell)))
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) =>
      padEnd(oneLine(cell), index === row.length - 1 ? 0 : (widths[index] ?? 0)),
    )
    const line = cells.join('  ').trimEnd()
    return columns === null ? line : cut(line, columns)
  })
}

/** Between Chinese characters a line may break, but not before closing marks nor behind opening ones. */
const pieces = /\s+|[（“]*\p{Script=Han}[，。、；：！？）”]*|[^\s\p{Script=Han}]+/gu

/** A text as lines of at most this width; null: as one line. A word that is longer stays whole. */
export function wrapped(text: string, columns: number | null, indent = ''): readonly string[] {
  if (columns === null) return [indent + text]
  const lines: string[] = []
  let line = ''
  for (const [piece] of text.matchAll(pieces)) {
    if (line.trim() !== '' && stringWidth(indent + line + piece.trimEnd()) > columns) {
      lines.push(indent + line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  return [...lines, indent + line.trimEnd()]
}

/** A text cut to a width, with `…` where something is left out. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let taken = ''
  let used = 1
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment)
    if (used > width) break
    taken += segment
  }
  return `${taken}…`
}

/** Control characters could move the cursor or fake other lines: they are shown as a space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
