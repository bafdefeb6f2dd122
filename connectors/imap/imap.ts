import { YiwangError } from '../../config/errors.ts'
import type { Connector, ConnectorContext, ConnectorSpec, Cursor, Item } from '../connector.ts'
import { acknowledge, checkAfterArchive } from './acknowledging.ts'
import { ofEachFolder } from './folders.ts'
import { frame } from './messages.ts'
import { cursorOf, locatorOf, type Position, positionsOf } from './position.ts'
import { ahead, listFolder, readFolder } from './reading.ts'
import { connectSession, type Live, type Session } from './session.ts'
import { ImapSettings } from './settings.ts'
import { type Marks, markOf, waitForMail } from './waiting.ts'

/** A mailbox, read over IMAP (RFC 3501, RFC 9051). */
export const imap: ConnectorSpec<typeof ImapSettings.shape> = {
  kind: 'imap',
  version: '1',
  name: { en: 'E-mail (IMAP)', zh: '电子邮件（IMAP）' },
  summary: {
    en: 'Reads a mailbox over IMAP with TLS; leaves it as it is unless told to flag or move what is archived.',
    zh: '通过 TLS 加密的 IMAP 读取邮箱；除非设置了归档后标记或移动，否则不改动邮箱。',
  },
  channel: 'email',
  normalizer: 'email',
  settings: ImapSettings,
  example: `  - id: mayor-inbox
    connector: imap
    schedule: { every: 5m }
    host: imap.example.org
    user: mayor@example.org
    password: \${MAYOR_INBOX_PASSWORD}
    folders: [INBOX]
    afterArchive: { flag: '\\Seen' }
`,
  needs: ['login'],
  risks: [
    {
      en: 'afterArchive changes the mailbox for everyone who uses it. Messages are moved or flagged only once they are safe in the archive.',
      zh: 'afterArchive 会改变邮箱，影响所有使用者。邮件只在安全归档后才会被移动或标记。',
    },
    {
      en: 'tls: insecure sends the password and all mail unencrypted; it is refused for any host but this machine.',
      zh: 'tls: insecure 会以明文传输密码和所有邮件；仅允许用于本机。',
    },
  ],
  connect: connectImap,
}

function connectImap(settings: ImapSettings, { sourceId }: ConnectorContext): Connector {
  const sessions = new Map<'read' | 'ack', Session>()
  const connection =
    (use: 'read' | 'ack'): Live =>
    async (signal) => {
      const known = sessions.get(use)
      if (known?.alive === true) return known
      const session = await connectSession(settings, sourceId, signal)
      sessions.set(use, session)
      return session
    }
  const live = connection('read')
  const marks: Marks = new Map()
  const reader = { live, settings, marks, folders: settings.folders, source: sourceId }
  const endpoint = { source: sourceId, host: settings.host }
  const connector: Connector = {
    async open(signal) {
      await live(signal)
    },
    read: (from, signal) => untilAborted((either) => readItems(reader, from, either), signal),
    async ack(items, signal) {
      const { afterArchive } = settings
      if (afterArchive === 'none' || items.length === 0) return
      // A connection of its own: acknowledgements come in the middle of a read.
      await acknowledge(await connection('ack')(signal), items, afterArchive, endpoint, signal)
    },
    async close() {
      for (const session of sessions.values()) session.close()
      sessions.clear()
    },
    async probe(signal) {
      const openOne = async function* (path: string): AsyncGenerator<never> {
        await (await live(signal)).inFolder(path, async () => {}, signal)
      }
      for await (const _ of ofEachFolder(reader, openOne, signal));
      await checkAfterArchive(await live(signal), settings, endpoint, signal)
    },
    inventory: (signal) => untilAborted((either) => listLocators(reader, either), signal),
  }
  if (!settings.idle) return connector
  return {
    ...connector,
    wait: (signal) =>
      waitForMail(live, settings.folders, marks, signal).catch((thrown: unknown) => {
        if (!signal.aborted) throw thrown
      }),
  }
}

interface Reader {
  readonly live: Live
  readonly settings: ImapSettings
  readonly marks: Marks
  readonly folders: readonly string[]
  readonly source: string
}

function readItems(reader: Reader, from: Cursor | null, signal: AbortSignal): AsyncGenerator<Item> {
  const { live, settings, marks, folders } = reader
  const { maxMessageBytes, maxPerRun } = settings
  const positions = new Map(positionsOf(from, settings))
  // Shared, so that a flood in one folder does not keep the others waiting.
  const maxMessages = Math.ceil((maxPerRun ?? Number.POSITIVE_INFINITY) / folders.length)
  const readOne = async function* (path: string): AsyncGenerator<Item> {
    // Taken before the messages are listed: what comes later is news to `wait`.
    marks.set(path, await markOf(await live(signal), path, signal))
    const start = positions.get(path) ?? null
    const batches = readFolder(live, { path, from: start, maxMessages, maxMessageBytes }, signal)
    for await (const { uidValidity, messages } of ahead(batches)) {
      for (const message of messages) {
        const position: Position = { uidValidity, uid: message.uid }
        positions.set(path, position)
        yield { ...frame(message, path, position, maxMessageBytes), cursor: cursorOf(positions, settings) }
      }
    }
  }
  return ofEachFolder(reader, readOne, signal)
}

function listLocators(reader: Reader, signal: AbortSignal): AsyncGenerator<string> {
  const listOne = async function* (path: string): AsyncGenerator<string> {
    const all = { path, from: null, maxMessages: Number.POSITIVE_INFINITY }
    const { uidValidity, uids } = await listFolder(reader.live, all, signal)
    for (const uid of uids) yield locatorOf(path, { uidValidity, uid })
  }
  return ofEachFolder(reader, listOne, signal)
}

/**
 * Ends quietly on abort: an abort is the caller's wish, no failure of the source. What is under way when the caller has
 * enough is given up: a server may take minutes over it.
 */
async function* untilAborted<Value>(
  valuesUntil: (signal: AbortSignal) => AsyncGenerator<Value>,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  const enough = new AbortController()
  try {
    for await (const value of valuesUntil(AbortSignal.any([signal, enough.signal]))) {
      if (signal.aborted) return
      let goesOn = false
      try {
        yield value
        goesOn = true
      } finally {
        if (!goesOn) enough.abort()
      }
      if (signal.aborted) return
    }
  } catch (thrown) {
    if (!(signal.aborted && thrown instanceof YiwangError && thrown.code === 'STOPPED')) throw thrown
  }
}
