import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { YiwangError } from '../../config/errors.ts'
import type { Connector, Item } from '../connector.ts'
import { never, readAll } from '../suite/probe.ts'
import { imap } from './imap.ts'
import {
  cuttingProxy,
  endFaultServers,
  fetched,
  forward,
  hangUp,
  listen,
  listenTls,
  scriptedServer,
} from './testing/fault-servers.ts'
import { connectTo, letter, ownDovecot } from './testing/mailboxes.ts'

let server: Awaited<ReturnType<typeof ownDovecot>>
beforeAll(async () => {
  server = await ownDovecot('imap-failures')
})
afterEach(endFaultServers)
afterAll(() => server?.stop())

const connect = (changes: Readonly<Record<string, unknown>> = {}) => connectTo(server, changes)

/** The error that opening and reading ends with. */
async function failureOf(connector: Connector): Promise<YiwangError> {
  try {
    await connector.open(never())
    await readAll(connector)
  } catch (thrown) {
    if (thrown instanceof YiwangError) return thrown
    throw thrown
  } finally {
    await connector.close()
  }
  throw new Error('Nothing failed.')
}

describe('A login', () => {
  it('that is refused names the server, its answer, and never the password', async () => {
    const password = 'wrong-password-42'
    const error = await failureOf(connect({ password }))
    expect(error.code).toBe('SOURCE_AUTH')
    expect(error.details.host).toBe(`127.0.0.1:${server.port}`)
    expect(error.details.answer).toMatch(/Authentication failed/)
    expect(`${error.message}${JSON.stringify(error.details)}${error.stack}`).not.toContain(password)
    expect(error.cause).toBeUndefined()
  })

  it('hides a password that the server repeats', async () => {
    const port = await scriptedServer((command, tag) =>
      command.startsWith('LOGIN') ? `${tag} NO no ${command}\r\n` : null,
    )
    const error = await failureOf(connect({ port, password: 'repeat-me' }))
    expect(error.code).toBe('SOURCE_AUTH')
    expect(error.message).not.toContain('repeat-me')
  })

  it('hides a login name that is an address where the server repeats it', async () => {
    const port = await scriptedServer((command, tag) =>
      command.startsWith('LOGIN') ? `${tag} NO mayor@example.org is locked\r\n` : null,
    )
    const error = await failureOf(connect({ port, user: 'mayor@example.org' }))
    expect(error.details.answer).toBe('NO *** is locked')
  })

  it('that is refused for another cause than the credential is tried again soon, and is quoted', async () => {
    const answers = [
      'NO [LIMIT] too many',
      'NO [UNAVAILABLE] later',
      'NO [INUSE] locked',
      'NO [SERVERBUG] oh',
    ]
    for (const answer of answers) {
      const port = await scriptedServer((command, tag) =>
        command.startsWith('LOGIN') ? `${tag} ${answer}\r\n` : null,
      )
      const error = await failureOf(connect({ port, user: 'mayor@example.org' }))
      expect([error.code, error.kind]).toEqual(['SOURCE_REFUSED', 'transient'])
      expect(error.details).toMatchObject({ command: 'LOGIN', answer })
      expect(error.message).not.toContain('mayor@')
    }
    const port = await scriptedServer((command, tag) =>
      command.startsWith('LOGIN') ? `${tag} NO [EXPIRED] old\r\n` : null,
    )
    expect((await failureOf(connect({ port }))).code).toBe('SOURCE_AUTH')
  })

  it('by a token runs the command, and tells when it fails', async () => {
    const bad = await failureOf(
      connect({ password: null, tokenCommand: [process.execPath, '-e', 'process.exit(3)'] }),
    )
    expect([bad.code, bad.details.reason]).toEqual(['SOURCE_TOKEN', 'exit status 3'])
    const none = await failureOf(connect({ password: null, tokenCommand: [process.execPath, '-e', ''] }))
    expect([none.code, none.details.reason]).toEqual(['SOURCE_TOKEN', 'it printed no token'])
    const talkative = [process.execPath, '-e', 'console.log("warning: cached\\ntoken-1")']
    const more = await failureOf(connect({ password: null, tokenCommand: talkative }))
    expect([more.code, more.details.reason]).toEqual([
      'SOURCE_TOKEN',
      'it printed more than a token, or what is none',
    ])
    const slow = connect({
      password: null,
      timeoutMs: 300,
      tokenCommand: [process.execPath, '-e', 'setInterval(()=>{},9)'],
    })
    expect((await failureOf(slow)).details.reason).toBe('no end within 300 ms')
    const missing = await failureOf(connect({ password: null, tokenCommand: ['/no/such/command'] }))
    expect([missing.code, missing.details.reason]).toEqual(['SOURCE_TOKEN', 'ENOENT'])
  })

  it('by a token tells how the command died, and none of its arguments or words', async () => {
    const script = 'console.error("said-1");process.kill(process.pid,"SIGABRT")'
    const died = await failureOf(
      connect({ password: null, tokenCommand: [process.execPath, '-e', script, 'secret-2'] }),
    )
    expect([died.code, died.details.reason]).toEqual(['SOURCE_TOKEN', 'ended by SIGABRT'])
    const endless = await failureOf(
      connect({
        password: null,
        tokenCommand: [process.execPath, '-e', 'console.log("y".repeat(99_999))'],
      }),
    )
    expect([endless.code, endless.details.reason]).toEqual([
      'SOURCE_TOKEN',
      'it printed more than 65536 bytes',
    ])
  })

  it('by a token ends a command that heeds no request to end', async () => {
    const deaf = 'process.on("SIGTERM",()=>{});setTimeout(()=>{},55_000);console.log("-")'
    const connector = connect({
      password: null,
      timeoutMs: 1_000,
      tokenCommand: [process.execPath, '-e', deaf],
    })
    const begunAt = performance.now()
    expect((await failureOf(connector)).details.reason).toBe('no end within 1000 ms')
    expect(performance.now() - begunAt).toBeLessThan(40_000)
  })

  it('by a token sends it as XOAUTH2', async () => {
    let sent = ''
    const port = await listen((socket) => {
      socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready\r\n')
      socket.on('data', (data) => {
        const [tag = '', command = '', mechanism = '', token = ''] = data.toString().trim().split(' ')
        if (mechanism === 'XOAUTH2') sent = Buffer.from(token, 'base64').toString()
        if (command === 'AUTHENTICATE') socket.write(`${tag} NO expired\r\n`)
      })
    })
    const tokenCommand = [process.execPath, '-e', 'console.log("token-77")']
    const error = await failureOf(connect({ port, password: null, tokenCommand }))
    expect(sent).toBe('user=office\x01auth=Bearer token-77\x01\x01')
    expect([error.code, error.details.answer]).toEqual(['SOURCE_AUTH', 'NO expired'])
  })
})

