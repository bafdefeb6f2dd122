import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger } from '../../../config/logging.ts'
import { type DovecotServer, startDovecot } from '../../../scripts/servers/dovecot.ts'
import type { Connector } from '../../connector.ts'
import { imap } from '../imap.ts'

type Account = Pick<DovecotServer, 'port' | 'user' | 'password'>

/** What a scripted server, which takes any login, is asked for. */
const anybody = { user: 'office', password: 'secret' }

/** A connector, not opened, for a mailbox of this machine without TLS: of an account, or on the port of a scripted server. */
export function connectTo(of: Account | number, changes: Readonly<Record<string, unknown>> = {}): Connector {
  const { port, user, password } = typeof of === 'number' ? { port: of, ...anybody } : of
  const account = { host: '127.0.0.1', port, tls: 'insecure', user, password }
  const settings = imap.settings.parse({ ...account, ...changes })
  const log = createLogger({ level: 'silent' })
  return imap.connect(settings, { sourceId: 'inbox', log, clock: Date.now })
}

/** A Dovecot and the folder of its files, which `stop` removes. @param name of the tests, which begins that of the folder */
export async function ownDovecot(name: string): Promise<DovecotServer & { readonly dir: string }> {
  const parent = join(import.meta.dirname, '../../../var/test')
  mkdirSync(parent, { recursive: true })
  const dir = mkdtempSync(join(parent, `${name}-`))
  const server = await startDovecot({ dir })
  const stop = async () => {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  return { ...server, dir, stop }
}

/** A mail with this text. */
export function letter(text: string): Uint8Array {
  return Buffer.from(`From: <wang@example.org>\r\nSubject: lamp\r\n\r\n${text}\r\n`)
}
