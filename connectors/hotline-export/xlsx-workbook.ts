import { FileProblem } from './file-problem.ts'
import { isDateFormat } from './sheet-numbers.ts'
import { type Attributes, localName, type XmlEvents, xmlParser } from './xml-events.ts'
import type { ZipEntry } from './zip-directory.ts'
import { partTexts } from './zip-part.ts'

/** A workbook's sheets, and what their cells refer to. */
export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly part: ZipEntry }[]
  readonly is1904: boolean
  readonly sharedTexts: readonly string[]
  /** By the number of a cell's style, whether it shows a date. */
  readonly dateStyles: readonly boolean[]
}

interface Relation {
  readonly id: string
  /** The last word of its type: the same in both forms of the standard. */
  readonly type: string
  /** Path in the archive. */
  readonly target: string
}

/** The parts of an XLSX by their paths, in whatever case. */
export class Parts {
  readonly #bytes: Uint8Array
  readonly #entries: ReadonlyMap<string, ZipEntry>

  constructor(bytes: Uint8Array, entries: readonly ZipEntry[]) {
    this.#bytes = bytes
    this.#entries = new Map(entries.map((entry) => [pathKey(entry.name), entry]))
  }

  find(path: string): ZipEntry | undefined {
    return this.#entries.get(pathKey(path))
  }

  /** Reads a part to its end. */
  async read(entry: ZipEntry, events: XmlEvents): Promise<void> {
    const parser = xmlParser(events)
    for await (const text of partTexts(this.#bytes, entry)) parser.write(text)
    parser.end()
  }

  async relationsOf(path: string): Promise<readonly Relation[]> {
    const slash = path.lastIndexOf('/') + 1
    const folder = path.slice(0, slash)
    const entry = this.find(`${folder}_rels/${path.slice(slash)}.rels`)
    const relations: Relation[] = []
    const open = (name: string, { Id = '', Type = '', Target = '' }: Attributes) => {
      if (name !== 'Relationship') return
      relations.push({
        id: Id,
        type: Type.slice(Type.lastIndexOf('/') + 1),
        target: resolved(folder, Target),
      })
    }
    if (entry !== undefined) await this.read(entry, { open })
    return relations
  }
}

/** The path of the workbook; null in an archive that holds none. */
export async function findWorkbook(parts: Parts): Promise<string | null> {
  const root = await parts.relationsOf('')
  const { target } = root.find(({ type }) => type === 'officeDocument') ?? { target: 'xl/workbook.xml' }
  return isWorkbook(target) && parts.find(target) !== undefined ? target : null
}

/** Whether a path in the archive is that of a workbook part; XLSX files may name it otherwise than xl/workbook.xml. */
export function isWorkbook(path: string): boolean {
  return /(?:^|\/)workbook[^/]*\.xml$/i.test(path)
}

/** @throws FileProblem FILE_UNREADABLE where a part is missing or damaged */
export async function readWorkbook(parts: Parts, path: string): Promise<Workbook> {
  const relations = await parts.relationsOf(path)
  const named: { readonly name: string; readonly id: string }[] = []
  let is1904 = false
  const open = (name: string, attributes: Attributes) => {
    if (name === 'workbookPr') is1904 = /^(?:1|true|on)$/.test(attributes.date1904 ?? '')
    if (name !== 'sheet') return
    const [, id = ''] = Object.entries(attributes).find(([key]) => localName(key) === 'id') ?? []
    named.push({ name: attributes.name ?? '', id })
  }
  await parts.read(partOf(parts, path), { open })
  const byId = new Map(relations.map((relation) => [relation.id, relation]))
  const known = new Set<ZipEntry>()
  const sheets = named.flatMap(({ name, id }) => {
    const relation = byId.get(id)
    // Charts and macros have sheets of their own, without cells.
    if (relation !== undefined && relation.type !== 'worksheet') return []
    const part = partOf(parts, relation?.target ?? '')
    // No program writes a sheet under two names: a few bytes each would have it read any number of times.
    if (known.has(part)) return []
    known.add(part)
    return [{ name, part }]
  })
  const target = (type: string) => relations.find((relation) => relation.type === type)?.target
  const sharedTexts = await readSharedTexts(parts, target('sharedStrings'))
  return { sheets, is1904, sharedTexts, dateStyles: await readDateStyles(parts, target('styles')) }
}

async function readSharedTexts(parts: Parts, path: string | undefined): Promise<readonly string[]> {
  if (path === undefined) return []
  const texts: string[] = []
  const text = new RunText()
  await parts.read(partOf(parts, path), {
    open: (name) => text.open(name, 'si'),
    text: (piece) => text.add(piece),
    close: (name) => {
      text.close(name)
      if (name === 'si') texts.push(text.take())
    },
  })
  return texts
}

async function readDateStyles(parts: Parts, path: string | undefined): Promise<readonly boolean[]> {
  const entry = path === undefined ? undefined : parts.find(path)
  if (entry === undefined) return []
  const codes = new Map<number, string>()
  const styles: boolean[] = []
  let isOfCells = false
  const open = (name: string, attributes: Attributes) => {
    const id = Number(attributes.numFmtId ?? 0)
    if (name === 'numFmt') codes.set(id, attributes.formatCode ?? '')
    // Those of named styles stand before it.
    else if (name === 'cellXfs') isOfCells = true
    else if (name === 'xf' && isOfCells) styles.push(isDateFormat(id, codes.get(id)))
  }
  await parts.read(entry, { open })
  return styles
}

/** Collects the text of a shared or inline string: all its runs, and not how they are pronounced (`rPh`). */
export class RunText {
  #text = ''
  #isOpen = false
  #isSaid = true

  /** `whole`: the element that holds it. */
  open(name: string, whole: 'si' | 'is'): void {
    if (name === whole) this.#text = ''
    else if (name === 'rPh') this.#isSaid = false
    else if (name === 't') this.#isOpen = this.#isSaid
  }

  add(piece: string): void {
    if (this.#isOpen) this.#text += piece
  }

  close(name: string): void {
    if (name === 't') this.#isOpen = false
    else if (name === 'rPh') this.#isSaid = true
  }

  take(): string {
    const text = unescaped(this.#text)
    this.#text = ''
    return text
  }
}

/** Characters that XML cannot hold stand as `_x000D_` (ECMA-376 Part 1, 22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([\da-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function partOf(parts: Parts, path: string): ZipEntry {
  const part = parts.find(path)
  if (part !== undefined) return part
  throw new FileProblem('FILE_UNREADABLE', { format: 'XLSX', reason: 'a part of it is missing' })
}

function resolved(folder: string, target: string): string {
  const path: string[] = target.startsWith('/') ? [] : folder.split('/').filter((name) => name !== '')
  for (const name of target.split('/')) {
    if (name === '..') path.pop()
    else if (name !== '' && name !== '.') path.push(name)
  }
  return path.join('/')
}

function pathKey(path: string): string {
  return path.replace(/^\//, '').toLowerCase()
}
