import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type DovecotFolders, makeCertificate, makeFolders, writeConfiguration } from './dovecot-files.ts'
import { openMailbox } from './dovecot-mailbox.ts'
import { becomesReady, type Guarded, logTail, spawnGuarded } from './guarded.ts'
import { freePort, listens } from './ports.ts'
import { programFile } from './programs.ts'

const startBoundMs = 40_000

export interface DovecotOptions {
  /** Configuration, certificate, log and (unless run by root) mails are kept here. Made when missing. */
  readonly dir: string
  readonly user?: string
  readonly password?: string
}

/** A private Dovecot on 127.0.0.1 with one account; it ends with this process, however that ends. */
export interface DovecotServer {
  readonly host: '127.0.0.1'
  /** Plain IMAP, which also offers STARTTLS. */
  readonly port: number
  /** Implicit TLS with a certificate for 127.0.0.1 and localhost that `caFile` vouches for. */
  readonly tlsPort: number
  readonly caFile: string
  readonly user: string
  readonly password: string
  /** Puts messages into a folder, which is made when missing. */
  append(folder: string, ...messages: readonly Uint8Array[]): Promise<void>
  /** As `append`, for thousands: puts them into the Maildir itself. ASCII folder names only. */
  fill(folder: string, messages: readonly Uint8Array[]): Promise<void>
  /** Deletes messages, by UID (`1`, `3:7`, `1:*`). */
  remove(folder: string, uids: string): Promise<void>
  /** UIDVALIDITY, and UID and flags of each message, as text. */
  state(folder: string): Promise<string>
  /** Gives a folder a new UIDVALIDITY, as a restored backup does; the messages stay. No session may be open. */
  recreateMailbox(folder?: string): Promise<void>
  stop(): Promise<void>
}

/** Starts the Dovecot (2.3) of this machine; works for root and for an ordinary user. */
export async function startDovecot(options: DovecotOptions): Promise<DovecotServer> {
  const dir = resolve(options.dir)
  const { user = 'office', password = 'secret-13800138000' } = options
  mkdirSync(dir, { recursive: true })
  const folders = makeFolders(dir)
  const { caFile } = await makeCertificate(dir)
  const ports = { port: await freePort(), tlsPort: await freePort() }
  const config = writeConfiguration(dir, folders, { ...ports, user, password })
  const server = await launch(dir, config, ports.port)
  const discard = () => rmSync(folders.mail, { recursive: true, force: true })
  process.once('exit', discard)
  const account = { host: '127.0.0.1', port: ports.port, user, password } as const
  return {
    ...{ ...account, tlsPort: ports.tlsPort, caFile },
    async append(folder, ...messages) {
      await using mailbox = await openMailbox(account, folder)
      for (const message of messages) await mailbox.append(message)
    },
    async fill(folder, messages) {
      await using _made = await openMailbox(account, folder)
      deliver(folders, folder, messages)
    },
    async remove(folder, uids) {
      await using mailbox = await openMailbox(account, folder)
      await mailbox.remove(uids)
    },
    async state(folder) {
      await using mailbox = await openMailbox(account, folder)
      return await mailbox.state()
    },
    recreateMailbox: async (folder = 'INBOX') => changeUidValidity(folders, folder),
    async stop() {
      await server.stop(2_000)
      process.off('exit', discard)
      discard()
    },
  }
}

async function launch(dir: string, config: string, port: number): Promise<Guarded> {
  const logFile = join(dir, 'dovecot.log')
  const server = await spawnGuarded(programFile('dovecot'), ['-F', '-c', config], { logFile })
  if (await becomesReady(server, () => listens(port), startBoundMs)) return server
  throw new Error(`dovecot did not start. Its log says:\n${logTail(logFile)}`)
}

let delivered = 0

/** New files in a Maildir get their UIDs in the order of their names. */
function deliver({ mail, uid, gid }: DovecotFolders, folder: string, messages: readonly Uint8Array[]): void {
  for (const message of messages) {
    delivered += 1
    const file = join(maildirOf(mail, folder), 'new', `${String(delivered).padStart(12, '0')}.M0.localhost`)
    writeFileSync(file, message)
    chownSync(file, uid, gid)
  }
}

function maildirOf(mail: string, folder: string): string {
  return folder === 'INBOX' ? mail : join(mail, `.${folder}`)
}

/** Maildir++ keeps UIDVALIDITY in the head of dovecot-uidlist: `3 V<uidvalidity> N<uidnext> …`. */
function changeUidValidity({ mail }: DovecotFolders, folder: string): void {
  const path = maildirOf(mail, folder)
  const list = join(path, 'dovecot-uidlist')
  const [head = '', ...lines] = readFileSync(list, 'utf8').split('\n')
  const next = head.replace(/ V(\d+) /, (_, value: string) => ` V${Number(value) + 1} `)
  if (next === head) throw new Error(`No UIDVALIDITY in ${list}`)
  writeFileSync(list, [next, ...lines].join('\n'))
  for (const index of ['dovecot.index', 'dovecot.index.log', 'dovecot.index.log.2', 'dovecot.index.cache']) {
    rmSync(join(path, index), { force: true })
  }
}
