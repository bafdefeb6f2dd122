import { isMissing } from './failures.ts'
import type { Live, OpenFolder, Session } from './session.ts'

/** Servers may drop a session after 30 minutes of IDLE (RFC 2177); a lost connection shows sooner this way. */
const idleMs = 5 * 60_000
/** How often folders are asked after that IDLE does not watch. */
const pollMs = 60_000
/** Some servers end each IDLE as soon as they have taken it up. */
const restMs = 1_000

/** What a folder looked like: `<UIDVALIDITY>:<UIDNEXT>` by folder. */
export type Marks = Map<string, string>

/**
 * Resolves when a folder has a message that it had not at the last call or read, or on abort. The first folder is
 * watched by IDLE where the server has it; the others, and this one otherwise, by asking every minute.
 */
export async function waitForMail(
  live: Live,
  folders: readonly string[],
  marks: Marks,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const session = await live(signal)
    const hasNews = () => hasChanged(session, folders, marks, signal)
    if (await hasNews()) return
    const [watched = 'INBOX', ...others] = folders
    const limitMs = others.length > 0 ? pollMs : idleMs
    if (await session.inFolder(watched, (folder) => idle(folder, hasNews, limitMs), signal)) return
  }
}

async function hasChanged(
  session: Session,
  folders: readonly string[],
  marks: Marks,
  signal: AbortSignal,
): Promise<boolean> {
  let changed = false
  for (const folder of folders) {
    const mark = await markOf(session, folder, signal)
    changed ||= marks.get(folder) !== mark
    marks.set(folder, mark)
  }
  return changed
}

/** UIDNEXT rises with every message that arrives, and never falls. A folder that is missing is a read's to tell of. */
export async function markOf(session: Session, folder: string, signal: AbortSignal): Promise<string> {
  const status = await session.run(async (client) => {
    // For an open folder some servers repeat in STATUS only what they have told this session before; NOOP brings that up to date.
    await client.noop()
    return client.status(folder, { uidNext: true, uidValidity: true }).catch((thrown: unknown) => {
      if (isMissing(thrown)) return false as const
      throw thrown
    })
  }, signal)
  return status === false ? 'unknown' : `${status.uidValidity}:${status.uidNext}`
}

/** Ends when the server tells of a message, or after a while; the caller looks what there is. At once, with true, on news. */
async function idle(
  { client }: OpenFolder,
  hasNews: () => Promise<boolean>,
  limitMs: number,
): Promise<boolean> {
  const { promise: told, resolve: tell } = Promise.withResolvers<void>()
  // Where the line goes dead before the server takes IDLE up, what ends IDLE would wait for that without end.
  const timers = [setTimeout(tell, limitMs), setTimeout(() => client.close(), limitMs + pollMs)]
  client.on('exists', tell)
  client.on('close', tell)
  try {
    // IDLE does not tell of what came since the last look, but before the folder was open.
    if (await hasNews()) return true
    // IDLE also ends when the library renews a quiet connection; it is false when the server has none.
    const idling = client.idle().then((result) => {
      const isWatched = result !== false && client.capabilities.has('IDLE')
      timers.push(setTimeout(tell, isWatched ? restMs : pollMs))
    }, tell)
    await told
    await client.noop()
    await idling
    return false
  } finally {
    for (const timer of timers) clearTimeout(timer)
    client.off('exists', tell)
    client.off('close', tell)
  }
}
