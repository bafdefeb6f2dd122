import { Parser } from 'htmlparser2'
import { FileProblem } from './file-problem.ts'

export type Attributes = Readonly<Record<string, string>>

/** What markup tells as it is read; of XML parts, names are without prefix. */
export interface XmlEvents {
  readonly open: (name: string, attributes: Attributes) => void
  readonly text?: (text: string) => void
  /** Also for elements that are open where the text ends. */
  readonly close?: (name: string) => void
}

/** Far deeper than any table; each level costs the parser as much as there are levels already. */
const maxDepth = 1000

/**
 * A parser that takes the text of an XML part of an XLSX piece by piece.
 * @throws FileProblem FILE_UNREADABLE where elements nest without end
 */
export function xmlParser({ open, text, close }: XmlEvents): MarkupParser {
  return markupParser('XLSX', {
    open: (name, attributes) => open(localName(name), attributes),
    ...(text === undefined ? {} : { text }),
    ...(close === undefined ? {} : { close: (name) => close(localName(name)) }),
  })
}

export type MarkupParser = Pick<Parser, 'write' | 'end'>

/** The same for HTML and XML, with names as they stand. @throws FileProblem as {@link xmlParser} does */
export function markupParser(format: string, { open, text, close }: XmlEvents): MarkupParser {
  let depth = 0
  return new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1
        if (depth > maxDepth)
          throw new FileProblem('FILE_UNREADABLE', { format, reason: 'its elements nest too deep' })
        open(name, attributes)
      },
      onclosetag: (name) => {
        depth -= 1
        close?.(name)
      },
      ...(text === undefined ? {} : { ontext: text }),
    },
    { xmlMode: format !== 'HTML', decodeEntities: true },
  )
}

/** The name of an element or attribute without its namespace prefix: `Row` of `ss:Row`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
