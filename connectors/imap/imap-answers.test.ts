import { afterEach, describe, expect, it, vi } from 'vitest'
import { YiwangError } from '../../config/errors.ts'
import type { Item } from '../connector.ts'
import { bounded, never, readAll } from '../suite/probe.ts'
import { imap } from './imap.ts'
import { endFaultServers, fetched, hangUp, scriptedServer } from './testing/fault-servers.ts'
import { connectTo } from './testing/mailboxes.ts'

afterEach(endFaultServers)

async function readFrom(
  port: number,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<readonly Item[]> {
  const connector = connectTo(port, changes)
  try {
    await connector.open(never())
    return await readAll(connector)
  } finally {
    await connector.close()
  }
}

/** So many messages, of which `body` answers the fetches. */
function serverOf(count: number, body: (uids: string, tag: string) => string): Promise<number> {
  const all = Array.from({ length: count }, (_, at) => at + 1)
  const sizes = all.map((uid) => `* ${uid} FETCH (UID ${uid} RFC822.SIZE 20)\r\n`)
  return scriptedServer((command, tag) => {
    if (/^UID SEARCH/.test(command)) return `* SEARCH ${all.join(' ')}\r\n${tag} OK\r\n`
    if (/^UID FETCH .*SIZE/.test(command)) return `${sizes.join('')}${tag} OK\r\n`
    const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
    return uids === undefined ? null : body(uids, tag)
  })
}

describe('A server', () => {
  const answers = async (fetch: (uids: string, tag: string) => string, changes = {}) => {
    const port = await scriptedServer((command, tag) => {
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      return uids === undefined ? null : fetch(uids, tag)
    })
    return (await readFrom(port, changes)).map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)
  }

  it('that refuses a batch because of one message gives the others', async () => {
    const found = await answers((uids, tag) =>
      uids === '1:3' || uids === '2'
        ? `${tag} NO internal error\r\n`
        : `${fetched(Number(uids))}${tag} OK\r\n`,
    )
    expect(found).toEqual(['1 whole', '2 ITEM_UNREADABLE', '3 whole'])
  })

  it.each(['SIZE', 'BODY'])(
    'that hangs up on %s of one message, as Dovecot does of one that it cannot read, gives the others',
    async (asked) => {
      const port = await scriptedServer((command, tag) => {
        const [, first = '', last = first, what = ''] = /^UID FETCH (\d+)(?::(\d+))? (.*)/.exec(command) ?? []
        if (what.includes(asked) && Number(first) <= 2 && Number(last) >= 2) return '* BYE FETCH failed\r\n'
        if (!what.includes('BODY')) return null
        return first === '2' ? '* BYE FETCH failed\r\n' : `${fetched(Number(first))}${tag} OK\r\n`
      })
      const found = (await readFrom(port)).map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)
      expect(found).toEqual(['1 whole', '2 ITEM_UNREADABLE', '3 whole'])
    },
  )

  it.each([
    ['gives the newest', 150, 150],
    ['refuses the newest too', 151, 0],
  ])('that refuses a hundred and more in a row and %s', async (_, given, found) => {
    let bodies = 0
    const port = await serverOf(150, (uids, tag) => {
      bodies += 1
      return Number(uids) === given ? `${fetched(given)}${tag} OK\r\n` : `${tag} NO damaged\r\n`
    })
    const items: Item[] = []
    const reading = async () => {
      for (const item of await readFrom(port)) items.push(item)
    }
    if (found > 0) await reading()
    else await expect(reading()).rejects.toMatchObject({ code: 'SOURCE_REFUSED' })
    const problems = items.map(({ meta }) => meta.problem ?? 'whole')
    expect(problems).toEqual(found > 0 ? [...Array(149).fill('ITEM_UNREADABLE'), 'whole'] : [])
    expect(bodies).toBeLessThan(found > 0 ? 160 : 110)
  })

  it('that refuses a hundred in a row and then hangs up has these behind it', async () => {
    let isAway = false
    const port = await serverOf(150, (uids, tag) => {
      isAway ||= uids === '120'
      if (isAway) return `* OK bye${hangUp}`
      return uids === '150' ? `${fetched(150)}${tag} OK\r\n` : `${tag} NO damaged\r\n`
    })
    const connector = connectTo(port)
    const found: string[] = []
    const reading = async () => {
      for await (const { meta } of connector.read(null, never())) found.push(`${meta.uid} ${meta.problem}`)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    await connector.close()
    expect(found).toEqual(Array.from({ length: 100 }, (_, at) => `${at + 1} ITEM_UNREADABLE`))
  })

  it.each([
    ['gives a later one', '3', ['1 ITEM_UNREADABLE']],
    ['gives no other either', '', 'SOURCE_REFUSED'],
  ])('that refuses all that a run may take, and %s', async (_, given, found) => {
    const asked = answers(
      (uids, tag) => (uids === given ? `${fetched(3)}${tag} OK\r\n` : `${tag} NO damaged\r\n`),
      { maxPerRun: 1 },
    )
    expect(await asked.catch(({ code }: YiwangError) => code)).toEqual(found)
  })

  it('that refuses one message and gives no body of those behind it may be in trouble, and is asked again', async () => {
    const asked = answers((uids, tag) =>
      /^1/.test(uids) ? `${tag} NO internal error\r\n` : `${tag} OK done\r\n`,
    )
    await expect(asked).rejects.toMatchObject({ code: 'SOURCE_REFUSED' })
  })

  it('that gives no size of a message that it lists does not lose it silently', async () => {
    const port = await scriptedServer((command, tag) => {
      if (/^UID FETCH .*SIZE/.test(command))
        return `* 1 FETCH (UID 1 RFC822.SIZE 20)\r\n* 3 FETCH (UID 3 RFC822.SIZE 20)\r\n${tag} OK\r\n`
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      return uids === undefined
        ? null
        : `${uids.split(/[:,]/).map(Number).map(fetched).join('')}${tag} OK\r\n`
    })
    expect((await readFrom(port)).map(({ meta }) => meta.uid)).toEqual(['1', '2', '3'])
  })

  it('that calls a message empty behind one that is too large does not lose it silently', async () => {
    const sizes = [99_999, 0, 20].map(
      (size, at) => `* ${at + 1} FETCH (UID ${at + 1} RFC822.SIZE ${size})\r\n`,
    )
    const header = '* 1 FETCH (UID 1 BODY[HEADER] {16}\r\nSubject: big\r\n\r\n)\r\n'
    const port = await scriptedServer((command, tag) => {
      if (/^UID FETCH .*SIZE/.test(command)) return `${sizes.join('')}${tag} OK\r\n`
      if (/^UID FETCH .*HEADER/.test(command)) return `${header}${tag} OK\r\n`
      return /^UID FETCH 2:3 .*BODY/.test(command) ? `${[2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    const found = await readFrom(port, { maxMessageBytes: 1024 })
    expect(found.map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)).toEqual([
      '1 ITEM_TOO_LARGE',
      '2 whole',
      '3 whole',
    ])
  })

  it.each([
    ['NO', (tag: string) => `${tag} NO [SERVERBUG] the disk is away\r\n`],
    ['BYE', () => '* BYE the disk is away\r\n'],
  ])(
    'that refuses the rest by %s is asked for it again; the first is named, and nothing is called unreadable',
    async (_, refuse) => {
      let isAway = true
      const port = await scriptedServer((command, tag) => {
        const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
        if (uids === undefined) return null
        if (isAway && uids !== '1') return refuse(tag)
        const [first, last = first] = uids.split(':').map(Number)
        return `${[1, 2, 3]
          .filter((uid) => uid >= Number(first) && uid <= Number(last))
          .map(fetched)
          .join('')}${tag} OK\r\n`
      })
      const connector = connectTo(port)
      const items: Item[] = []
      const read = async () => {
        for await (const item of connector.read(items.at(-1)?.cursor ?? null, never())) items.push(item)
      }
      const refused = { code: 'SOURCE_REFUSED', details: { command: 'UID FETCH 2 INBOX' } }
      await expect(read()).rejects.toMatchObject(refused)
      isAway = false
      await read()
      await connector.close()
      expect(items.map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)).toEqual([
        '1 whole',
        '2 whole',
        '3 whole',
      ])
    },
  )

  it('that ends the session in the midst, as after some minutes, is asked again for that message', async () => {
    let sessions = 0
    const found = await answers((uids, tag) => {
      if (uids === '1:3') return `${tag} NO one by one\r\n`
      if (uids === '2' && sessions++ === 0) return '* BYE Session expired\r\n'
      return `${fetched(Number(uids))}${tag} OK\r\n`
    })
    expect(found).toEqual(['1 whole', '2 whole', '3 whole'])
  })

  it('that hangs up on the newest message, too, gives those between', async () => {
    const port = await scriptedServer((command, tag) => {
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      if (uids === undefined) return null
      return uids === '2' ? `${fetched(2)}${tag} OK\r\n` : '* BYE FETCH failed\r\n'
    })
    const connector = connectTo(port)
    const found: string[] = []
    const reading = async () => {
      for await (const { meta } of connector.read(null, never())) found.push(`${meta.uid} ${meta.problem}`)
    }
    await expect(reading()).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      details: { command: 'UID FETCH 3 INBOX' },
    })
    await connector.close()
    expect(found).toEqual(['1 ITEM_UNREADABLE', '2 undefined'])
  })

  it('that ends the session while it gives sizes is asked for them again', async () => {
    const asked: string[] = []
    const port = await scriptedServer((command, tag) => {
      const [, uids = '', what = ''] = /^UID FETCH (\S+) (.*)/.exec(command) ?? []
      if (uids === '') return null
      asked.push(uids)
      if (asked.length === 1) return '* BYE Session expired\r\n'
      return what.includes('BODY') ? `${[1, 2, 3].map(fetched).join('')}${tag} OK\r\n` : null
    })
    expect((await readFrom(port)).map(({ meta }) => meta.uid)).toEqual(['1', '2', '3'])
    expect(asked).toEqual(['1:3', '1:3', '1:3'])
  })

  it('is asked to move a hundred messages at a time: over more it may be silent for longer than it is waited for', async () => {
    const all = Array.from({ length: 250 }, (_, at) => at + 1)
    const moved: string[] = []
    const port = await scriptedServer((command, tag) => {
      if (/^(LOGIN|CAPABILITY)/.test(command)) return `* CAPABILITY IMAP4rev1 MOVE\r\n${tag} OK\r\n`
      if (/^UID SEARCH/.test(command)) return `* SEARCH ${all.join(' ')}\r\n${tag} OK\r\n`
      const sizes = all.map((uid) => `* ${uid} FETCH (UID ${uid} RFC822.SIZE 20)\r\n`)
      if (/^UID FETCH .*SIZE/.test(command)) return `${sizes.join('')}${tag} OK\r\n`
      if (/^UID FETCH/.test(command)) return `${all.map(fetched).join('')}${tag} OK\r\n`
      const [, uids] = /^UID MOVE (\S+)/.exec(command) ?? []
      if (uids !== undefined) moved.push(uids)
      return null
    })
    const connector = connectTo(port, { afterArchive: { move: 'Done' } })
    await connector.ack(await readAll(connector), never())
    await connector.close()
    expect(moved).toEqual(['1:100', '101:200', '201:250'])
  })

  it('that answers out of order, twice, or with others, is put in order', async () => {
    const found = await answers((_, tag) => `${[3, 1, 9, 2, 2].map(fetched).join('')}${tag} OK\r\n`)
    expect(found).toEqual(['1 whole', '2 whole', '3 whole'])
  })

  it('that gives no body of a message that it lists does not lose it silently', async () => {
    const found = await answers(
      (_, tag) => `${fetched(1)}* 2 FETCH (UID 2 BODY[] NIL)\r\n${fetched(3)}${tag} OK\r\n`,
    )
    expect(found).toEqual(['1 whole', '2 ITEM_UNREADABLE', '3 whole'])
  })

  it('that gives no body, and refuses to say whether the message is there, does not lose it silently', async () => {
    const port = await scriptedServer((command, tag) => {
      if (command === 'UID SEARCH UID 2') return `${tag} NO [UNAVAILABLE] later\r\n`
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      const given = [1, 3].filter((uid) => uids === '1:3' || uids === String(uid))
      return uids === undefined ? null : `${given.map(fetched).join('')}${tag} OK\r\n`
    })
    const found = (await readFrom(port)).map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)
    expect(found).toEqual(['1 whole', '2 ITEM_UNREADABLE', '3 whole'])
  })

  it('that tells of flags before it gives a header gives it all the same', async () => {
    const sizes = [20, 99_999, 20].map(
      (size, at) => `* ${at + 1} FETCH (UID ${at + 1} RFC822.SIZE ${size})\r\n`,
    )
    const flags = '* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n'
    const header = '* 2 FETCH (UID 2 BODY[HEADER] {16}\r\nSubject: big\r\n\r\n)\r\n'
    const port = await scriptedServer((command, tag) => {
      if (/^UID FETCH .*SIZE/.test(command)) return `${sizes.join('')}${tag} OK\r\n`
      if (/^UID FETCH .*HEADER/.test(command)) return `${flags}${header}${tag} OK\r\n`
      const [, uid] = /^UID FETCH (\d) .*BODY/.exec(command) ?? []
      return uid === undefined ? null : `${flags}${fetched(Number(uid))}${tag} OK\r\n`
    })
    const found = await readFrom(port, { maxMessageBytes: 1024 })
    expect(found.map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)).toEqual([
      '1 whole',
      '2 ITEM_TOO_LARGE',
      '3 whole',
    ])
  })

  it.each([
    ['counts UIDs from a lower one again, as from a backup, is read anew', [1, 2], 3, ['1', '2']],
    ['gives the last UID that was read out next, is read anew', [1, 2], 9, ['1', '2']],
    ['only names a wrong UIDNEXT is read on', [1, 9], 1, []],
  ])('that %s', async (_, all, next, read) => {
    const examine = `* ${all.length} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT ${next}] ok\r\n`
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('EXAMINE')) return `${examine}${tag} OK\r\n`
      if (command.startsWith('STATUS'))
        return `* STATUS INBOX (UIDNEXT ${next} UIDVALIDITY 7)\r\n${tag} OK\r\n`
      const [, after] = /^UID SEARCH UID (\d+)/.exec(command) ?? []
      const found = all.filter((uid) => uid >= Number(after) || uid === all.at(-1))
      if (after !== undefined) return `* SEARCH ${found.join(' ')}\r\n${tag} OK\r\n`
      return /^UID FETCH .*BODY/.test(command) ? `${all.map(fetched).join('')}${tag} OK\r\n` : null
    })
    const connector = connectTo(port)
    await connector.open(never())
    const items = await readAll(connector, { INBOX: '7:9' })
    expect(items.map(({ meta }) => meta.uid)).toEqual(read)
    expect(await readAll(connector, items.at(-1)?.cursor ?? { INBOX: '7:9' })).toEqual([])
    await connector.close()
  })

  it('that refuses a batch because one of it is gone gives the others, and nothing for that one', async () => {
    const gone = 'NO [EXPUNGEISSUED] Some of the requested messages no longer exist.'
    const port = await scriptedServer((command, tag) => {
      if (/^UID SEARCH UID 2$/.test(command)) return `* SEARCH\r\n${tag} OK\r\n`
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      if (uids === undefined) return null
      const there = uids === '1:3' ? [1, 3] : [Number(uids)].filter((uid) => uid !== 2)
      return `${there.map(fetched).join('')}${tag} ${gone}\r\n`
    })
    expect((await readFrom(port)).map(({ meta }) => `${meta.uid} ${meta.problem ?? 'whole'}`)).toEqual([
      '1 whole',
      '3 whole',
    ])
  })

  it('that lists its messages in any order is read from the oldest on, also where a run takes few', async () => {
    const port = await scriptedServer((command, tag) => {
      if (/^UID SEARCH/.test(command)) return `* SEARCH 3 1 2\r\n${tag} OK\r\n`
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      return uids === undefined ? null : `${fetched(Number(uids))}${tag} OK\r\n`
    })
    expect((await readFrom(port, { maxPerRun: 1 })).map(({ meta }) => meta.uid)).toEqual(['1'])
  })

  it('that calls messages gone which are there is asked for each', async () => {
    const gone = 'NO [EXPUNGEISSUED] Some of the requested messages no longer exist.'
    const found = await answers((uids, tag) =>
      uids === '1:3' ? `${fetched(1)}${tag} ${gone}\r\n` : `${fetched(Number(uids))}${tag} OK\r\n`,
    )
    expect(found).toEqual(['1 whole', '2 whole', '3 whole'])
  })

  it('that announces a gigantic message is not believed, and the others are read', async () => {
    const found = await answers((uids, tag) => {
      const body = uids === '1:3' || uids === '2' ? '* 2 FETCH (UID 2 BODY[] {99999999999}\r\n' : ''
      return body || `${fetched(Number(uids))}${tag} OK\r\n`
    })
    expect(found).toEqual(['1 whole', '2 ITEM_UNREADABLE', '3 whole'])
  })

  it('that sends more than it announced is cut to the limit', async () => {
    const body = `Subject: big\r\n\r\n${'x'.repeat(3000)}`
    const big = `* 2 FETCH (UID 2 BODY[] {${body.length}}\r\n${body})\r\n`
    const found = await answers((_, tag) => `${fetched(1)}${big}${fetched(3)}${tag} OK\r\n`, {
      maxMessageBytes: 1024,
    })
    expect(found).toEqual(['1 whole', '2 ITEM_TOO_LARGE', '3 whole'])
  })

  it('that says nonsense ends in an error of the catalogue', async () => {
    const nonsense = ['* ((((((\r\n', 'complete nonsense\r\n', '* BYE go away\r\n', '\x00\xff\r\n'.repeat(50)]
    for (const text of nonsense) {
      const port = await scriptedServer((command, tag) =>
        /^(UID SEARCH|NOOP)/.test(command) ? `${text}${tag} BAD what\r\n` : null,
      )
      const error: unknown = await readFrom(port, { timeoutMs: 500 }).catch((thrown: unknown) => thrown)
      if (!(error instanceof YiwangError)) throw error
      expect(['SOURCE_REFUSED', 'SOURCE_UNREACHABLE']).toContain(error.code)
      expect(error.message).not.toMatch(/node_modules|\n/)
    }
  })

  it.each([
    ['refuses IDLE', 'NO not here'],
    ['ends IDLE at once', 'OK done'],
  ])('that %s is asked now and then, not again and again', async (_, answer) => {
    let asked = 0
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('STATUS')) asked += 1
      return command === 'IDLE' ? `${tag} ${answer}\r\n` : null
    })
    const connector = connectTo(port)
    await connector.open(never())
    await connector.wait?.(never())
    await connector.wait?.(AbortSignal.timeout(500))
    await connector.close()
    expect(asked).toBeLessThan(4)
  })

  it('that falls silent before it takes IDLE up is left', async () => {
    const port = await scriptedServer((command) => (command === 'IDLE' ? '' : null))
    const connector = connectTo(port, { timeoutMs: 1_000 })
    await connector.open(never())
    await connector.wait?.(never())
    const inTime = setTimeout
    const minutesAreMoments = (work: () => void, ms = 0) => inTime(work, ms > 60_000 ? ms / 5_000 : ms)
    const timers = vi
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(minutesAreMoments as typeof setTimeout)
    try {
      const waiting = connector.wait?.(never()).catch(({ code }: YiwangError) => code)
      expect(await bounded(waiting ?? Promise.resolve(), 'wait')).toBe('SOURCE_UNREACHABLE')
    } finally {
      timers.mockRestore()
      await connector.close()
    }
  })

  it.each([
    ['before the folder is opened', ['INBOX', 'Other'], ''],
    ['and is told of before IDLE', ['INBOX'], '* 4 EXISTS\r\n'],
  ])('whose mail comes after a look at the folders, %s, keeps nobody waiting', async (_, folders, told) => {
    let isWaiting = false
    let asked = 0
    const port = await scriptedServer((command, tag) => {
      const [, folder] = /^STATUS (\S+)/.exec(command) ?? []
      if (/^UID SEARCH/.test(command)) return `* SEARCH\r\n${tag} OK\r\n`
      if (folder === undefined) return command === 'IDLE' ? '+ idling\r\n' : null
      if (isWaiting) asked += 1
      // The mail comes behind the first look.
      const next = folder === 'INBOX' && asked > folders.length ? 5 : 4
      return `* STATUS ${folder} (UIDNEXT ${next} UIDVALIDITY 7)\r\n${asked === 1 ? told : ''}${tag} OK\r\n`
    })
    const connector = connectTo(port, { folders })
    await readAll(connector)
    isWaiting = true
    await bounded(connector.wait?.(never()) ?? Promise.resolve(), 'wait')
    await connector.close()
  })

  it('whose own folders have a prefix gives those of others under the names that it lists', async () => {
    const examined: string[] = []
    const port = await scriptedServer((command, tag) => {
      if (command.startsWith('LOGIN')) return `* CAPABILITY IMAP4rev1 NAMESPACE\r\n${tag} OK\r\n`
      if (command === 'NAMESPACE')
        return `* NAMESPACE (("INBOX/" "/")) NIL (("Public/" "/"))\r\n${tag} OK\r\n`
      const names = command.startsWith('LIST "" "INBOX/') ? ['INBOX/Own'] : ['INBOX/Own', 'Public/Hotline']
      const listed = names.map((name) => `* LIST () "/" ${name}\r\n`).join('')
      if (/^(LIST|LSUB)/.test(command)) return `${listed}${tag} OK\r\n`
      if (command.startsWith('EXAMINE')) examined.push(command)
      return /^UID SEARCH/.test(command) ? `* SEARCH\r\n${tag} OK\r\n` : null
    })
    expect(await readFrom(port, { folders: ['INBOX/Own', 'Public/Hotline'] })).toEqual([])
    expect(examined).toEqual(['EXAMINE INBOX/Own', 'EXAMINE Public/Hotline'])
  })
})

it('a folder without a name is told once, as empty', () => {
  const account = { host: 'h', user: 'office', password: 'secret' }
  for (const changes of [{ folders: [''] }, { folders: ['Done'], afterArchive: { move: '' } }]) {
    const { error } = imap.settings.safeParse({ ...account, ...changes })
    expect(JSON.stringify(error)).toContain('too_small')
    expect(JSON.stringify(error)).not.toContain('control characters')
  }
})
