import { YiwangError } from '../../config/errors.ts'
import { isRefusal } from './failures.ts'
import { fetchBatch, fetchPart, isTooLarge, type Listed, partBytes, sizesOf, uidSet } from './fetching.ts'
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
    return orUnknown(uids, await again(() => this.sizesOnce(uids)))
  }

  /**
   * One batch, or why it was not given. Where the connection is lost in a message that stands alone, it is asked for
   * again in parts.
   * @throws YiwangError SOURCE_UNREACHABLE when it is lost without a word, and the newest message is not given either
   */
  async fetch(batch: readonly Listed[], newest: number): Promise<Answer<readonly Fetched[]>> {
    const answer = await this.fetchOnce(batch)
    const [message, ...others] = batch
    if (message === undefined || others.length > 0 || !isLost(answer)) return answer
    if (answer.code !== 'SOURCE_REFUSED' && !(await this.gives(newest))) throw answer
    if (isTooLarge(message, this.asked.maxMessageBytes)) return await again(() => this.fetchOnce(batch), 1)
    return await this.fetchInParts(message)
  }

  /** Whether this message is given, or its beginning: all of it may be large. */
  async gives(uid: number): Promise<boolean> {
    return (await this.ask([uid], (folder) => fetchPart(folder, uid, 0))) instanceof Uint8Array
  }

  /** What came is kept, so that a line that is often cut comes to the end of a large message. */
  private async fetchInParts(message: Listed): Promise<Answer<readonly Fetched[]>> {
    const { uid } = message
    const parts: Uint8Array[] = []
    let bytes = 0
    for (;;) {
      const ask = () => this.ask([uid], (folder) => fetchPart(folder, uid, bytes))
      const part = await again(ask, bytes === 0 ? 1 : 0)
      if (part === null || part instanceof YiwangError) return part
      if (part === false) return await this.fetchOnce([message])
      // Some servers know no parts and always give the whole.
      if (part.byteLength > partBytes) return [{ kind: 'whole', uid, source: part }]
      parts.push(part)
      bytes += part.byteLength
      if (part.byteLength < partBytes || bytes > this.asked.maxMessageBytes)
        return [{ kind: 'whole', uid, source: Buffer.concat(parts) }]
    }
  }

  private sizesOnce(uids: readonly number[]): Promise<Answer<readonly Listed[]>> {
    return this.ask(uids, (folder) => sizesOf(folder, uids))
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

/** Asks while the connection is lost, up to three times with those before. */
async function again<Value>(ask: () => Promise<Answer<Value>>, lossesBefore = 0): Promise<Answer<Value>> {
  for (let losses = lossesBefore + 1; ; losses += 1) {
    const answer = await ask()
    if (!isLost(answer) || losses === maxLosses) return answer
  }
}

function orUnknown(uids: readonly number[], listed: Answer<readonly Listed[]>): readonly Listed[] | null {
  return listed instanceof YiwangError ? uids.map((uid) => ({ uid, bytes: null })) : listed
}

/** Whether the connection ended before the answer; BYE may be for this message, or for the hour. */
function isLost(answer: unknown): answer is YiwangError {
  if (!(answer instanceof YiwangError)) return false
  return answer.code !== 'SOURCE_REFUSED' || String(answer.details.answer).startsWith('BYE ')
}

/** A message that was asked for alone and not given. */
export function unreadable(uid: number, failure: YiwangError): Fetched {
  const reason =
    failure.code === 'SOURCE_REFUSED'
      ? 'the server refuses to give it, or gives no valid answer'
      : `the connection was lost each of ${maxLosses} times that it was asked for`
  return { kind: 'unreadable', uid, reason }
}
