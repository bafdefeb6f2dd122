import { YiwangError } from '../../config/errors.ts'
import type { Item } from '../connector.ts'
import { uidSet } from './fetching.ts'
import { assertFolder, isRefusedFolder } from './folders.ts'
import type { OpenFolder, Session } from './session.ts'
import type { ImapSettings } from './settings.ts'

type AfterArchive = Exclude<ImapSettings['afterArchive'], 'none'>

const uidsPerCommand = 1000

/**
 * Marks or moves archived messages. What could not be archived whole is nowhere else, so it stays as it is for
 * a person to look at. Those that are gone, or whose UIDVALIDITY is, are left: that makes it
 * repeatable.
 */
export async function acknowledge(
  session: Session,
  items: readonly Item[],
  afterArchive: AfterArchive,
  signal: AbortSignal,
): Promise<void> {
  for (const [path, ofFolder] of Map.groupBy(items, ({ meta }) => meta.mailbox ?? '')) {
    await session.inFolder(
      path,
      async (folder) => {
        const uids = ofFolder
          .filter(({ meta }) => meta.uidValidity === folder.uidValidity && meta.problem === undefined)
          .map(({ meta }) => Number(meta.uid))
          .toSorted((one, other) => one - other)
        for (let at = 0; at < uids.length; at += uidsPerCommand) {
          await change(folder, uidSet(uids.slice(at, at + uidsPerCommand)), afterArchive)
        }
      },
      signal,
      'write',
    )
  }
}

async function change(
  { client, unanswered }: OpenFolder,
  uids: string,
  afterArchive: AfterArchive,
): Promise<void> {
  const done =
    'flag' in afterArchive
      ? await client.messageFlagsAdd(uids, [afterArchive.flag], { uid: true, silent: true })
      : await client.messageMove(uids, afterArchive.move, { uid: true })
  if (done === false) throw unanswered()
}

/**
 * Makes sure that `afterArchive` is possible, before anything is read. A folder that cannot be opened at all is
 * left to the read.
 * @throws SOURCE_FOLDER_MISSING, SOURCE_UNSUPPORTED
 */
export async function checkAfterArchive(
  session: Session,
  { folders, afterArchive }: ImapSettings,
  endpoint: { readonly source: string; readonly host: string },
  signal: AbortSignal,
): Promise<void> {
  if (afterArchive === 'none') return
  if ('move' in afterArchive) await assertFolder(session, afterArchive.move, endpoint.source, signal)
  for (const folder of folders) {
    try {
      await checkPossible(session, folder, afterArchive, endpoint, signal)
    } catch (thrown) {
      if (!isRefusedFolder(thrown)) throw thrown
    }
  }
}

async function checkPossible(
  session: Session,
  path: string,
  afterArchive: AfterArchive,
  endpoint: { readonly source: string; readonly host: string },
  signal: AbortSignal,
): Promise<void> {
  const refuse = (reason: string) => {
    throw new YiwangError('SOURCE_UNSUPPORTED', { ...endpoint, setting: 'afterArchive', reason })
  }
  // Only a folder that is open for writing shows which flags it keeps.
  await session.inFolder(
    path,
    async ({ client, acceptsFlag }) => {
      if ('flag' in afterArchive && !acceptsFlag(afterArchive.flag))
        refuse(`${path} keeps no flag ${afterArchive.flag}`)
      const moves = client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS')
      if ('move' in afterArchive && !moves) refuse('neither MOVE nor UIDPLUS')
    },
    signal,
    'write',
  )
}
