import { YiwangError } from '../../config/errors.ts'
import type { Item } from '../connector.ts'
import { uidSet } from './fetching.ts'
import { assertFolder, isRefusedFolder } from './folders.ts'
import type { OpenFolder, Session } from './session.ts'
import type { ImapSettings } from './settings.ts'

type AfterArchive = Exclude<ImapSettings['afterArchive'], 'none'>

interface SourceEndpoint {
  readonly source: string
  readonly host: string
}

/** A server may be silent over each command, and slow to move: beyond its time-out it would have to do all of them again. */
const uidsPerCommand = 100
/** Where somebody has just deleted one of the messages, Dovecot moves none; at the next command it knows which are left. */
const maxAttempts = 3

/**
 * Marks or moves archived messages. What could not be archived whole is nowhere else, so it stays as it is for
 * a person to look at. Those that are gone, or whose UIDVALIDITY is, are left: that makes it
 * repeatable.
 * @throws SOURCE_FOLDER_MISSING, SOURCE_UNSUPPORTED, SOURCE_REFUSED
 */
export async function acknowledge(
  session: Session,
  items: readonly Item[],
  afterArchive: AfterArchive,
  endpoint: SourceEndpoint,
  signal: AbortSignal,
): Promise<void> {
  for (const [path, ofFolder] of Map.groupBy(items, ({ meta }) => meta.mailbox ?? '')) {
    const changing = session.inFolder(
      path,
      async (folder) => {
        const uids = ofFolder
          .filter(({ meta }) => meta.uidValidity === folder.uidValidity && meta.problem === undefined)
          .map(({ meta }) => Number(meta.uid))
          .toSorted((one, other) => one - other)
        if (uids.length > 0) assertPossible(folder, path, afterArchive, endpoint)
        for (let at = 0; at < uids.length; at += uidsPerCommand) {
          await change(folder, uidSet(uids.slice(at, at + uidsPerCommand)), afterArchive)
        }
      },
      signal,
      'write',
    )
    await changing.catch(async (thrown: unknown) => {
      if (!('move' in afterArchive) || !isRefusedFolder(thrown)) throw thrown
      await assertFolder(session, afterArchive.move, endpoint.source, signal)
      throw withTarget(thrown, afterArchive.move)
    })
  }
}

/** It may be the folder that they go to that is full. */
function withTarget({ code, details }: YiwangError, target: string): YiwangError {
  const command = String(details.command).replace(/^UID (MOVE|COPY) .*/s, (move) => `${move} → ${target}`)
  return new YiwangError(code, { ...details, command })
}

async function change(folder: OpenFolder, uids: string, afterArchive: AfterArchive): Promise<void> {
  for (const command of commandsOf(folder, uids, afterArchive)) {
    for (let attempts = 1; ; attempts += 1) {
      if (!(await command())) throw folder.unanswered()
      const refusal = folder.takeRefusal()
      if (refusal === null) break
      if (attempts === maxAttempts) throw refusal
    }
  }
}

/** What is done with these messages, one command after the other. */
function commandsOf(
  { client }: OpenFolder,
  uids: string,
  afterArchive: AfterArchive,
): readonly (() => Promise<unknown>)[] {
  const byUid = { uid: true }
  if ('flag' in afterArchive)
    return [() => client.messageFlagsAdd(uids, [afterArchive.flag], { ...byUid, silent: true })]
  const { move } = afterArchive
  if (client.capabilities.has('MOVE')) return [() => client.messageMove(uids, move, byUid)]
  // The library's own way would delete what was refused to be copied because others are gone.
  return [() => client.messageCopy(uids, move, byUid), () => client.messageDelete(uids, byUid)]
}

/**
 * Makes sure that `afterArchive` is possible. A folder that cannot be opened at all is left to the read.
 * @throws SOURCE_FOLDER_MISSING, SOURCE_UNSUPPORTED
 */
export async function checkAfterArchive(
  session: Session,
  { folders, afterArchive }: ImapSettings,
  endpoint: SourceEndpoint,
  signal: AbortSignal,
): Promise<void> {
  if (afterArchive === 'none') return
  if ('move' in afterArchive) await assertFolder(session, afterArchive.move, endpoint.source, signal)
  for (const path of folders) {
    const possible = async (folder: OpenFolder) => assertPossible(folder, path, afterArchive, endpoint)
    try {
      // Only a folder that is open for writing shows which flags it keeps.
      await session.inFolder(path, possible, signal, 'write')
    } catch (thrown) {
      if (!isRefusedFolder(thrown)) throw thrown
    }
  }
}

function assertPossible(
  { client, acceptsFlag }: OpenFolder,
  path: string,
  afterArchive: AfterArchive,
  endpoint: SourceEndpoint,
): void {
  const refuse = (reason: string) => {
    throw new YiwangError('SOURCE_UNSUPPORTED', { ...endpoint, setting: 'afterArchive', reason })
  }
  if ('flag' in afterArchive && !acceptsFlag(afterArchive.flag))
    refuse(`${path} keeps no flag ${afterArchive.flag}`)
  const moves = client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS')
  if ('move' in afterArchive && !moves) refuse('neither MOVE nor UIDPLUS')
  // Where it has no MOVE, they are copied and then deleted: this right it must have, or each would be there twice.
  if ('move' in afterArchive && !client.capabilities.has('MOVE') && !acceptsFlag('\\Deleted'))
    refuse(`${path} keeps no flag \\Deleted`)
}
