import { YiwangError } from '../../config/errors.ts'
import { Asking, unreadable } from './asking.ts'
import { batchesOf, pagesOf, uidsAfter } from './fetching.ts'
import type { Fetched } from './messages.ts'
import type { Position } from './position.ts'
import type { Live, OpenFolder } from './session.ts'

/** So many in a row that are not given may be the server's fault, and each may cost a connection: then the newest is asked for. */
const manyRefused = 100

/** Messages of one folder that stand together; all UIDs count under one UIDVALIDITY. */
export interface Batch {
  readonly uidValidity: string
  readonly messages: readonly Fetched[]
}

/** Which part of a folder is to be read. */
export interface FolderRead {
  readonly path: string
  /** Null: from the first message. */
  readonly from: Position | null
  readonly maxMessages: number
  readonly maxMessageBytes: number
}

/** What a folder holds beyond a position: the UIDs, ascending, and the newest. All of them when UIDVALIDITY has changed, or UIDNEXT has fallen. */
export async function listFolder(
  live: Live,
  { path, from, maxMessages }: Pick<FolderRead, 'path' | 'from' | 'maxMessages'>,
  signal: AbortSignal,
): Promise<{
  readonly uidValidity: string
  readonly uids: readonly number[]
  readonly newest: number | undefined
}> {
  const session = await live(signal)
  return session.inFolder(
    path,
    async (folder) => {
      // A folder that is open already shows its news at the next command.
      await folder.client.noop()
      const after = from !== null && from.uidValidity === folder.uidValidity ? from.uid : 0
      const found = await uidsAfter(folder, after)
      const uids = found.length === 0 && after > 0 ? await uidsIfRestored(folder, after) : found
      return { uidValidity: folder.uidValidity, uids: uids.slice(0, maxMessages), newest: uids.at(-1) }
    },
    signal,
  )
}

/**
 * All UIDs of a folder that gives them out again, which no position shows: one restored from a backup, or made anew by a
 * server that always names the same UIDVALIDITY. Empty for any other: UIDNEXT never falls (RFC 3501 §2.3.1.1).
 */
async function uidsIfRestored(folder: OpenFolder, after: number): Promise<readonly number[]> {
  const { mailbox } = folder.client
  if (mailbox === false || !(mailbox.uidNext <= after)) return []
  const uids = await uidsAfter(folder, 0)
  // Where the message is there, it is UIDNEXT that is wrong.
  return uids.includes(after) ? [] : uids
}

/**
 * Messages of a folder beyond a position, oldest first. Nothing holds the connection between two batches,
 * so others may use it. Ends early when UIDVALIDITY changes on the way: the next read starts over.
 * One that the server does not give must not keep back others: it is `unreadable`, once a later one was given.
 * @throws YiwangError SOURCE_REFUSED, SOURCE_UNREACHABLE where no later one is given: then the server may be in trouble,
 * and gives them tomorrow
 */
export async function* readFolder(live: Live, read: FolderRead, signal: AbortSignal): AsyncGenerator<Batch> {
  const { uidValidity, uids, newest = 0 } = await listFolder(live, read, signal)
  const asking = new Asking(live, { ...read, uidValidity }, signal)
  const held: Fetched[] = []
  let failure: YiwangError | null = null
  for (const page of pagesOf(uids)) {
    const listed = await asking.sizes(page)
    if (listed === null) return
    const left = batchesOf(listed, read.maxMessageBytes).toReversed()
    for (let batch = left.pop(); batch !== undefined; batch = left.pop()) {
      const messages = await asking.fetch(batch, newest)
      if (messages === null) return
      if (messages instanceof YiwangError) {
        if (batch.length > 1) {
          left.push(...batch.map((message) => [message]).toReversed())
          continue
        }
        failure ??= messages
        held.push(...batch.map(({ uid }) => unreadable(uid, messages)))
        if (held.length < manyRefused) continue
        if (!(await asking.gives(newest))) throw failure
        yield { uidValidity, messages: held.splice(0) }
        failure = null
      } else if (held.length > 0 && messages.every(({ kind }) => kind === 'unreadable')) {
        held.push(...messages)
      } else {
        yield { uidValidity, messages: [...held.splice(0), ...messages] }
        failure = null
      }
    }
  }
  if (failure === null) return
  // Where a run has a limit, the later ones are not among its own.
  if (uids.at(-1) === newest || !(await asking.gives(newest))) throw failure
  yield { uidValidity, messages: held }
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
    // This waits for the next value, too.
    await values.return(undefined)
  }
}
