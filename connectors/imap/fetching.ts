import type { FetchQueryObject } from 'imapflow'
import type { Fetched } from './messages.ts'
import type { OpenFolder } from './session.ts'

/** A batch is fetched by one command: large enough to hide the way to the server, small enough for memory. */
const batchMessages = 200
const batchBytes = 4 * 1024 * 1024
const sizesPerCommand = 2000
/** So much comes through before the worst of lines is cut. */
export const partBytes = 64 * 1024

/** A message that is to be fetched. */
export interface Listed {
  readonly uid: number
  /** As the server announces it, RFC 3501 §6.4.5; null: it does not. */
  readonly bytes: number | null
}

/** UIDs above `after`, ascending, as the library sorts them. `n:*` names the newest message even when it is below n (RFC 3501 §6.4.8), so they are filtered. */
export async function uidsAfter(
  { client, unanswered }: OpenFolder,
  after: number,
): Promise<readonly number[]> {
  const found = await client.search({ uid: `${after + 1}:*` }, { uid: true })
  if (!Array.isArray(found)) throw unanswered()
  return found.filter((uid) => uid > after)
}

/** Sizes of these messages, ascending by UID. */
export async function sizesOf({ client }: OpenFolder, uids: readonly number[]): Promise<readonly Listed[]> {
  const sizes = new Map<number, number>()
  for await (const { uid, size } of client.fetch(uidSet(uids), { uid: true, size: true }, { uid: true })) {
    if (size !== undefined) sizes.set(uid, size)
  }
  return uids.map((uid) => ({ uid, bytes: sizes.get(uid) ?? null }))
}

/** Pages of UIDs whose sizes are asked for together. */
export function pagesOf(uids: readonly number[]): readonly (readonly number[])[] {
  const pages: (readonly number[])[] = []
  for (let at = 0; at < uids.length; at += sizesPerCommand) pages.push(uids.slice(at, at + sizesPerCommand))
  return pages
}

/** Splits messages, in order, into batches that are fetched together; one that is too large, or may be, stands alone. */
export function batchesOf(listed: readonly Listed[], limit: number): readonly (readonly Listed[])[] {
  const batches: Listed[][] = []
  let open: Listed[] = []
  let bytes = 0
  for (const message of listed) {
    const isAlone = message.bytes === null || isTooLarge(message, limit)
    const size = isAlone ? Number.POSITIVE_INFINITY : message.bytes
    if (open.length > 0 && (open.length >= batchMessages || bytes + size > batchBytes)) {
      batches.push(open)
      open = []
      bytes = 0
    }
    open.push(message)
    bytes += size
  }
  if (open.length > 0) batches.push(open)
  return batches
}

/** Fetches one batch, in order. What is gone by now is left out; what the server withholds is `unreadable`. */
export async function fetchBatch(
  folder: OpenFolder,
  batch: readonly Listed[],
  limit: number,
): Promise<readonly Fetched[]> {
  const [first] = batch
  if (first !== undefined && isTooLarge(first, limit)) return fetchHeader(folder, first.uid, first.bytes)
  const sources = new Map<number, Uint8Array>()
  const uids = batch.map(({ uid }) => uid)
  // BODY.PEEK: reading leaves the flags alone.
  for await (const { uid, source } of folder.client.fetch(
    uidSet(uids),
    { uid: true, source: true },
    { uid: true },
  )) {
    // For a message that was deleted meanwhile the library gives false, whatever its types say.
    if (source instanceof Uint8Array) sources.set(uid, source)
  }
  const refusal = folder.takeRefusal()
  const missing = uids.filter((uid) => !sources.has(uid))
  const withheld = missing.length === 0 ? new Set<number>() : await stillThere(folder, missing)
  // It refused because others are gone.
  if (withheld.size > 0 && refusal !== null) throw refusal
  return uids.flatMap((uid): readonly Fetched[] => {
    const source = sources.get(uid)
    if (source !== undefined) return [{ kind: 'whole', uid, source }]
    return withheld.has(uid) ? [{ kind: 'unreadable', uid, reason: 'the server gives no body' }] : []
  })
}

/** Whether only the header of a message is to be fetched. */
export function isTooLarge(message: Listed, limit: number): message is Listed & { readonly bytes: number } {
  return message.bytes !== null && message.bytes > limit
}

/**
 * So many bytes of a message from `start` on, fewer at its end (RFC 3501 §6.4.5). A server that knows no parts gives
 * the whole. False: it gives nothing.
 */
export async function fetchPart(folder: OpenFolder, uid: number, start: number): Promise<Uint8Array | false> {
  return await bytesOf(folder, uid, 'source', { source: { start, maxLength: partBytes } })
}

async function fetchHeader(folder: OpenFolder, uid: number, bytes: number): Promise<readonly Fetched[]> {
  const header = await bytesOf(folder, uid, 'headers', { headers: true })
  if (header !== false) return [{ kind: 'header', uid, header, bytes }]
  return (await stillThere(folder, [uid])).has(uid)
    ? [{ kind: 'unreadable', uid, reason: 'the server gives no header' }]
    : []
}

/** What is asked of one message. False: the server does not give it. */
async function bytesOf(
  { client }: OpenFolder,
  uid: number,
  name: 'source' | 'headers',
  query: FetchQueryObject,
): Promise<Uint8Array | false> {
  let bytes: Uint8Array | false = false
  // Between, a server may tell of flags that have changed, of this message or of others.
  for await (const message of client.fetch(String(uid), { uid: true, ...query }, { uid: true })) {
    const given = message.uid === uid && message[name]
    if (given instanceof Uint8Array) bytes = given
  }
  return bytes
}

async function stillThere(
  { client, unanswered }: OpenFolder,
  uids: readonly number[],
): Promise<ReadonlySet<number>> {
  // Until a command such as this one, a server may go on listing what is deleted (RFC 3501 §7.4.1).
  await client.noop()
  const found = await client.search({ uid: uidSet(uids) }, { uid: true })
  if (!Array.isArray(found)) throw unanswered()
  return new Set(found)
}

/** `1:3,7`: ascending UIDs as a sequence set. */
export function uidSet(uids: readonly number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const uid of uids) {
    const last = ranges.at(-1)
    if (last !== undefined && uid === last.to + 1) last.to = uid
    else ranges.push({ from: uid, to: uid })
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).join(',')
}