describe('A kind of login that the server does not have', () => {
  it.each([
    ['IMAP4rev1', { password: null, tokenCommand: [process.execPath, '-e', 'console.log("t")'] }],
    ['IMAP4rev1 LOGINDISABLED AUTH=GSSAPI', { password: 'secret' }],
  ])('is named by its setting: %s', async (capabilities, login) => {
    const port = await listen((socket) => void socket.write(`* OK [CAPABILITY ${capabilities}] ready\r\n`))
    const { code, kind, details } = await failureOf(connect({ port, ...login }))
    expect([code, kind]).toEqual(['SOURCE_UNSUPPORTED', 'config'])
    expect(details.setting).toBe(login.password === null ? 'tokenCommand' : 'password')
  })
})

describe('TLS', () => {
  it('is refused without the authority of the certificate, and works with it', async () => {
    const { tlsPort: port, caFile: caPath } = server
    const error = await failureOf(connect({ port, tls: 'implicit' }))
    expect(error.code).toBe('SOURCE_TLS')
    expect(error.details.reason).toMatch(/SELF_SIGNED/)
    const connector = connect({ port, tls: 'implicit', caPath })
    await connector.open(never())
    await connector.close()
  })

  it('is refused for a name that the certificate does not have', async () => {
    const { tlsPort: port, caFile: caPath } = server
    const error = await failureOf(
      connect({ host: '127.0.0.2', port: await forward(port), tls: 'implicit', caPath }),
    )
    expect(error.code).toBe('SOURCE_TLS')
    expect(error.details.reason).toMatch(/ALTNAME/)
  })

  it('comes after STARTTLS, and nothing is said without it', async () => {
    const { caFile: caPath } = server
    const connector = connect({ tls: 'starttls', caPath })
    await connector.open(never())
    await connector.close()
    let said = ''
    const port = await scriptedServer((command) => {
      said += command
      return null
    })
    expect((await failureOf(connect({ port, tls: 'starttls' }))).code).toBe('SOURCE_TLS')
    expect(said).not.toMatch(/LOGIN|AUTHENTICATE/)
  })

  it('that is cut off as it begins is tried again soon, as any connection', async () => {
    const begin = await listen((socket) => socket.once('data', () => socket.destroy()))
    const upgrade = await listen((socket) => {
      socket.write('* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n')
      socket.once('data', () => socket.write('1 OK begin\r\n', () => socket.destroy()))
    })
    for (const [tls, port] of [
      ['implicit', begin],
      ['starttls', upgrade],
    ]) {
      const error = await failureOf(connect({ tls, port }))
      expect([tls, error.code]).toEqual([tls, 'SOURCE_UNREACHABLE'])
    }
  })

  it('against a port without TLS, or with a missing authority file, says so', async () => {
    const plain = await failureOf(connect({ tls: 'implicit' }))
    expect(plain.code).toBe('SOURCE_TLS')
    expect(plain.details.reason).toBe('ERR_SSL_WRONG_VERSION_NUMBER: wrong version number')
    const { promise: connected, resolve: onConnection } = Promise.withResolvers<unknown>()
    const port = await listen(onConnection)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const failing = failureOf(connect({ port }))
    await connected
    // The client hears of it in this turn of the event loop or the next.
    for (const _ of [1, 2]) await setImmediate()
    vi.advanceTimersByTime(0.95 * 60_000)
    vi.useRealTimers()
    const silent = await failing
    expect(silent.code).toBe('SOURCE_UNREACHABLE')
    expect(silent.details.reason).toMatch(/greeting.*TLS/)
    const missing = await failureOf(connect({ caPath: join(server.dir, 'none.pem') }))
    expect([missing.code, missing.details.reason]).toEqual(['SOURCE_PATH', 'ENOENT'])
  })

  it('with an authority file that holds no certificate as it reads them, says so', async () => {
    const der = join(server.dir, 'certificate.cer')
    writeFileSync(der, new X509Certificate(readFileSync(server.caFile)).raw)
    const broken = await failureOf(connect({ port: server.tlsPort, tls: 'implicit', caPath: der }))
    expect([broken.code, broken.details.reason]).toEqual(['SOURCE_TLS', `no PEM certificate in ${der}`])
  })

  it('may be left out for this machine only', () => {
    const settings = { host: 'imap.example.org', tls: 'insecure', user: 'office', password: 'x' }
    expect(imap.settings.safeParse(settings).error?.issues[0]?.path).toEqual(['tls'])
    for (const host of ['localhost', '127.0.0.1', '::1']) {
      expect(imap.settings.safeParse({ ...settings, host }).success).toBe(true)
    }
  })
})

