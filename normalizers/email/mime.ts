import type { Stream } from 'node:stream'
import type { Headers } from 'mailparser'
import type { Note } from '../notes.ts'
import { withPlainBoundaries } from './boundaries.ts'
import { boundaryIn, fromBase64, unboundText, withoutParts } from './broken-structure.ts'
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
  /** Null where the parser stopped at a limit: what it had read by then is a matter of chance. */
  readonly root: MailNode | null
  /** Why it stopped; null when the whole mail was read. */
  readonly failure: string | null
  readonly notes: readonly Note[]
}

/**
 * The parser's own limits. They bound what a hostile mail can cost; beyond them it stops with an error. It takes the
 * square of the length of a header line that goes on and on without a colon: two minutes for a megabyte.
 */
const limits = { maxHeadSize: 128 * 1024, maxChildNodes: 5000 }
/** Below this depth the structure says nothing any more, and its leaves are taken one after the other. */
const maxDepth = 100

/** A boundary is guessed within a part that was found by a guess, and no deeper. */
const maxGuesses = 2

/** Takes a mail apart with mailparser after repairing charsets. Never rejects. */
export async function parseMail(bytes: Uint8Array, guesses = maxGuesses): Promise<ParsedMail> {
  const parser = new RepairingParser(limits)
  const bodies = new Map<Headers, Buffer>()
  const bound = withPlainBoundaries(asBuffer(bytes))
  const failure = await readParts(parser, bound.bytes, bodies)
  if (failure !== null || parser.tree === false) {
    return {
      headers: new Map(),
      fields: new Map(),
      root: null,
      failure: failure ?? 'no structure',
      notes: [],
    }
  }
  const repaired = await repairedParts(parser.tree, parser, guesses)
  const around = await aroundParts(parser, guesses)
  const root = nodeOf(parser.tree, { bodies, repaired, around, parser })
  if (bound.isBroken || around.size > 0 || repaired.size > 0) parser.repairNotes.add('mime-structure-broken')
  return {
    headers: parser.tree.headers,
    fields: fieldsOf(parser.tree.node.headers.getList()),
    root,
    failure: null,
    notes: [...parser.repairNotes],
  }
}

/** The parts of multiparts that seem to have none: by the boundary that they show, else all of it as text. */
async function repairedParts(tree: TreeNode, parser: RepairingParser, guesses: number) {
  const repaired = new Map<SplitNode, readonly MailNode[]>()
  for (const node of withoutParts(tree)) {
    const raw = Buffer.concat(parser.inFront.get(node) ?? [])
    repaired.set(node, (await guessedParts(raw, parser, guesses)) ?? [textNode(raw)])
  }
  return repaired
}

/** The parts that a content shows without being declared a multipart; null where it shows none. */
async function guessedParts(raw: Buffer, parser: RepairingParser, guesses: number) {
  const boundary = guesses === 0 ? null : boundaryIn(raw)
  if (boundary === null) return null
  const header = `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`
  const read = await parseMail(Buffer.concat([Buffer.from(header), raw]), guesses - 1)
  for (const note of read.notes) parser.repairNotes.add(note)
  return read.root?.children ?? null
}

/** Text and parts that stand around a multipart's parts. */
interface Around {
  readonly inFront: readonly MailNode[]
  readonly behind: readonly MailNode[]
}

/** What is said around the parts of multiparts that have some. */
async function aroundParts(parser: RepairingParser, guesses: number) {
  const around = new Map<SplitNode, Around>()
  for (const [node, below] of parser.behind) {
    const raw = Buffer.concat(below)
    const text = textNodes(raw)
    const behind = text.length === 0 ? [] : ((await guessedParts(raw, parser, guesses)) ?? text)
    const inFront = textNodes(Buffer.concat(parser.inFront.get(node) ?? []))
    if (behind.length + inFront.length > 0) around.set(node, { inFront, behind })
  }
  return around
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

/** What was read of a mail's nodes. */
interface Contents {
  readonly bodies: ReadonlyMap<Headers, Buffer>
  readonly repaired: ReadonlyMap<SplitNode, readonly MailNode[]>
  readonly around: ReadonlyMap<SplitNode, Around>
  readonly parser: RepairingParser
}

function nodeOf(node: TreeNode, contents: Contents, depth = 0): MailNode {
  const { bodies, repaired, parser } = contents
  const children = depth < maxDepth ? node.children : leavesBelow(node)
  const body = bodies.get(node.headers)
  const read = {
    mediaType: mediaTypeOf(node.contentType),
    children: repaired.get(node.node) ?? children.map((child) => nodeOf(child, contents, depth + 1)),
    part: body === undefined ? null : partOf(node.node, decoded(node.node, body, parser)),
  }
  const around = contents.around.get(node.node)
  return around === undefined ? read : joined(around, read)
}

/** What stands around alternatives is not one of them. */
function joined({ inFront, behind }: Around, node: MailNode): MailNode {
  return node.mediaType === 'multipart/alternative'
    ? { mediaType: 'multipart/mixed', children: [...inFront, node, ...behind], part: null }
    : { ...node, children: [...inFront, ...node.children, ...behind] }
}

function decoded(node: SplitNode, body: Buffer, parser: RepairingParser): Buffer {
  if (!parser.encoded.has(node)) return body
  const read = fromBase64(body)
  if (read.note !== null) parser.repairNotes.add(read.note)
  return read.body
}

/** Without recursion: a mail can nest deeper than the stack. */
function leavesBelow(node: TreeNode): readonly TreeNode[] {
  const leaves: TreeNode[] = []
  const open = node.children.toReversed()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.children.length === 0) leaves.push(next)
    else open.push(...next.children.toReversed())
  }
  return leaves
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

function textNodes(raw: Buffer): readonly MailNode[] {
  const text = unboundText(raw)
  return text === null ? [] : [textNode(text)]
}

function textNode(body: Buffer): MailNode {
  const part = { charset: null, flowed: false, delSp: false, disposition: null, filename: null, body }
  return { mediaType: 'text/plain', children: [], part }
}

function fieldsOf(lines: readonly { readonly key: string; readonly line: string }[]) {
  const fields = new Map<string, string[]>()
  for (const { key, line } of lines) {
    const raw = line.slice(line.indexOf(':') + 1)
    const value = /[\x80-\xff]/.test(raw) ? Buffer.from(raw, 'latin1').toString() : raw
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
