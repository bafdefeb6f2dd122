import { type Headers, MailParser, type MailParserOptions } from 'mailparser'
import { type RawField, repairHeader } from './header-repair.ts'

/** What the splitter below mailparser knows of one MIME node. */
export interface SplitNode {
  readonly headers: { getList(): RawField[]; getFirst(key: string): string }
  readonly charset: string | false
  readonly disposition: string | false
  filename: string | false
  readonly flowed: boolean
  readonly delSp: boolean
}

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
    getTextContent(): { readonly type: 'text' }
    getAddressesHTML(): string
    getAddressesText(): string
    read(): AttachmentStream | MessageText | null
  }
}

/**
 * mailparser with two changes. Each node's header is repaired before it is interpreted. And every leaf is
 * handed out as bytes, text too, because only the bytes of the whole text tell its charset.
 */
export class RepairingParser extends MailParser {
  readonly repairNotes = new Set<string>()

  constructor(limits: { readonly maxHeadSize: number; readonly maxChildNodes: number }) {
    const options: MailParserOptions = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true }
    // The splitter reads these: an embedded message stays one part, and limits bound hostile nesting.
    super(Object.assign(options, limits, { ignoreEmbedded: true }))
    this.textTypes = []
  }

  override createNode(node: SplitNode): TreeNode {
    for (const note of repairHeader(node.headers.getList())) this.repairNotes.add(note)
    if (node.filename !== false) node.filename = this.filenameOf(node)
    return super.createNode(node)
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
    const { filename } = this.libmime.parseHeaderValue(node.headers.getFirst('content-disposition')).params
    const name = filename || this.libmime.parseHeaderValue(node.headers.getFirst('content-type')).params.name
    return name ? this.libmime.decodeWords(name) : false
  }
}