describe('A setting of the wrong form', () => {
  const account = { host: 'imap.example.org', user: 'office', password: 'x' }

  it.each([
    [{ host: 'imap.example.org:993' }, 'without a port'],
    [{ host: 'imaps://imap.example.org' }, 'without a port'],
    [{ afterArchive: { flag: '\\\\Seen' } }, 'one backslash'],
    [{ afterArchive: { flag: '已读' } }, 'one backslash'],
    // So it is written for files.
    [{ afterArchive: 'move' }, '{ move: Folder }'],
    [{ folders: ['IN\tBOX'] }, 'control characters'],
    [{ folders: ['INBOX', 'Inbox'] }, 'each folder once'],
    [{ afterArchive: { move: 'inbox' } }, 'a folder that is read'],
  ])('is refused in words: %j', (changes, words) => {
    const messages = JSON.stringify(imap.settings.safeParse({ ...account, ...changes }).error?.issues)
    expect(messages).toContain(words)
  })

  it('is none where the host is an IPv6 address', () => {
    expect(imap.settings.safeParse({ ...account, host: '2001:db8::1' }).success).toBe(true)
  })
})

describe('A folder', () => {
  it('that is missing is named beside those that exist', async () => {
    await server.append('Complaints')
    const error = await failureOf(connect({ folders: ['INBOX', 'Complaint'] }))
    expect([error.code, error.kind]).toEqual(['SOURCE_FOLDER_MISSING', 'config'])
    expect(error.details.folder).toBe('Complaint')
    expect(error.details.existing).toContain('Complaints')
  })

  it.each([
    ['投诉', 'INBOX.投诉'],
    ['INBOX.complaint', 'Complaints'],
    ['INBOX.Archive.202', 'INBOX.Archive.2002'],
  ])('%s that is missing among many is told with the ten that are nearest', async (folder, first) => {
    const archives = Array.from({ length: 40 }, (_, at) => `INBOX.Archive.${at + 1980}`)
    const names = ['INBOX', ...archives, 'Complaints', 'INBOX.&YpWLyQ-']
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('EXAMINE')) return `${tag} NO no such folder\r\n`
      if (command === 'LIST "" ""') return `* LIST (\\Noselect) "." ""\r\n${tag} OK\r\n`
      const listed = names.map((name) => `* LIST () "." ${name}\r\n`).join('')
      return command.startsWith('LIST') ? `${listed}${tag} OK\r\n` : null
    })
    const { code, details } = await failureOf(connect({ port, folders: [folder] }))
    expect(code).toBe('SOURCE_FOLDER_MISSING')
    const listed = String(details.existing).split(', ')
    expect(listed[0]).toBe(first)
    expect(listed.slice(10)).toEqual(['… (+33)'])
  })

  it('to move to that is missing, or a flag that is not kept, keeps nothing back, and is told by a check and when it is needed', async () => {
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('UID MOVE')) return `${tag} NO [TRYCREATE] no such folder\r\n`
      if (/^(LOGIN|CAPABILITY)/.test(command)) return `* CAPABILITY IMAP4rev1 MOVE\r\n${tag} OK\r\n`
      if (/^(EXAMINE|SELECT)/.test(command))
        return `* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [PERMANENTFLAGS (\\Seen)] ok\r\n${tag} OK\r\n`
      return /^UID FETCH .*BODY/.test(command) ? `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    for (const [afterArchive, code] of [
      [{ move: 'Nowhere' }, 'SOURCE_FOLDER_MISSING'],
      [{ flag: 'Archived' }, 'SOURCE_UNSUPPORTED'],
    ] as const) {
      const connector = connect({ port, afterArchive })
      await connector.open(never())
      const items = await readAll(connector)
      expect(items).toHaveLength(3)
      await expect(connector.probe?.(never())).rejects.toMatchObject({ code })
      await expect(connector.ack(items, never())).rejects.toMatchObject({ code })
      await connector.close()
    }
  })

  it.each([
    ['MOVE', '\\Deleted', { move: 'INBOX' }, true],
    ['UIDPLUS', '\\Deleted', { move: 'INBOX' }, true],
    ['UIDPLUS', '\\*', { move: 'INBOX' }, false],
    ['UIDPLUS', '\\*', { flag: '\\Seen' }, false],
    ['UIDPLUS', '\\*', { flag: 'Archived' }, true],
    ['UIDPLUS', '\\Seen \\*', { flag: '\\seen' }, true],
    ['MOVE', '\\*', { move: 'INBOX' }, true],
  ])(
    'of a server with %s that keeps the flag %s takes afterArchive %j: %s',
    async (has, keeps, afterArchive, takes) => {
      const port = await scriptedServer((command, tag) => {
        if (/^(LOGIN|CAPABILITY)/.test(command)) return `* CAPABILITY IMAP4rev1 ${has}\r\n${tag} OK\r\n`
        const flags = `* OK [PERMANENTFLAGS (\\Answered ${keeps})] ok\r\n`
        return /^(EXAMINE|SELECT)/.test(command) ? `* OK [UIDVALIDITY 7] ok\r\n${flags}${tag} OK\r\n` : null
      })
      const connector = connect({ port, folders: ['Complaints'], afterArchive })
      await connector.open(never())
      const checked = Promise.resolve(connector.probe?.(never()))
      if (takes) await checked
      else await expect(checked).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' })
      await connector.close()
    },
  )

  it.each([
    [
      ['Lost', 'INBOX', 'Lost too', 'Kept'],
      ['INBOX', 'Kept'],
    ],
    [['Lost', 'Lost too', 'INBOX'], []],
  ])(
    'in which the connection is lost keeps no other back, unless it is lost in the next one too: %j',
    async (folders, read) => {
      const port = await scriptedServer((command, tag) => {
        if (/^EXAMINE "?Lost/.test(command)) return hangUp
        const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
        return uids === undefined ? null : `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n`
      })
      const connector = connect({ port, folders })
      const found = new Set<string | undefined>()
      const reading = async () => {
        for await (const { meta } of connector.read(null, never())) found.add(meta.mailbox)
      }
      await expect(reading()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
      expect([...found]).toEqual(read)
      await connector.close()
    },
  )

  it('that is missing keeps no other back, is told once these are read, and by a recount', async () => {
    await server.append('Kept', letter('one'))
    for (const afterArchive of ['none', { flag: 'Archived' }]) {
      const connector = connect({ folders: ['Renamed', 'Kept'], afterArchive })
      await connector.open(never())
      const items: Item[] = []
      const reading = async () => {
        for await (const item of connector.read(null, never())) items.push(item)
      }
      const missing = { code: 'SOURCE_FOLDER_MISSING', details: { folder: 'Renamed' } }
      await expect(reading()).rejects.toMatchObject(missing)
      expect(items.map(({ meta }) => meta.mailbox)).toEqual(['Kept'])
      const recount = async () => {
        for await (const _ of connector.inventory?.(never()) ?? []);
      }
      await expect(recount()).rejects.toMatchObject(missing)
      await expect(connector.probe?.(never())).rejects.toMatchObject(missing)
      await connector.close()
    }
  })
})

describe('What a server refuses', () => {
  const refusing = (refused: RegExp, answer: string) =>
    scriptedServer((command, tag) => {
      if (refused.test(command)) return `${tag} ${answer}\r\n`
      if (/^(LOGIN|CAPABILITY)/.test(command)) return `* CAPABILITY IMAP4rev1 MOVE\r\n${tag} OK\r\n`
      if (/^UID FETCH .*BODY/.test(command)) return `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n`
      const folders = '* LIST () "/" INBOX\r\n* LIST () "/" Done\r\n* LIST () "/" &YpWLyQ-\r\n'
      if (command === 'LIST "" ""') return `* LIST (\\Noselect) "/" ""\r\n${tag} OK\r\n`
      return command.startsWith('LIST') ? `${folders}${tag} OK\r\n` : null
    })

  it('is told in its own words, with the folder by its name', async () => {
    const answer = 'NO [NOPERM] Permission denied'
    const examine = await failureOf(
      connect({ port: await refusing(/^EXAMINE "?&Yp/, answer), folders: ['INBOX', '投诉'] }),
    )
    expect([examine.code, examine.details.command]).toEqual(['SOURCE_REFUSED', 'EXAMINE 投诉'])
    expect(examine.details.answer).toContain('Permission denied')
    const search = await failureOf(connect({ port: await refusing(/^UID SEARCH/, answer) }))
    expect([search.code, search.details.command]).toEqual(['SOURCE_REFUSED', 'UID SEARCH INBOX'])
    expect(search.details.answer).toContain('Permission denied')
  })

  it('in one folder keeps no other back, and is told once these are read', async () => {
    const port = await refusing(/^EXAMINE "?&Yp/, 'NO [NOPERM] Permission denied')
    const connector = connect({ port, folders: ['投诉', 'INBOX'] })
    const items: Item[] = []
    const reading = async () => {
      for await (const item of connector.read(null, never())) items.push(item)
    }
    await expect(reading()).rejects.toMatchObject({ details: { command: 'EXAMINE 投诉' } })
    expect(items.map(({ meta }) => `${meta.mailbox} ${meta.uid}`)).toEqual(['INBOX 1', 'INBOX 2', 'INBOX 3'])
    expect(Object.keys(items.at(-1)?.cursor ?? {})).not.toContain('投诉')
    await connector.close()
  })

  it('is told also where it is asked to move or flag', async () => {
    for (const [afterArchive, command] of [
      [{ move: 'Done' }, 'UID MOVE INBOX → Done'],
      [{ flag: 'Archived' }, 'UID STORE INBOX'],
    ] as const) {
      const port = await refusing(/^UID (MOVE|STORE)/, 'NO [OVERQUOTA] Quota exceeded')
      const connector = connect({ port, afterArchive })
      await connector.open(never())
      const items = await readAll(connector)
      const acknowledged = connector.ack(items, never())
      await expect(acknowledged).rejects.toMatchObject({ code: 'SOURCE_REFUSED', kind: 'transient' })
      await expect(acknowledged).rejects.toMatchObject({
        details: { command, answer: expect.stringContaining('Quota') },
      })
      await connector.close()
    }
  })

  it.each([
    [1, 'is copied at the next attempt and then deleted', ['COPY', 'COPY', 'STORE', 'EXPUNGE']],
    [9, 'is not deleted uncopied', ['COPY', 'COPY', 'COPY']],
  ])('%d times because others are gone %s', async (times, _, commands) => {
    const given: string[] = []
    const port = await scriptedServer((command, tag) => {
      if (/^(LOGIN|CAPABILITY)/.test(command)) return `* CAPABILITY IMAP4rev1 UIDPLUS\r\n${tag} OK\r\n`
      const [, name] = /^UID (COPY|STORE|EXPUNGE)/.exec(command) ?? []
      if (name !== undefined) given.push(name)
      if (name === 'COPY' && given.length <= times)
        return `${tag} NO [EXPUNGEISSUED] Some of the requested messages no longer exist.\r\n`
      return /^UID FETCH .*BODY/.test(command) ? `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    const connector = connect({ port, folders: ['Complaints'], afterArchive: { move: 'INBOX' } })
    await connector.open(never())
    const acknowledged = connector.ack(await readAll(connector), never())
    if (commands.includes('EXPUNGE')) await acknowledged
    else await expect(acknowledged).rejects.toMatchObject({ code: 'SOURCE_REFUSED' })
    expect(given).toEqual(commands)
    await connector.close()
  })
})

