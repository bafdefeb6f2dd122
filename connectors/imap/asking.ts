import { YiwangError } from '../../config/errors.ts'
import { isRefusal } from './failures.ts'
import { fetchBatch, type Listed, sizesOf, uidSet } from './fetching.ts'
import type { Fetched } from './messages.ts'
import type { Live, OpenFolder } from './session.ts'

/** A connection may be lost by chance. */
const maxLosses = 3

interface AskedFolder {
  readonly path: string
  readonly uidValidity: string
  readonly maxMessageBytes: number
}

/** Asks for messages of one folder; null once its UIDVALIDITY has changed. */
export class Asking {
  private readonly live: Live
  private readonly asked: AskedFolder
  private readonly signal: AbortSignal

  constructor(live: Live, asked: AskedFolder, signal: AbortSignal) {
    this.live = live
    this.asked = asked
    this.signal = signal
  }

  /** What is not known of sizes is asked for message by message. */
  async sizes(uids: readonly number[]): Promise<readonly Listed[] | null> {
    const listed = await this.ask(uids, (folder) => sizesOf(folder, uids))
    return listed instanceof YiwangError ? uids.map((uid) => ({ uid, bytes: null })) : listed
  }

  /**
   * One batch, or why it was not given. A message that stands alone is asked for again where the connection is lost.
   * @throws YiwangError SOURCE_UNREACHABLE when the newest message is not given either
   */
  async fetch(batch: readonly Listed[], newest: number): Promise<Answer<readonly Fetched[]>> {
    for (let losses = 1; ; losses += 1) {
      const messages = await this.fetchOnce(batch)
      if (!isLost(messages) || batch.length > 1 || losses === maxLosses) return messages
      if (losses === 1 && !(await this.gives(newest))) throw messages
    }
  }

  /** Whether this message is given. */
  async gives(uid: number): Promise<boolean> {
    const messages = await this.fetchOnce((await this.sizes([uid])) ?? [])
    return Array.isArray(messages) && messages.some(({ kind }) => kind !== 'unreadable')
  }

  private fetchOnce(batch: readonly Listed[]): Promise<Answer<readonly Fetched[]>> {
    const uids = batch.map(({ uid }) => uid)
    return this.ask(uids, (folder) => fetchBatch(folder, batch, this.asked.maxMessageBytes))
  }

  private async ask<Value>(
    uids: readonly number[],
    work: (folder: OpenFolder) => Promise<Value>,
  ): Promise<Answer<Value>> {
    const session = await this.live(this.signal)
    const orFailure = async (folder: OpenFolder) => {
      if (folder.uidValidity !== this.asked.uidValidity) return null
      try {
        return await work(folder)
      } catch (thrown) {
        // What comes next on this connection might be the rest of that answer.
        if (!isRefusal(thrown)) folder.client.close()
        return folder.fetchFailureOf(thrown, uidSet(uids))
      }
    }
    return await session.inFolder(this.asked.path, orFailure, this.signal)
  }
}

/** Null: UIDVALIDITY has changed. */
type Answer<Value> = Value | YiwangError | null

/** Whether no answer came to its end; what the server refuses it says. */
function isLost(asked: unknown): asked is YiwangError {
  return asked instanceof YiwangError && asked.code !== 'SOURCE_REFUSED'
}

/** A message that was asked for alone and not given. */
export function unreadable(uid: number, failure: YiwangError): Fetched {
  const reason = isLost(failure)
    ? `the connection was lost each of ${maxLosses} times that it was asked for`
    : 'the server refuses to give it, or gives no valid answer'
  return { kind: 'unreadable', uid, reason }
}
