import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { YiwangError } from '../../config/errors.ts'
import type { Connector, Cursor } from '../connector.ts'
import { never } from '../suite/probe.ts'
import { type Paced, watchPace } from './pace.ts'
import { ahead } from './reading.ts'
import { endFaultServers, fetched, hangUp, scriptedServer } from './testing/fault-servers.ts'
import { connectTo } from './testing/mailboxes.ts'

afterEach(endFaultServers)

const timeoutMs = 60_000

/** Lets what waits for these servers be late when a server says so, not while the machine stands still. */
function holdTimeouts(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    vi.spyOn(Socket.prototype, 'setTimeout').mockReturnThis()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
}

/** Nothing comes any more, for as long as each connection waits for something. */
function fallSilent(): void {
  const { calls, contexts } = vi.mocked(Socket.prototype.setTimeout).mock
  setTimeout(() => {
    for (const [at, socket] of contexts.entries())
      if (socket instanceof Socket && calls[at]?.[0] === timeoutMs) socket.emit('timeout')
  }, 20)
}

/** The start at once, and then a byte in each time-out for silence, without an end. */
async function* dripping(start: string): AsyncGenerator<string> {
  for (yield start; ; yield 'x') {
    vi.advanceTimersByTime(timeoutMs)
    await delay(20)
  }
}

function connect(port: number, changes: Readonly<Record<string, unknown>> = {}): Connector {
  return connectTo(port, { timeoutMs, ...changes })
}

/** What a read gives, and what it ends with. */
async function read(connector: Connector, from: Cursor | null = null) {
  const found: string[] = []
  const reasons: string[] = []
  let failure: YiwangError | null = null
  try {
    await connector.open(never())
    for await (const { meta } of connector.read(from, never())) {
      found.push(`${meta.mailbox} ${meta.uid} ${meta.problem ?? 'whole'}`)
      if (meta.problemDetail !== undefined) reasons.push(JSON.parse(meta.problemDetail).reason)
    }
  } catch (thrown) {
    if (!(thrown instanceof YiwangError)) throw thrown
    failure = thrown
  } finally {
    await connector.close()
  }
  return { found, reasons, failure }
}

/** Three messages in INBOX, of which the server answers for some by `stall`. */
function stalling(
  isBad: (uid: number) => boolean,
  stall: (start: string) => string | AsyncIterable<string>,
): Promise<number> {
  return scriptedServer((command, tag) => {
    const [, first = '', last = first] = /^UID FETCH (\d+)(?::(\d+))? .*BODY/.exec(command) ?? []
    if (first === '') return null
    const uids = [1, 2, 3].filter((uid) => uid >= Number(first) && uid <= Number(last))
    const bad = uids.find(isBad)
    if (bad === undefined) return `${uids.map(fetched).join('')}${tag} OK\r\n`
    return stall(`* ${bad} FETCH (UID ${bad} BODY[] {9000}\r\nSubject: lamp\r\n\r\n`)
  })
}

const stalls: readonly (readonly [string, (start: string) => string | AsyncIterable<string>])[] = [
  [
    'falls silent',
    (start) => {
      fallSilent()
      return start
    },
  ],
  ['hangs up', (start) => `${start}${hangUp}`],
  ['goes on byte by byte', (start) => dripping(start)],
]

