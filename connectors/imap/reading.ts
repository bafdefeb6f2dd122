import { isRefusal, isUnusableAnswer } from './failures.ts'
import { batchesOf, fetchBatch, type Listed, pagesOf, sizesOf, uidsAfter } from './fetching.ts'
import type { Fetched } from './messages.ts'
import type { Position } from './position.ts'
import type { OpenFolder, Session } from './session.ts'

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
 */
export async function* readFolder(live: Live, read: FolderRead, signal: AbortSignal): AsyncGenerator<Batch> {
  const { uidValidity, uids } = await listFolder(live, read, signal)
  const inFolder = async <Value>(work: (folder: OpenFolder) => Promise<Value>): Promise<Value | null> =>
    (await live(signal)).inFolder(
      read.path,
      async (folder) => (folder.uidValidity === uidValidity ? work(folder) : null),
      signal,
    )
  for (const page of pagesOf(uids)) {
    const listed = await inFolder((folder) => sizesOf(folder, page))
    if (listed === null) return
    for (const batch of batchesOf(listed, read.maxMessageBytes)) {
      const messages = await inFolder((folder) => fetchOrNull(folder, batch, read.maxMessageBytes))
      if (messages === null) return
      yield {
        uidValidity,
        messages:
          messages === 'refused' ? await fetchSingly(inFolder, batch, read.maxMessageBytes) : messages,
      }
    }
  }
}

/** One message that the server cannot give must not keep back the others of its batch. */
async function fetchSingly(
  inFolder: <Value>(work: (folder: OpenFolder) => Promise<Value>) => Promise<Value | null>,
  batch: readonly Listed[],
  limit: number,
): Promise<readonly Fetched[]> {
  const messages: Fetched[] = []
  for (const message of batch) {
    const fetched = await inFolder((folder) => fetchOrNull(folder, [message], limit))
    if (fetched === null) return messages
    if (fetched !== 'refused') messages.push(...fetched)
    else
      messages.push({
        kind: 'unreadable',
        uid: message.uid,
        reason: 'the server refuses to give it, or gives no valid answer',
      })
  }
  return messages
}

async function fetchOrNull(
  folder: OpenFolder,
  batch: readonly Listed[],
  limit: number,
): Promise<readonly Fetched[] | 'refused'> {
  try {
    return await fetchBatch(folder, batch, limit)
  } catch (thrown) {
    const isUnusable = isUnusableAnswer(folder.reasonOf(thrown))
    if (!isRefusal(thrown) && !isUnusable) throw thrown
    // What comes next on this connection might be the rest of that answer.
    if (isUnusable) folder.client.close()
    return 'refused'
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
