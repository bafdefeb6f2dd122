import stringWidth from 'string-width'

/** With less room than this the last cell would tell nothing. */
const leastRoom = 12
const indent = '  '

type Row = readonly string[]

/**
 * Rows as aligned columns; a Chinese character takes two places. Where a row does not fit into the `columns` of the
 * terminal, it goes on in a further line, and its last cell is cut.
 */
export function textTable(rows: readonly Row[], columns: number | null = null): readonly string[] {
  const table = new TextTable(columns)
  table.measure(rows)
  return table.lines(rows)
}

/** The same for rows that are not all there at once: all are measured before the first becomes a line. */
export class TextTable {
  private readonly columns: number | null
  private readonly widths: number[] = []

  /** @param columns of the terminal; null: without one */
  constructor(columns: number | null) {
    this.columns = columns
  }

  measure(rows: readonly Row[]): void {
    for (const row of rows) {
      for (const [index, cell] of row.entries()) {
        // Without a terminal nothing depends on how wide the last cell is, which may be a whole text.
        if (this.columns === null && index === row.length - 1) continue
        this.widths[index] = Math.max(this.widths[index] ?? 0, stringWidth(oneLine(cell)))
      }
    }
  }

  lines(rows: readonly Row[]): readonly string[] {
    const { columns, widths } = this
    const starts = [0, ...foldsOf(widths, columns)]
    return rows.flatMap((row) => {
      const cells = row.map((cell, index) =>
        padEnd(oneLine(cell), index === row.length - 1 ? 0 : (widths[index] ?? 0)),
      )
      const lines = starts.map((start, nth) => {
        const line = `${nth === 0 ? '' : indent}${cells
          .slice(start, starts[nth + 1])
          .join('  ')
          .trimEnd()}`
        return columns === null ? line : cut(line, columns)
      })
      return lines.filter((line, nth) => nth === 0 || line !== indent)
    })
  }
}

/** The columns that begin a further line. */
function foldsOf(widths: readonly number[], columns: number | null): number[] {
  const folds: number[] = []
  if (columns === null) return folds
  let used = 0
  for (const [index, width] of widths.entries()) {
    const needed = index === widths.length - 1 ? Math.min(width, leastRoom) : width
    if (index > 0 && used + needed > columns) {
      folds.push(index)
      used = indent.length
    }
    used += width + 2
  }
  return folds
}

/** Between Chinese characters a line may break, but not before closing marks nor behind opening ones. */
const pieces = /\s+|[（“]*\p{Script=Han}[，。、；：！？）”]*|[^\s\p{Script=Han}]+/gu

/** A text as lines of at most this width; null: as one line. A word that is longer stays whole. */
export function wrapped(text: string, columns: number | null, before = ''): readonly string[] {
  if (columns === null) return [before + text]
  const lines: string[] = []
  let line = ''
  for (const [piece] of text.matchAll(pieces)) {
    if (line.trim() !== '' && stringWidth(before + line + piece.trimEnd()) > columns) {
      lines.push(before + line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  return [...lines, before + line.trimEnd()]
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
  return width === 0 ? text : text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
