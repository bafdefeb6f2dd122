import { htmlText } from '../html.ts'

const names =
  'a|abbr|b|big|blockquote|br|center|code|col|colgroup|dd|del|div|dl|dt|em|figure|font|h[1-6]|hr|i|img|ins|label|li|o:p|ol|p|pre|s|section|small|span|strike|strong|style|script|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|video'
/** A line break, a paragraph, an end tag, or a start tag with an attribute: nobody types these about a street lamp. */
const markup = new RegExp(
  `<(?:br|hr|p)\\s*/?>|</(?:${names})\\s*>|<(?:${names})\\s+[\\w:-]+\\s*=\\s*["']`,
  'i',
)
const entity = /&(?:nbsp|ensp|emsp|quot|amp|lt|gt|[lr][sd]quo|hellip|mdash|middot|#\d{2,6}|#x[\da-f]{2,5});/i
const block = /<(?:p|div|table|tr|li|ul|ol|h[1-6])\b/i
const noTag = new RegExp(`<(?!/?(?:${names})(?:[\\s/>]|$)|!--)`, 'gi')

/**
 * The text of a cell that a web editor's HTML was exported into (message boards do that); null for any other
 * cell. What only looks like a tag, such as `<name@example.com>`, stays.
 */
export function readHtmlCell(cell: string): string | null {
  if (!cell.includes('<') && !cell.includes('&')) return null
  if (!markup.test(cell) && !entity.test(cell)) return null
  const html = cell.replace(noTag, '&lt;')
  // Line ends mean nothing between blocks; beside mere breaks they are the writer's own.
  const { text } = htmlText(block.test(html) ? html : html.replace(/(?:<br\s*\/?>)?\r?\n/gi, '<br>'))
  return text.trim() === '' ? null : text
}
