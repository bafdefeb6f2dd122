import type { DomNode, FormatCallback, RecursiveCallback } from 'html-to-text'
import { breakKeptLines } from './html-lines.ts'

type Builder = Parameters<FormatCallback>[2]

/** Up to here a row reads well on one line; beyond, the table is layout and its cells go below each other. */
const maxCellLength = 300
const maxCellLines = 4

const groups = new Set(['thead', 'tbody', 'tfoot', 'center'])

/** What html-to-text keeps of a finished cell. */
interface Cell {
  readonly text: string
}

/** Rows on one line each, cells separated by ` | `. Content that stands in no cell is kept as a row of its own. */
export const tableRows: FormatCallback = (element, walk, builder) => {
  breakKeptLines(element)
  builder.openTable()
  for (const child of element.children ?? []) formatRow(child, walk, builder)
  const closing = { leadingLineBreaks: 1, trailingLineBreaks: 1, tableToString }
  builder.closeTable(closing)
}

function formatRow(node: DomNode, walk: RecursiveCallback, builder: Builder): void {
  if (isBlank(node)) return
  if (groups.has(node.name ?? '')) {
    for (const child of node.children ?? []) formatRow(child, walk, builder)
    return
  }
  builder.openTableRow()
  const cells = node.name === 'tr' ? (node.children ?? []).filter((child) => !isBlank(child)) : [node]
  for (const cell of cells) {
    breakKeptLines(cell)
    builder.openTableCell()
    walk(cell.name === 'td' || cell.name === 'th' ? cell.children : [cell], builder)
    builder.closeTableCell()
  }
  builder.closeTableRow()
}

function isBlank(node: DomNode): boolean {
  return node.type !== 'tag' && !(node.type === 'text' && /\S/.test(node.data ?? ''))
}

function tableToString(rows: readonly (readonly Cell[])[]): string {
  return rows
    .map((row) => rowText(row.map((cell) => cell.text.trim())))
    .filter((line) => line !== '')
    .join('\n')
}

function rowText(cells: readonly string[]): string {
  const said = cells.filter((text) => text !== '')
  const isLayout = said.some(
    (text) => text.length > maxCellLength || text.split('\n', maxCellLines).length === maxCellLines,
  )
  if (isLayout || said.length < 2) return said.join('\n')
  return cells.map((text) => text.replace(/\s*\n\s*/g, ' ')).join(' | ')
}
