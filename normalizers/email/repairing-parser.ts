import { PassThrough, type Transform } from 'node:stream'
import { type Headers, MailParser, type MailParserOptions } from 'mailparser'
import type { Note } from '../notes.ts'
import { type RawField, repairHeader } from './header-repair.ts'

/** What the splitter below mailparser knows of one MIME node. */
export interface SplitNode {
  readonly headers: { getList(): RawField[]; getFirst(key: string): string }
  readonly charset: string | false
  readonly disposition: string | false
  filename: string | false
  readonly flowed: boolean
  readonly delSp: boolean
  readonly contentType: string | false
  /** Of the transfer, in lower case. */
  encoding: string | false
  /** The subtype; false for a leaf. */
  readonly multipart: string | false
  readonly parentNode: SplitNode | false
  getDecoder(): Transform
}

/** What the splitter hands on; `data` is what stands in a multipart outside its parts, boundary lines too. */
type Chunk =
  | { readonly type: 'data' | 'body'; readonly node: SplitNode; readonly value: Buffer }
  | { readonly type: 'node' }

/** A MIME node as mailparser keeps it. */
export interface TreeNode {
  readonly node: SplitNode
  readonly headers: Headers
  readonly contentType: string | false
  readonly children: readonly TreeNode[]
}

interface Structured {
  readonly params: Readonly<Record<string, string>>
}

// Parts of mailparser 3.9.31 that its types leave out; the version is pinned, and the tests of this folder hold them.
declare module 'mailparser' {
  interface MailParser {
    tree: TreeNode | false
    textTypes: readonly string[]
    readonly libmime: { parseHeaderValue(value: string): Structured; decodeWords(value: string): string }
    createNode(node: SplitNode): TreeNode
    processChunk(chunk: Chunk, done: () => void): void
    getTextContent(): { readonly type: 'text' }
    getAddressesHTML(): string
    getAddressesText(): string
    read(): AttachmentStream | MessageText | null
  }
}

/**
 * mailparser with three changes. Each node's header is repaired before it is interpreted. Every leaf is
 * handed out as bytes, text too, because only the bytes of the whole text tell its charset; text that is
 * called base64 as it stands, because only all of it tells whether it is. And what no part holds is kept.
 */
export class RepairingParser extends MailParser {
  readonly repairNotes = new Set<Note>()
  /** Of each multipart what stands in front of its parts, boundary lines too. */
  readonly inFront = new Map<SplitNode, Buffer[]>()
  /** Of each multipart with parts what stands behind them. */
  readonly behind = new Map<SplitNode, Buffer[]>()
  /** Leaves that are handed out in base64. */
  readonly encoded = new Set<SplitNode>()

  constructor(limits: { readonly maxHeadSize: number; readonly maxChildNodes: number }) {
    const options: MailParserOptions = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true }
    // The splitter reads these: an embedded message stays one part, and limits bound hostile nesting.
    super(Object.assign(options, limits, { ignoreEmbedded: true }))
    this.textTypes = []
  }

  override createNode(node: SplitNode): TreeNode {
    for (const note of repairHeader(node.headers.getList())) this.repairNotes.add(note)
    if (node.filename !== false) node.filename = this.filenameOf(node)
    // Some programs put it into quotes, or a semicolon behind it.
    if (node.encoding !== false) node.encoding = /[\w-]+/.exec(node.encoding)?.[0] ?? false
    if (node.multipart !== false) this.inFront.set(node, [])
    if (node.parentNode && !this.behind.has(node.parentNode)) this.behind.set(node.parentNode, [])
    if (node.encoding === 'base64' && /^text\//i.test(node.contentType || 'text/plain')) {
      node.getDecoder = () => new PassThrough()
      this.encoded.add(node)
    }
    return super.createNode(node)
  }

  override processChunk(chunk: Chunk, done: () => void) {
    // The line that opens a part comes before the part's own node, and belongs to none.
    if (chunk.type === 'data')
      (this.behind.get(chunk.node) ?? this.inFront.get(chunk.node))?.push(chunk.value)
    super.processChunk(chunk, done)
  }

  /** The text is put together from the leaves; doing it here would recurse as deep as the mail nests. */
  override getTextContent() {
    return { type: 'text' } as const
  }

  /** Addresses are taken as they are; writing them out again is a good part of parsing a short mail. */
  override getAddressesHTML() {
    return ''
  }

  override getAddressesText() {
    return ''
  }

  /** The splitter read the name before the header was repaired. */
  private filenameOf(node: SplitNode): string | false {
    const paramsOf = (key: string) =>
      this.libmime.parseHeaderValue(quoteName(node.headers.getFirst(key))).params
    const name = paramsOf('content-disposition').filename || paramsOf('content-type').name
    return name ? this.libmime.decodeWords(name) : false
  }
}

/** Some programs leave out the quotes of a name with semicolons: `filename=a;b.doc`. What has no `=` belongs to it. */
function quoteName(value: string): string {
  const bare = /(name\s*=\s*)((?:\s(?!\s)|[^\s";=])[^";=]*(?:;\s*[^";=\s][^";=]*)+)(?=;|$)/i
  return value.length > 2000 ? value : value.replace(bare, '$1"$2"')
}
