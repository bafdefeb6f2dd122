import { Parser } from 'htmlparser2'

export type Attributes = Readonly<Record<string, string>>

/** What an XML part tells as it is read; names are without prefix. */
export interface XmlEvents {
  readonly open: (name: string, attributes: Attributes) => void
  readonly text?: (text: string) => void
  /** `isImplied`: the text ended before the element did. */
  readonly close?: (name: string, isImplied: boolean) => void
}

/** A parser that takes the text of an XML part piece by piece. */
export function xmlParser({ open, text, close }: XmlEvents): Pick<Parser, 'write' | 'end'> {
  return new Parser(
    {
      onopentag: (name, attributes) => open(localName(name), attributes),
      ...(text === undefined ? {} : { ontext: text }),
      ...(close === undefined
        ? {}
        : { onclosetag: (name: string, isImplied: boolean) => close(localName(name), isImplied) }),
    },
    { xmlMode: true, decodeEntities: true },
  )
}

/** The name of an element or attribute without its namespace prefix: `Row` of `ss:Row`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
