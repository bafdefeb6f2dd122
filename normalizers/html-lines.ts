import type { DomNode } from 'html-to-text'

/** Styles by which the line ends of the source are line ends of the text, as in a `pre`. */
const keeping = /(?:^|[;\s])(?:white-space\s*:\s*(?:pre|break-spaces)|white-space-collapse\s*:\s*preserve)/i
const collapsing = /(?:^|[;\s])white-space\s*:\s*(?:normal|nowrap)/i

/** Elements whose line ends have been made elements: those inside others that keep theirs are not looked at twice. */
const done = new WeakSet<DomNode>()

/** Puts a `br` for each line end inside an element whose style keeps them. Nesting is bounded before parsing. */
export function breakKeptLines(element: DomNode): void {
  if (keeping.test(element.attribs?.style ?? '')) breakLines(element)
}

function breakLines(element: DomNode): void {
  if (done.has(element)) return
  done.add(element)
  const children = element.children ?? []
  element.children = children.flatMap((child) => (child.type === 'text' ? textLines(child) : [child]))
  for (const child of children)
    if (child.type === 'tag' && !collapsing.test(child.attribs?.style ?? '')) breakLines(child)
}

function textLines(text: DomNode): DomNode[] {
  const [first = '', ...rest] = (text.data ?? '').split('\n')
  if (rest.length === 0) return [text]
  const line = (data: string): DomNode => ({ ...text, data })
  return [line(first), ...rest.flatMap((data) => [lineBreak, line(data)])]
}

const lineBreak: DomNode = { type: 'tag', name: 'br', attribs: {}, children: [] }
