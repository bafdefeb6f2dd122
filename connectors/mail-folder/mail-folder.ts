import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { YiwangError } from '../../config/errors.ts'
import type { Connector, ConnectorContext, ConnectorSpec, Cursor, Item } from '../connector.ts'
import { errnoOf } from '../errno.ts'
import { shortHash } from '../short-hash.ts'
import { waitForFolder } from '../watch-folder.ts'
import { type Listing, listMails, locatorOf, type MailFile } from './listing.ts'
import { frameFile } from './mail-file.ts'
import { putAway } from './putting-away.ts'
import { MailFolderSettings } from './settings.ts'

/**
 * Files that changed this long before the newest one read are read again; the archive recognises them.
 * It covers clocks that step back, and file systems that keep the ctime when a file is moved in.
 */
const overlapNs = 60_000_000_000n
/** After so long without news none of that comes any more: of a folder that was filled at once, all would be read for ever. */
const quietNs = 3_600_000_000_000n

/** A folder of .eml files, or a Maildir. */
export const mailFolder: ConnectorSpec<typeof MailFolderSettings.shape> = {
  kind: 'mail-folder',
  version: '1',
  name: { en: 'Mail folder', zh: '邮件文件夹' },
  summary: {
    en: 'Reads mails from files: a folder of .eml files, or a Maildir that a mail server delivers into.',
    zh: '从文件读取邮件：存放 .eml 文件的文件夹，或邮件服务器投递的 Maildir。',
  },
  channel: 'email',
  normalizer: 'email',
  settings: MailFolderSettings,
  example: `  - id: forwarded-letters
    connector: mail-folder
    path: mails/incoming
    schedule: { every: 1m }
`,
  needs: ['folder'],
  risks: [
    {
      en: 'afterArchive: delete removes the files; the archive then holds the only copy.',
      zh: 'afterArchive: delete 会删除文件，此后只有归档中留有副本。',
    },
  ],
  connect: (settings, context) => new MailFolderConnector(settings, context),
}

class MailFolderConnector implements Connector {
  readonly #settings: MailFolderSettings
  readonly #context: ConnectorContext
  /** Locators that `wait` need not tell of again. */
  #known = new Set<string>()

  constructor(settings: MailFolderSettings, context: ConnectorContext) {
    this.#settings = settings
    this.#context = context
  }

  async open(_signal: AbortSignal): Promise<void> {
    await this.#list()
  }

  async *read(from: Cursor | null, signal: AbortSignal): AsyncGenerator<Item> {
    const scope = scopeOf(this.#settings)
    const now = this.#context.clock()
    const start = startOf(from, scope, now)
    const quietSince = BigInt(Math.floor(now)) * 1_000_000n - quietNs
    const { ready } = await this.#list()
    this.#known = new Set(ready.map(locatorOf))
    let readTo = start
    for (const file of ready) {
      if (signal.aborted) return
      if (file.stats.ctimeNs < start) continue
      const framed = await frameFile(file, this.#settings.maxMessageBytes)
      if (signal.aborted) return
      // Whoever names one file, as an import does, waits for this one.
      if (framed === null && resolve(file.path) === resolve(this.#settings.path))
        throw this.#unreachable(new Error('it is being written to'))
      if (framed === null) continue
      const { ctimeNs } = file.stats
      const reached = ctimeNs < quietSince ? ctimeNs + overlapNs : ctimeNs
      if (reached > readTo) readTo = reached
      yield { ...framed, cursor: { scope, readTo: String(readTo) } }
    }
  }

  async ack(items: readonly Item[], _signal: AbortSignal): Promise<void> {
    if (this.#settings.afterArchive === 'keep' || items.length === 0) return
    const root = await this.#root()
    for (const { meta, externalId } of items) {
      // What could not be read whole is nowhere else: it stays for a person to look at.
      if (meta.locator === undefined || meta.problem !== undefined) continue
      try {
        const moved = await putAway(this.#settings, root, meta.locator, externalId)
        if (moved !== null) this.#known.add(moved)
      } catch (error) {
        const details = { source: this.#context.sourceId, file: meta.file ?? '', reason: errnoOf(error) }
        throw new YiwangError('SOURCE_FILE_STUCK', details, error)
      }
    }
  }

  async close(): Promise<void> {}

  async *inventory(signal: AbortSignal): AsyncGenerator<string> {
    for (const file of (await this.#list()).ready) {
      if (signal.aborted) return
      yield locatorOf(file)
    }
  }

  async wait(signal: AbortSignal): Promise<void> {
    let unsettled = 0
    const hasNew = async () => {
      const listing = await this.#list()
      unsettled = listing.unsettled
      return this.#learn(listing.ready)
    }
    const root = await this.#root()
    const lookMs = () => (unsettled > 0 ? this.#settings.settleMs : Number.POSITIVE_INFINITY)
    await waitForFolder(await watchedFolder(root), hasNew, lookMs, signal)
  }

  /** Whether there are files that were not there at the last look. */
  #learn(files: readonly MailFile[]): boolean {
    const before = this.#known
    this.#known = new Set(files.map(locatorOf))
    return files.some((file) => !before.has(locatorOf(file)))
  }

  async #root(): Promise<string> {
    const { path } = this.#settings
    return this.#reaching(async () => ((await stat(path)).isDirectory() ? path : dirname(path)))
  }

  #list(): Promise<Listing> {
    return this.#reaching(() => listMails(this.#settings, this.#context.clock()))
  }

  async #reaching<Value>(look: () => Promise<Value>): Promise<Value> {
    try {
      return await look()
    } catch (error) {
      throw this.#unreachable(error)
    }
  }

  #unreachable(error: unknown): YiwangError {
    const details = { source: this.#context.sourceId, path: this.#settings.path, reason: errnoOf(error) }
    return new YiwangError('SOURCE_PATH', details, error)
  }
}

/** A Maildir's deliveries show in `new`. */
async function watchedFolder(root: string): Promise<string> {
  const news = await stat(`${root}/new`).catch(() => null)
  return news?.isDirectory() ? `${root}/new` : root
}

/** Names which files a cursor speaks of. */
function scopeOf({ path, recursive }: MailFolderSettings): string {
  return shortHash(JSON.stringify([resolve(path), recursive]))
}

/**
 * The earliest ctime to read. Everything when the cursor is unknown, speaks of other files, or lies in the future:
 * then the clock was set back. Earlier versions wrote no scope.
 */
function startOf(from: Cursor | null, scope: string, now: number): bigint {
  const { readTo, scope: madeFor = scope } = from ?? {}
  if (madeFor !== scope || typeof readTo !== 'string' || !/^\d{1,20}$/.test(readTo)) return 0n
  const newest = BigInt(readTo)
  if (newest > BigInt(Math.ceil(now)) * 1_000_000n + overlapNs) return 0n
  return newest > overlapNs ? newest - overlapNs : 0n
}
