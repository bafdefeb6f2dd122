import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../config/clock.ts'
import { createLogger } from '../../config/logging.ts'
import { type DovecotServer, startDovecot } from '../../scripts/servers/dovecot.ts'
import { type ConnectorHarness, describeConnector } from '../connector.suite.ts'
import type { Connector } from '../connector.ts'
import { imap } from './imap.ts'
import { endFaultServers, listen } from './testing/fault-servers.ts'

const log = createLogger({ level: 'silent' })
const context = { sourceId: 'inbox', log, clock: systemClock }
let dir = ''
let server: DovecotServer

beforeAll(async () => {
  const parent = join(import.meta.dirname, '../../var/test')
  mkdirSync(parent, { recursive: true })
  dir = mkdtempSync(join(parent, 'imap-'))
  server = await startDovecot({ dir })
})
afterAll(async () => {
  await server?.stop()
  rmSync(dir, { recursive: true, force: true })
})

function connect(changes: Readonly<Record<string, unknown>> = {}): Connector {
  const { host, tlsPort: port, caFile: caPath, user, password } = server
  return imap.connect(imap.settings.parse({ host, port, caPath, user, password, ...changes }), context)
}

let serial = 0
function letter(text: string): Uint8Array {
  return Buffer.from(
    `Message-ID: <${++serial}@example.org>\r\nFrom: <wang@example.org>\r\nSubject: lamp\r\n\r\n${text}\r\n`,
  )
}

/** A fresh folder per harness stands for a fresh mailbox. */
async function imapHarness(settings: Readonly<Record<string, unknown>> = {}): Promise<ConnectorHarness> {
  const folder = `Suite-${++serial}`
  const aside = `${folder}-done`
  await server.append(folder)
  await server.append(aside)
  const silentPort = await listen(() => {})
  return {
    async add(count) {
      const texts = Array.from({ length: count }, () => `text-${++serial}.`)
      await server.append(folder, ...texts.map((text) => letter(text)))
      return texts
    },
    connect: () =>
      connect({
        folders: [folder],
        ...settings,
        ...('move' in Object(settings.afterArchive) ? { afterArchive: { move: aside } } : {}),
      }),
    connectNowhere: () => connect({ port: 1 }),
    connectSilent: (timeoutMs) => connect({ port: silentPort, timeoutMs }),
    state: async () => `${await server.state(folder)}\n${await server.state(aside)}`,
    secrets: [server.password],
    dispose: async () => endFaultServers(),
  }
}

const traits = ['inventory', 'wait', 'exact', 'remote'] as const
describeConnector('IMAP that leaves the mailbox alone', () => imapHarness(), traits)
describeConnector('IMAP that flags', () => imapHarness({ afterArchive: { flag: '\\Seen' } }), traits)
describeConnector('IMAP that moves', () => imapHarness({ afterArchive: { move: 'aside' } }), traits)
