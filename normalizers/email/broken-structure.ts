import type { SplitNode, TreeNode } from './repairing-parser.ts'

/** Multiparts of which no part was found: their boundary is missing or another one than was declared. */
export function withoutParts(tree: TreeNode): readonly SplitNode[] {
  const found: SplitNode[] = []
  const open = [tree]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.node.multipart !== false && next.children.length === 0) found.push(next.node)
    open.push(...next.children)
  }
  return found
}

const maxLooked = 64 * 1024

/** The boundary that a multipart's content itself shows: the first line of dashes above a part's header, or null. */
export function boundaryIn(raw: Buffer): string | null {
  const head = raw.toString('latin1', 0, maxLooked)
  return /^--([\w'()+,./:=?-]{1,70})\r?\n(?:content-|mime-)[\w-]+[ \t]*:/im.exec(head)?.[1] ?? null
}

/** What stands around the parts without the boundary lines; null where it only tells that this is MIME. */
export function aroundParts(pieces: readonly Buffer[]): Buffer | null {
  const text = Buffer.concat(pieces)
    .toString('latin1')
    .replace(/^--\S+[ \t]*$/gm, '')
    .trim()
  if (!/[a-z\x80-\xff]/i.test(text)) return null
  return /[\x80-\xff]/.test(text) || !/multi-?part|mime/i.test(text) ? Buffer.from(text, 'latin1') : null
}

/**
 * Text that was declared base64. RFC 2045 §6.8 leaves out what is not of its alphabet, but text that was never
 * encoded would become noise: bytes above 0x7f below no encoded line are taken as they are, and `isEncoded` is false.
 */
export function fromBase64(raw: Buffer): { readonly body: Buffer; readonly isEncoded: boolean } {
  const text = raw.toString('latin1')
  const beginsEncoded = /^\s*[a-z0-9+/]{16,}={0,2}\s/i.test(`${text.slice(0, 2000)}\n`)
  if (!beginsEncoded && /[\x80-\xff]/.test(text)) return { body: raw, isEncoded: false }
  return { body: Buffer.from(text.replace(/[^a-z0-9+/]/gi, ''), 'base64'), isEncoded: true }
}
