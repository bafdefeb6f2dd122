import type { Stream } from 'node:stream'
import type { Headers } from 'mailparser'
import { RepairingParser, type SplitNode, type TreeNode } from './repairing-parser.ts'

/** A leaf of a mail, its transfer encoding undone. */
export interface MailPart {
  readonly charset: string | null
  /** RFC 3676: `format=flowed`, and with it `delsp=yes`. */
  readonly flowed: boolean
  readonly delSp: boolean
  readonly disposition: 'inline' | 'attachment' | null
  readonly filename: string | null
  readonly body: Buffer
}

/** A mail's structure as sent; exactly the leaves have a part. */
export interface MailNode {
  /** Lower case, for example `text/plain`. */
  readonly mediaType: string
  readonly children: readonly MailNode[]
  readonly part: MailPart | null
}

export interface ParsedMail {
  /** The top header as mailparser gives it: addresses, subject and identifiers taken apart. */
  readonly headers: Headers
  /** The top header's values by lower-case name, newest first as they stand, unfolded. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly root: MailNode | null
  /** Why reading stopped early; null when the whole mail was read. */
  readonly failure: string | null
  readonly notes: readonly string[]
}

/** The parser's own limits, named here because they are what bounds a hostile mail. */
const limits = { maxHeadSize: 1024 * 1024, maxChildNodes: 1000 }

/**
 * Takes a mail apart with mailparser after repairing charsets. Never rejects: what could be read before a
 * limit or a defect stopped the parser is given with `failure`.
 */
export async function parseMail(bytes: Uint8Array): Promise<ParsedMail> {
  const parser = new RepairingParser(limits)
  const bodies = new Map<Headers, Buffer>()
  const failure = await readParts(parser, asBuffer(bytes), bodies)
  const tree = parser.tree === false ? null : nodeOf(parser.tree, bodies)
  const notes = new Set(parser.repairNotes)
  if (failure !== null) notes.add('mail-cut-short')
  const complete = tree !== null && hasPart(tree)
  if (tree !== null && !complete) notes.add('mime-structure-broken')
  return {
    headers: parser.tree === false ? new Map() : parser.tree.headers,
    fields: fieldsOf(parser.tree === false ? [] : parser.tree.node.headers.getList()),
    root: complete ? tree : unstructured(bytes),
    failure,
    notes: [...notes],
  }
}

/** Reads every leaf to its end; gives why the parser stopped early, or null. */
function readParts(
  parser: RepairingParser,
  bytes: Buffer,
  bodies: Map<Headers, Buffer>,
): Promise<string | null> {
  return new Promise((resolve) => {
    let reading = false
    const read = () => {
      for (;;) {
        const data = parser.read()
        reading = data !== null
        if (data === null) return
        if (data.type !== 'attachment') continue
        return collect(data.content, (body) => {
          bodies.set(data.headers, body)
          data.release()
          read()
        })
      }
    }
    parser.on('readable', () => {
      if (!reading) read()
    })
    parser.once('end', () => resolve(null))
    parser.once('close', () => resolve('closed'))
    parser.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message))
    parser.end(bytes)
  })
}

function collect(content: Stream, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  content.on('data', (chunk: Buffer) => chunks.push(chunk))
  content.once('end', () => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
}

function nodeOf(node: TreeNode, bodies: ReadonlyMap<Headers, Buffer>): MailNode {
  const mediaType = mediaTypeOf(node.contentType)
  const children = node.children.map((child) => nodeOf(child, bodies))
  const body = bodies.get(node.headers)
  return { mediaType, children, part: body === undefined ? null : partOf(node.node, body) }
}

function partOf(node: SplitNode, body: Buffer): MailPart {
  const disposition = node.disposition || null
  return {
    charset: node.charset || null,
    flowed: node.flowed,
    delSp: node.delSp,
    disposition: disposition === null || disposition === 'inline' ? disposition : 'attachment',
    filename: node.filename || null,
    body,
  }
}

/** RFC 2045 §5.2: a Content-Type that cannot be read means plain text. */
function mediaTypeOf(contentType: string | false): string {
  const value = (contentType || '').trim().toLowerCase()
  return /^[\w.+-]+\/[\w.+-]+$/.test(value) ? value : 'text/plain'
}

function hasPart(node: MailNode): boolean {
  return node.part !== null || node.children.some(hasPart)
}

/** A mail whose parts cannot be told apart (boundary missing or wrong): all after the header, as text. */
function unstructured(bytes: Uint8Array): MailNode {
  const all = asBuffer(bytes)
  const gap = /\r?\n\r?\n/.exec(all.toString('latin1', 0, Math.min(all.length, limits.maxHeadSize)))
  const body = gap === null ? Buffer.alloc(0) : all.subarray(gap.index + gap[0].length)
  const part = { charset: null, flowed: false, delSp: false, disposition: null, filename: null, body }
  return { mediaType: 'text/plain', children: [], part }
}

function fieldsOf(lines: readonly { readonly key: string; readonly line: string }[]) {
  const fields = new Map<string, string[]>()
  for (const { key, line } of lines) {
    const value = Buffer.from(line.slice(line.indexOf(':') + 1), 'latin1').toString()
    const unfolded = value.replace(/\r?\n[ \t]*/g, ' ').trim()
    const known = fields.get(key)
    if (known) known.push(unfolded)
    else fields.set(key, [unfolded])
  }
  return fields
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
