import { YiwangError } from '../../config/errors.ts'
import { isRefusal } from './failures.ts'
import { batchesOf, fetchBatch, pagesOf, sizesOf, uidsAfter } from './fetching.ts'
import type { Fetched } from './messages.ts'
import type { Position } from './position.ts'
import type { OpenFolder, Session } from './session.ts'

/** So many in a row that are refused may be the server's fault, and each may cost a connection: then the newest is asked for. */
const manyRefused = 100
const reason = 'the server refuses to give it, or gives no valid answer'

/** Gives the living connection, a new one when the last was lost. */
export type Live = (signal: AbortSignal) => Promise<Session>

/** Messages of one folder that stand together; all UIDs count under one UIDVALIDITY. */
export interface Batch {
  readonly uidValidity: string
  readonly messages: readonly Fetched[]
}

export interface FolderRead {
  readonly path: string
  /** Null: from the first message. */
  readonly from: Position | null
  readonly maxMessages: number
  readonly maxMessageBytes: number
}

/** What a folder holds beyond a position: the UIDs, ascending. All of them when UIDVALIDITY has changed. */
export async function listFolder(
  live: Live,
  { path, from, maxMessages }: Pick<FolderRead, 'path' | 'from' | 'maxMessages'>,
  signal: AbortSignal,
): Promise<{ readonly uidValidity: string; readonly uids: readonly number[] }> {
  const session = await live(signal)
  return session.inFolder(
    path,
    async (folder) => {
      // A folder that is open already shows its news at the next command.
      await folder.client.noop()
      const after = from !== null && from.uidValidity === folder.uidValidity ? from.uid : 0
      const uids = await uidsAfter(folder, after)
      return { uidValidity: folder.uidValidity, uids: uids.slice(0, maxMessages) }
    },
    signal,
  )
}

/**
 * Messages of a folder beyond a position, oldest first. Nothing holds the connection between two batches,
 * so others may use it. Ends early when UIDVALIDITY changes on the way: the next read starts over.
 * One that the server refuses must not keep back others: it is `unreadable`, once a later one was given.
 * @throws YiwangError SOURCE_REFUSED where no later one is given: then the server may be in trouble, and gives them tomorrow
 */
export async function* readFolder(live: Live, read: FolderRead, signal: AbortSignal): AsyncGenerator<Batch> {
  const { path, maxMessageBytes } = read
  const { uidValidity, uids } = await listFolder(live, read, signal)
  const inFolder = async <Value>(work: (folder: OpenFolder) => Promise<Value>) =>
    (await live(signal)).inFolder(
      path,
      async (folder) => (folder.uidValidity === uidValidity ? orRefusal(folder, work(folder)) : null),
      signal,
    )
  const isGiven = async (uid: number) => {
    const messages = await inFolder((folder) => fetchBatch(folder, [{ uid, bytes: null }], maxMessageBytes))
    return Array.isArray(messages) && messages.some(({ kind }) => kind !== 'unreadable')
  }
  const held: Fetched[] = []
  let refusal: YiwangError | null = null
  for (const page of pagesOf(uids)) {
    const listed = await inFolder((folder) => sizesOf(folder, page))
    if (listed === null) return
    const sizes = listed instanceof YiwangError ? page.map((uid) => ({ uid, bytes: null })) : listed
    const left = batchesOf(sizes, maxMessageBytes).toReversed()
    for (let batch = left.pop(); batch !== undefined; batch = left.pop()) {
      const asked = batch
      const messages = await inFolder((folder) => fetchBatch(folder, asked, maxMessageBytes))
      if (messages === null) return
      if (messages instanceof YiwangError) {
        refusal = messages
        if (asked.length > 1) left.push(...asked.map((message) => [message]).toReversed())
        else held.push(...asked.map(({ uid }) => ({ kind: 'unreadable', uid, reason }) as const))
        if (held.length === manyRefused && !(await isGiven(uids.at(-1) ?? 0))) throw refusal
      } else if (held.length > 0 && messages.every(({ kind }) => kind === 'unreadable')) {
        held.push(...messages)
      } else {
        yield { uidValidity, messages: [...held.splice(0), ...messages] }
        refusal = null
      }
    }
  }
  if (refusal !== null) throw refusal
}

async function orRefusal<Value>(folder: OpenFolder, work: Promise<Value>): Promise<Value | YiwangError> {
  try {
    return await work
  } catch (thrown) {
    const refusal = folder.refusalOf(thrown)
    if (refusal === null) throw thrown
    // What comes next on this connection might be the rest of that answer.
    if (!isRefusal(thrown)) folder.client.close()
    return refusal
  }
}

/** Prepares the next value while the caller works on the last one. */
export async function* ahead<Value>(values: AsyncGenerator<Value>): AsyncGenerator<Value> {
  let next = values.next()
  try {
    for (;;) {
      const { done, value } = await next
      if (done === true) return
      next = values.next()
      // A failure is reported when its turn comes.
      next.catch(() => {})
      yield value
    }
  } finally {
    await next.catch(() => {})
    await values.return(undefined)
  }
}