describe('A connection', () => {
  it('that the server ends is no fault of TLS, and its last words are told', async () => {
    const bye = '* BYE Too many connections\r\n'
    const { caFile: caPath } = server
    const tlsPort = await listenTls(join(server.dir, 'key.pem'), caPath, (socket) => void socket.end(bye))
    const ends = [
      connect({ port: tlsPort, tls: 'implicit', caPath }),
      connect({ port: await listen((socket) => void socket.end(bye)) }),
      connect({ port: await scriptedServer((command) => (/^LOGIN/.test(command) ? bye : null)) }),
      connect({ port: await scriptedServer((command) => (/^UID SEARCH/.test(command) ? bye : null)) }),
    ]
    for (const connector of ends) {
      const { code, details } = await failureOf(connector)
      expect([code, details.reason]).toEqual(['SOURCE_UNREACHABLE', 'BYE Too many connections'])
    }
    const cut = await listenTls(join(server.dir, 'key.pem'), caPath, (socket) => void socket.destroy())
    expect((await failureOf(connect({ port: cut, tls: 'implicit', caPath }))).code).toBe('SOURCE_UNREACHABLE')
  })

  it('that is cut in the middle is made anew, and where it cannot be, the next read goes on from the last cursor', async () => {
    const texts = Array.from({ length: 600 }, (_, index) => `letter ${index} ${'x'.repeat(500)}`)
    await server.fill('Cut', texts.map(letter))
    const port = await cuttingProxy(server.port, [200_000, 60_000, 0, 100_000, 0])
    const connector = connect({ port, folders: ['Cut'] })
    const items: Item[] = []
    let failures = 0
    while (items.length < 600 && failures < 10) {
      try {
        for await (const item of connector.read(items.at(-1)?.cursor ?? null, never())) items.push(item)
      } catch (thrown) {
        failures += 1
        expect(thrown).toBeInstanceOf(YiwangError)
        expect(thrown).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
      }
    }
    await connector.close()
    expect(failures).toBe(2)
    expect(items.map(({ meta }) => Number(meta.uid))).toEqual(texts.map((_, index) => index + 1))
  })

  it.each([
    ['before', 0],
    ['behind', 1],
  ])(
    'that is cut again and again gives a large message %s a small one within one read',
    async (where, at) => {
      // Ends where a part ends.
      const large = letter('x'.repeat(16 * 65_536 - letter('').byteLength))
      const letters = [letter('small')].toSpliced(at, 0, large)
      await server.fill(`Large-${where}`, letters)
      const port = await cuttingProxy(server.port, Array(30).fill(200_000))
      const connector = connect({ port, folders: [`Large-${where}`] })
      const items = await readAll(connector)
      await connector.close()
      expect(items.map(({ meta }) => meta.problem ?? 'whole')).toEqual(['whole', 'whole'])
      expect(Buffer.from(items[at]?.body ?? []).equals(large)).toBe(true)
    },
  )

  it('that falls silent is given up after the time that is set', async () => {
    const silent = await listen(() => {})
    const error = await failureOf(connect({ port: silent, timeoutMs: 200 }))
    expect([error.code, error.kind]).toEqual(['SOURCE_UNREACHABLE', 'transient'])
    const port = await scriptedServer((command) => (command.startsWith('UID FETCH') ? '' : null))
    expect((await failureOf(connect({ port, timeoutMs: 200 }))).code).toBe('SOURCE_UNREACHABLE')
  })

  it('that hangs ends at once on abort', async () => {
    const controller = new AbortController()
    const port = await scriptedServer((command) => {
      if (!command.startsWith('UID FETCH')) return null
      controller.abort()
      return ''
    })
    const connector = connect({ port })
    await connector.open(controller.signal)
    const next = connector.read(null, controller.signal)[Symbol.asyncIterator]().next()
    expect(await next).toEqual({ done: true, value: undefined })
    await connector.close()
  })

  it('is not begun when the work is already stopped', async () => {
    const stopped = AbortSignal.abort()
    await expect(connect().open(stopped)).rejects.toMatchObject({ code: 'STOPPED' })
  })
})