describe('A server that in the middle of a message', () => {
  holdTimeouts()

  it.each(stalls)('%s gives the others, and this one is told of', async (_, stall) => {
    const { found, reasons, failure } = await read(connect(await stalling((uid) => uid === 2, stall)))
    expect(failure).toBeNull()
    expect(found).toEqual(['INBOX 1 whole', 'INBOX 2 ITEM_UNREADABLE', 'INBOX 3 whole'])
    expect(reasons).toEqual([
      'the connection was lost each of 3 times that it was asked for; it is UID 2 in INBOX',
    ])
  })

  it.each(stalls.slice(0, 2))(
    '%s, and does so of the newest too, is asked again at the next pull',
    async (_, stall) => {
      const port = await stalling((uid) => uid > 1, stall)
      const { found, failure } = await read(connect(port))
      expect(found).toEqual(['INBOX 1 whole'])
      expect([failure?.code, failure?.kind]).toEqual(['SOURCE_UNREACHABLE', 'transient'])
      expect(failure?.details.reason).toMatch(/^UID FETCH 2 INBOX: ./)
    },
  )

  it('hangs up once gives it when it is asked again', async () => {
    let left = 2
    const port = await stalling(
      (uid) => uid === 2 && left-- > 0,
      (start) => `${start}${hangUp}`,
    )
    expect((await read(connect(port))).found).toEqual(['INBOX 1 whole', 'INBOX 2 whole', 'INBOX 3 whole'])
  })

  it.each([
    ['gives parts', true],
    ['gives all of it instead of a part', false],
  ])('hangs up once and %s loses none of it', async (_, givesParts) => {
    const text = `Subject: lamp\r\n\r\n${'0123456789'.repeat(20_000)}`
    const literal = (part: string, origin = '') =>
      `* 2 FETCH (UID 2 BODY[]${origin} {${part.length}}\r\n${part})\r\n`
    let isCut = false
    const port = await scriptedServer((command, tag) => {
      const [, uids = '', start, count] =
        /^UID FETCH (\S+) .*BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/.exec(command) ?? []
      if (uids === '') return null
      if (uids === '1:3') return `${tag} NO one by one\r\n`
      if (uids !== '2') return `${fetched(Number(uids))}${tag} OK\r\n`
      if (start === undefined && !isCut) {
        isCut = true
        return `${literal(text).slice(0, 100_000)}${hangUp}`
      }
      const from = Number(start)
      const part = givesParts ? text.slice(from, from + Number(count)) : text
      return `${literal(part, `<${start}>`)}${tag} OK\r\n`
    })
    const connector = connect(port)
    const items = []
    for await (const item of connector.read(null, never())) items.push(item)
    await connector.close()
    expect(items.map(({ meta }) => meta.problem ?? 'whole')).toEqual(['whole', 'whole', 'whole'])
    expect(Buffer.from(items[1]?.body ?? []).toString()).toBe(text)
  })

  it('hangs up at the same place each time is asked three times for what stands there', async () => {
    const asked: string[] = []
    const port = await scriptedServer((command, tag) => {
      const [, uids = '', part = ''] = /^UID FETCH (\S+) .*BODY\.PEEK\[\]([<.\d>]*)/.exec(command) ?? []
      if (uids === '') return null
      if (uids === '1:3') return `${tag} NO one by one\r\n`
      if (uids !== '2') return `${fetched(Number(uids))}${tag} OK\r\n`
      asked.push(part)
      if (part !== '<0.65536>') return `* OK on${hangUp}`
      return `* 2 FETCH (UID 2 BODY[]<0> {65536}\r\n${'x'.repeat(65_536)})\r\n${tag} OK\r\n`
    })
    const { found } = await read(connect(port))
    expect(found).toEqual(['INBOX 1 whole', 'INBOX 2 ITEM_UNREADABLE', 'INBOX 3 whole'])
    expect(asked).toEqual(['', '<0.65536>', ...Array(3).fill('<65536.65536>')])
  })

  it('falls silent keeps nobody waiting who has enough, as a check', async () => {
    const port = await scriptedServer((command, tag) => {
      const [, uids] = /^UID FETCH (\S+) .*BODY/.exec(command) ?? []
      if (uids === '1:3') return `${tag} NO one by one\r\n`
      return uids === '1' ? `${fetched(1)}${tag} OK\r\n` : uids === undefined ? null : ''
    })
    const connector = connect(port)
    for await (const { meta } of connector.read(null, never())) {
      expect(meta.uid).toBe('1')
      break
    }
    await connector.probe?.(never())
    await connector.close()
  })

  it('falls silent keeps back no other folder', async () => {
    const port = await stalling(
      (uid) => uid === 3,
      (start) => {
        fallSilent()
        return start
      },
    )
    const { found, failure } = await read(connect(port, { folders: ['INBOX', 'Other'] }))
    expect(found.filter((text) => text.startsWith('Other'))).toEqual(['Other 1 whole', 'Other 2 whole'])
    expect(failure?.details.reason).toMatch(/^UID FETCH 3 /)
  })

  it('refuses it keeps back no later one, although a run takes but one', async () => {
    const port = await scriptedServer((command, tag) => {
      const [, uid] = /^UID FETCH (\d) .*BODY/.exec(command) ?? []
      if (uid === undefined) return null
      return uid === '1' ? `${tag} NO damaged\r\n` : `${fetched(Number(uid))}${tag} OK\r\n`
    })
    const { found, failure } = await read(connect(port, { maxPerRun: 1 }))
    expect([found, failure]).toEqual([['INBOX 1 ITEM_UNREADABLE'], null])
  })
})

