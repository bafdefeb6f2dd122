import { afterAll, beforeAll } from 'vitest'
import type { DovecotServer } from '../../scripts/servers/dovecot.ts'
import { type ConnectorHarness, describeConnector } from '../connector.suite.ts'
import type { Connector } from '../connector.ts'
import { endFaultServers, listen } from './testing/fault-servers.ts'
import { connectTo, letter, ownDovecot } from './testing/mailboxes.ts'

let server: DovecotServer
beforeAll(async () => {
  server = await ownDovecot('imap')
})
afterAll(() => server?.stop())

function connect(changes: Readonly<Record<string, unknown>> = {}): Connector {
  const { tlsPort: port, caFile: caPath } = server
  return connectTo(server, { tls: 'implicit', port, caPath, ...changes })
}

let serial = 0

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
      await server.append(folder, ...texts.map(letter))
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