describe('A server that sends byte by byte', () => {
  holdTimeouts()

  it.each(['LOGIN', 'UID SEARCH'])('after %s is left, and the reason is told', async (asked) => {
    const port = await scriptedServer((command) => (command.startsWith(asked) ? dripping('* OK ') : null))
    const { found, failure } = await read(connect(port))
    expect(found).toEqual([])
    expect([failure?.code, failure?.kind]).toEqual(['SOURCE_UNREACHABLE', 'transient'])
    expect(failure?.details.reason).toMatch(/too slow: \d+ bytes in 300 s$/)
  })
})

describe('The next messages, fetched while the caller works on the last', () => {
  const values = async function* (log: string[]) {
    try {
      yield 'first'
      log.push('second asked for')
      throw new Error('lost')
    } finally {
      log.push('over')
    }
  }

  it('fail when it is their turn, however long the caller takes', async () => {
    const log: string[] = []
    const reading = ahead(values(log))
    expect(await reading.next()).toEqual({ done: false, value: 'first' })
    await vi.waitFor(() => expect(log).toEqual(['second asked for', 'over']))
    await delay(20)
    await expect(reading.next()).rejects.toThrow('lost')
  })

  it('are waited for when the caller has enough', async () => {
    const log: string[] = []
    const slow = async function* () {
      yield 'first'
      await delay(20)
      log.push('second')
      yield 'second'
    }
    for await (const _ of ahead(slow())) break
    expect(log).toEqual(['second'])
  })
})

describe('The watch over a connection', () => {
  const watched = async (step: number, idling: boolean, commandBytes = 0) => {
    let received = 0
    let sent = 0
    const stats = () => {
      received += step
      sent += commandBytes
      return { received, sent }
    }
    const connection: Paced = { idling, stats }
    let ticks = 0
    return await new Promise<string | null>((resolve) => {
      const end = watchPace(connection, { timeoutMs: 2, maxBytes: 1000 }, ({ message }) => resolve(message))
      const timer = setInterval(() => {
        if (++ticks < 20) return
        clearInterval(timer)
        end()
        resolve(null)
      }, 10)
    })
  }

  it('ends what has no end, also where it waits for news', async () => {
    expect(await watched(100, false)).toBeNull()
    expect(await watched(70_000_000, false)).toBe('no end after 70000000 bytes')
    expect(await watched(70_000_000, true)).toBe('no end after 70000000 bytes')
  })

  it('ends what sends on and on, but next to nothing', async () => {
    expect(await watched(1, false)).toMatch(/^too slow: \d bytes in 0\.01 s$/)
    expect(await watched(1, true)).toBeNull()
  })

  it('leaves to others what is silent, and lets a server think that comes to the next command each time', async () => {
    expect(await watched(0, false)).toBeNull()
    expect(await watched(1, false, 20)).toBeNull()
  })
})
