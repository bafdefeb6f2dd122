import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { YiwangError } from '../config/errors.ts'
import { createLogger } from '../config/logging.ts'
import { defaultDedupe } from '../config/schema.ts'
import { email } from '../normalizers/email/email.ts'
import type { ArchivedItem, Normalized, Normalizer, TicketDraft } from '../normalizers/normalizer.ts'
import { Ticket } from '../normalizers/ticket.ts'
import { drain } from './drain.ts'
import { rawIdOf, ticketIdOf } from './ids.ts'
import type { Interpreter } from './interpret.ts'
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts'
import type { BlobStore, Commit, Lease, Store } from './stores/store.ts'

/** What a test item says; the test's normalizer takes it as it is. */
interface Said {
  readonly body?: string
  readonly from?: string
  readonly at?: string
  readonly messageId?: string
  readonly answers?: string
  readonly skip?: string
  readonly bad?: boolean
  readonly throws?: boolean
  readonly picture?: boolean
}

const noPlace = {
  ...{ text: null, province: null, city: null, district: null, street: null, code: null },
  ...{ lat: null, lon: null, method: null },
}

function draftOf({ body = '', from, at }: Said): TicketDraft {
  return {
    channel: 'board',
    platform: null,
    externalUrl: null,
    threadId: null,
    title: null,
    body,
    language: 'zh',
    reporter: {
      ...{
        kind: 'person',
        anonymous: false,
        name: null,
        phone: null,
        phoneRaw: null,
        wechatId: null,
      },
      email: from === undefined ? null : `${from}@example.com`,
      key: from ?? null,
    },
    occurredAt: null,
    submittedAt: at ?? '2026-03-01T08:00:00+08:00',
    receivedAt: null,
    place: noPlace,
    kind: 'complaint',
    category: null,
    urgency: null,
    departments: null,
    handling: null,
    official: null,
    fields: { body: 'test' },
    notes: [],
  }
}

function normalize(item: ArchivedItem): Normalized {
  const said = JSON.parse(new TextDecoder().decode(item.body)) as Said
  if (said.throws) throw new Error('cannot happen')
  if (said.skip) return { outcome: 'skipped', policy: said.skip, detail: 'header' }
  if (said.bad && !isFixed)
    return { outcome: 'quarantined', code: 'ITEM_UNREADABLE', details: { reason: 'test' } }
  return {
    outcome: 'ticket',
    draft: draftOf(said),
    attachments: said.picture ? [{ name: '现场.png', mediaType: 'image/png', body: new Uint8Array(3) }] : [],
    threadKeys: said.messageId ? [said.messageId] : [],
    refersTo: said.answers ? [said.answers] : [],
  }
}

const interpreter: Interpreter = {
  connector: 'test/1',
  normalizer: { name: 'test', version: '1', normalize },
  context: {
    ...{ channel: 'board', platform: null, timeZone: 'Asia/Shanghai', homeDivision: null },
    settings: {},
    reporterKey: (identity) => identity,
  },
}
const full = new YiwangError('STORE_FULL', { url: 'file:blobs', reason: 'ENOSPC' })
let isDiskFull = false
/** The normalizer can read what was `bad`. */
let isFixed = false
const blobs: BlobStore = {
  put: async () => {
    if (isDiskFull) throw full
    return '0'.repeat(64)
  },
  get: async () => null,
  close: async () => {},
}

let dir: string
let store: Store
let lease: Lease
let now = 1_772_000_000_000

beforeEach(async () => {
  isDiskFull = false
  isFixed = false
  dir = mkdtempSync(join(tmpdir(), 'drain-'))
  store = await openSqliteStore(`${dir}/a.db`, { randomBytes })
  const got = await store.acquire('processing', 'me', 60_000)
  if (got === null) throw new Error('no lease')
  lease = got
})

afterEach(async () => {
  await store.close()
  rmSync(dir, { recursive: true })
})

const archive = (externalId: string, said: Said) => archiveText(externalId, JSON.stringify(said))

async function archiveText(externalId: string, text: string): Promise<string> {
  const body = new TextEncoder().encode(text)
  const rawId = rawIdOf('board', externalId, body)
  const archivedAt = '2026-03-02T08:00:00+08:00'
  const item = { rawId, sourceId: 'board', externalId, mediaType: 'text/plain', body, meta: {}, archivedAt }
  await store.archive([{ ...item, day: '2026-03-02', locator: null }])
  return rawId
}

interface RunOptions {
  readonly careful?: boolean
  readonly maxAttempts?: number
  readonly normalizer?: Normalizer
  /** Refuses commits by throwing. */
  readonly refuse?: (commit: Commit) => void
  /** In place of what the store does. */
  readonly over?: Partial<Store>
  readonly batchSize?: number
  readonly signal?: AbortSignal
  readonly onBatch?: () => void
}

function run({ normalizer = interpreter.normalizer, ...options }: RunOptions = {}) {
  const commit: Store['commit'] = async (given, ...rest) => {
    options.refuse?.(given)
    await store.commit(given, ...rest)
  }
  return drain({
    store: { ...store, commit, ...options.over },
    blobs,
    interpreters: new Map([['board', { ...interpreter, normalizer }]]),
    dedupe: defaultDedupe,
    lease,
    careful: options.careful ?? false,
    timeZone: 'Asia/Shanghai',
    batchSize: options.batchSize ?? 500,
    maxAttempts: options.maxAttempts ?? 3,
    clock: () => now,
    random: () => 0,
    log: createLogger({ level: 'silent' }),
    signal: options.signal ?? new AbortController().signal,
    onBatch: options.onBatch ?? (() => {}),
  })
}

const ticketOf = async (externalId: string) =>
  Ticket.parse(await store.ticket(ticketIdOf('board', externalId)))
const outcomeOf = async (rawId: string) => (await store.item(rawId))?.outcome
const events = async () => (await store.outbox(100)).map(({ event, revision }) => `${event}.${revision}`)
const long = '江滨路12号工地每晚十一点后仍在打桩，噪音很大'

describe('drain', () => {
  it('makes a ticket of an item and puts it in the outbox', async () => {
    const rawId = await archive('1', { body: long, from: 'zhang' })
    expect(await run()).toMatchObject({ items: 1, ticketed: 1 })
    const ticket = await ticketOf('1')
    expect(ticket).toMatchObject({ revision: 1, body: long, ingestedAt: '2026-03-02T08:00:00+08:00' })
    expect(ticket.provenance).toMatchObject({ rawId, connector: 'test/1', normalizer: 'test/1' })
    expect(ticket.dedupe).toMatchObject({ verdict: 'new', reports: 1, reporters: 1, channels: ['board'] })
    expect(await outcomeOf(rawId)).toMatchObject({ kind: 'ticketed', reason: 'created', ticketId: ticket.id })
    expect(await events()).toEqual(['ticket.created.1'])
  })

  it('tells no ticket as new twice that an interrupted commit had made and a later item of the batch changes', async () => {
    await archive('1', { body: long, from: 'zhang', messageId: '<1@x>' })
    await archive('2', { body: '湖东路与五四路口积水严重，行人无法通过', from: 'li' })
    await archive('3', { body: '昨晚又打桩到凌晨两点', from: 'zhang', answers: '<1@x>' })
    const unreachable = new YiwangError('STORE_UNREACHABLE', { url: store.url, reason: 'failover' })
    const commit: Store['commit'] = async (given, ...rest) => {
      await store.commit({ ...given, outcomes: [] }, ...rest)
      throw unreachable
    }
    await expect(run({ batchSize: 2, over: { commit } })).rejects.toThrow(unreachable)
    await store.markPublished(await store.outbox(9), '2026-03-02T08:00:01+08:00')
    await run()
    expect(await ticketOf('1')).toMatchObject({ followUps: [{ body: '昨晚又打桩到凌晨两点' }] })
    expect(await events()).toEqual(['ticket.updated.2'])
  })

  it('leaves a message id to the ticket that had it first, whatever else its batch brings', async () => {
    await archive('X', { body: '湖东路与五四路口积水严重，行人无法通过', messageId: '<x@x>' })
    await archive('A', { body: long, from: 'zhang', messageId: '<w@x>' })
    await archive('B', { body: '还是积水', messageId: '<w@x>', answers: '<x@x>' })
    await run()
    await archive('C', { body: '昨晚又打桩到凌晨两点', from: 'zhang', answers: '<w@x>' })
    await run()
    expect((await ticketOf('A')).followUps.map(({ externalId }) => externalId)).toEqual(['C'])
    expect((await ticketOf('X')).followUps.map(({ externalId }) => externalId)).toEqual(['B'])
  })

  it('links equal words of the same or an unknown reporter to the first, which counts them', async () => {
    await archive('1', { body: long, from: 'zhang' })
    await archive('2', { body: `${long}！！`, from: 'zhang' })
    await archive('3', { body: ` ${long}`, at: '2026-03-03T08:00:00+08:00' })
    expect(await run()).toMatchObject({ ticketed: 1, linked: 2 })
    const master = await ticketOf('1')
    expect(master.dedupe).toMatchObject({ verdict: 'new', reports: 3, reporters: 1 })
    const [second, third] = [await ticketOf('2'), await ticketOf('3')]
    expect(second.dedupe).toMatchObject({ verdict: 'duplicate', masterId: master.id, score: 1 })
    expect(second.dedupe.reasons).toEqual(expect.arrayContaining(['正文相同', '同一邮箱', '相隔不到 1 天']))
    expect(third.dedupe.reasons).toEqual(expect.arrayContaining(['正文相同', '诉求人无法比对', '相隔 2 天']))
    expect(await events()).toEqual(['ticket.created.1', 'ticket.linked.1', 'ticket.linked.1'])
  })

  it('tells a master that was published before about its new repeat', async () => {
    await archive('1', { body: long, from: 'zhang' })
    await run()
    await store.markPublished(await store.outbox(10), '2026-03-02T08:00:00+08:00')
    await archive('2', { body: long, from: 'zhang' })
    await run()
    expect((await ticketOf('1')).revision).toBe(2)
    expect((await events()).sort()).toEqual(['ticket.linked.1', 'ticket.updated.2'])
  })

  it.each([
    ['another known reporter', { body: long, from: 'li' }],
    ['a time outside the window', { body: long, from: 'zhang', at: '2026-05-01T08:00:00+08:00' }],
    ['other words', { body: '体育馆南门的售票机坏了，排队要一个小时', from: 'zhang' }],
  ])('does not link %s', async (_, said) => {
    await archive('1', { body: long, from: 'zhang' })
    await archive('2', said)
    expect(await run()).toMatchObject({ ticketed: 2, linked: 0 })
  })

  it('links a short text only when the reporter is known to be the same', async () => {
    await archive('1', { body: '没水了' })
    await archive('2', { body: '没水了' })
    await archive('3', { body: '没水了', from: 'zhang' })
    await archive('4', { body: '没水了！', from: 'zhang' })
    expect(await run()).toMatchObject({ ticketed: 3, linked: 1 })
  })

  it('makes a changed item a new revision, and an item that says the same none', async () => {
    await archive('1', { body: long })
    await run()
    await archive('1', { body: `${long}，请处理` })
    const same = await archive('1', { body: `${long}，请处理`, answers: 'nobody' })
    expect(await run()).toMatchObject({ ticketed: 1, linked: 1 })
    expect(await ticketOf('1')).toMatchObject({ revision: 2, body: `${long}，请处理` })
    expect(await outcomeOf(same)).toMatchObject({ kind: 'linked', reason: 'unchanged' })
    expect(await events()).toEqual(['ticket.created.2'])
  })

  it('does not let an older version that waited, or was redriven, replace a newer one', async () => {
    const waited = await archive('1', { body: long, picture: true })
    await archive('1', { body: `${long}，请处理` })
    const redriven = await archive('2', { body: '小区路灯坏了半个月没有人修', bad: true })
    isDiskFull = true
    expect(await run()).toMatchObject({ ticketed: 1, postponed: 1, quarantined: 1 })
    await archive('2', { body: '小区路灯坏了半个月没有人修，今天修好了' })
    await run()
    isDiskFull = false
    isFixed = true
    now += 3_600_000
    await store.redrive([redriven])
    expect(await run()).toMatchObject({ items: 2, linked: 2 })
    for (const [rawId, externalId] of [
      [waited, '1'],
      [redriven, '2'],
    ] as const) {
      const ticketId = ticketIdOf('board', externalId)
      expect(await outcomeOf(rawId)).toMatchObject({ kind: 'linked', reason: 'superseded', ticketId })
      expect(await ticketOf(externalId)).toMatchObject({ revision: 1 })
    }
    expect((await ticketOf('1')).body).toBe(`${long}，请处理`)
    expect((await ticketOf('2')).body).toContain('今天修好了')
  })

  it('does not let another report replace an earlier one because it got the same number', async () => {
    await archive('1', { body: long, at: '2026-03-01T08:00:00+08:00' })
    await run()
    const reused = await archive('1', { body: '小区路灯坏了半个月没有人修', at: '2026-03-08T09:00:00+08:00' })
    const corrected = await archive('1', { body: `补充：${long}`, at: '2026-03-08T09:00:00+08:00' })
    expect(await run()).toMatchObject({ quarantined: 1, ticketed: 1 })
    expect(await outcomeOf(reused)).toMatchObject({ kind: 'quarantined', reason: 'EXTERNAL_ID_REUSED' })
    expect(await outcomeOf(corrected)).toMatchObject({ kind: 'ticketed', reason: 'updated' })
    expect((await ticketOf('1')).body).toBe(`补充：${long}`)
  })

  it('lets an answer update the ticket of its thread, also when both come at once', async () => {
    await archive('1', { body: long, messageId: '<a@x>' })
    const answer = await archive('2', {
      body: '还没有处理',
      messageId: '<b@x>',
      answers: '<a@x>',
      from: 'zhang',
    })
    expect(await run()).toMatchObject({ ticketed: 1, linked: 1 })
    await archive('3', { body: '谢谢', answers: '<b@x>' })
    expect(await run()).toMatchObject({ ticketed: 0, linked: 1 })
    const { followUps } = await ticketOf('1')
    expect(followUps.map(({ body }) => body)).toEqual(['还没有处理', '谢谢'])
    expect(followUps[0]).toMatchObject({ rawId: answer, externalId: '2', from: 'zhang' })
    expect(followUps[0]).toMatchObject({ title: null, name: null, email: 'zhang@example.com', phone: null })
    expect(await store.ticket(ticketIdOf('board', '2'))).toBeNull()
  })

  const mail = (id: string, text: string, fields = '') =>
    `From: zhang@example.com\nTo: mayor@example.org\nSubject: a\nMessage-ID: <${id}@x>\n${fields}Content-Type: text/plain; charset=utf-8\n\n${text}`

  it.each([1, 2])(
    'lets a mail join the ticket of its answer that came before it, in %i batches',
    async (batches) => {
      await archiveText('answer', mail('b', '第二封信：还没有处理', 'In-Reply-To: <a@x>\n'))
      if (batches === 2) await run({ normalizer: email })
      const first = await archiveText('first', mail('a', long))
      await archiveText('third', mail('c', '第三封信', 'In-Reply-To: <a@x>\n'))
      await run({ normalizer: email })
      const { id, followUps } = await ticketOf('answer')
      expect(await outcomeOf(first)).toMatchObject({ kind: 'linked', reason: 'follow-up', ticketId: id })
      expect(followUps.map(({ externalId }) => externalId)).toEqual(['first', 'third'])
    },
  )

  it.each([
    ['messages', 201, long],
    ['text', 3, '路'.repeat(300_000)],
  ])('goes on with a thread in another ticket where one has many %s', async (_what, answers, text) => {
    await archive('0', { body: long, messageId: '<0@x>' })
    for (let n = 1; n <= answers; n++)
      await archive(`${n}`, { body: text, messageId: `<${n}@x>`, answers: `<${n - 1}@x>` })
    await run()
    const later = await archive('later', { body: '谢谢', answers: `<${answers}@x>` })
    await run()
    const { id, followUps } = await ticketOf(`${answers}`)
    expect((await ticketOf('0')).followUps).toHaveLength(answers - 1)
    expect(followUps).toMatchObject([{ externalId: 'later' }])
    expect(await outcomeOf(later)).toMatchObject({ reason: 'follow-up', ticketId: id })
  })

  /** A thread whose tickets take two of these each. */
  const half = '路'.repeat(300_000)
  const thread: readonly (readonly [string, Said])[] = [
    ['0', { body: long, messageId: '<0@x>' }],
    ['1', { body: half, messageId: '<1@x>', answers: '<0@x>' }],
    ['2', { body: half, answers: '<0@x>' }],
    ['second', { body: '路灯还没有修好', answers: '<0@x>' }],
    ['3', { body: half, answers: '<1@x>' }],
    ['4', { body: half, answers: '<0@x>' }],
    ['third', { body: '公园的座椅也坏了', answers: '<1@x>' }],
    ['5', { body: '谢谢', answers: '<0@x>' }],
    ['6', { body: '谢谢', answers: '<1@x>' }],
  ]
  const followUpsOfThread = async () => {
    const tickets = await Promise.all(['0', 'second', 'third'].map(ticketOf))
    return tickets.map(({ followUps }) => followUps.map(({ externalId }) => externalId))
  }
  const inThree = [
    ['1', '2'],
    ['3', '4'],
    ['5', '6'],
  ]

  it.each([1, 500])(
    'lets answers to early messages of a full ticket join the latest one of the thread, %i at a time',
    async (batchSize) => {
      for (const [id, said] of thread) await archive(id, said)
      expect(await run({ batchSize })).toMatchObject({ ticketed: 3, linked: 6 })
      expect(await followUpsOfThread()).toEqual(inThree)
      const later = await archive('7', { body: '谢谢', answers: '<1@x>' })
      await run()
      expect(await outcomeOf(later)).toMatchObject({ ticketId: ticketIdOf('board', 'third') })
    },
  )

  it('ends where a corrected mail answers what goes on with its own thread', async () => {
    await archive('0', { body: long, messageId: '<0@x>' })
    for (const id of ['1', '2']) await archive(id, { body: half, answers: '<0@x>' })
    await archive('next', { body: '路灯还没有修好', messageId: '<next@x>', answers: '<0@x>' })
    await archive('0', { body: `补充：${long}`, messageId: '<0@x>', answers: '<next@x>' })
    await archive('3', { body: '谢谢', answers: '<0@x>' })
    await run()
    expect((await ticketOf('next')).followUps).toMatchObject([{ externalId: '3' }])
  })

  it.each([[[0]], [[1]], [[2]], [[0, 1]], [[0, 2]], [[1, 2]], [[0, 1, 2]]])(
    'adds no answer twice to a thread of several tickets when a commit ended after some: %j',
    async (written) => {
      for (const [id, said] of thread) await archive(id, said)
      const commit: Store['commit'] = async (given, ...rest) => {
        const tickets = given.tickets.filter((_, index) => written.includes(index))
        await store.commit({ tickets, links: [], outcomes: [], terms: null }, ...rest)
        throw full
      }
      await expect(run({ over: { commit } })).rejects.toBe(full)
      expect(await run({ batchSize: 8 })).toMatchObject({ ticketed: 3, linked: 6 })
      expect(await followUpsOfThread()).toEqual(inThree)
      await archive('fill', { body: half.repeat(2), answers: '<0@x>' })
      await archive('fourth', { body: '谢谢', answers: '<0@x>' })
      await archive('7', { body: '谢谢', answers: '<0@x>' })
      await run({ batchSize: 1 })
      expect((await ticketOf('fourth')).followUps).toMatchObject([{ externalId: '7' }])
    },
  )

  it('keeps of an answer what was doubtful in its interpretation', async () => {
    const history = 'On Thu, Sep 3, 2020 at 8:05 AM Mayor <m@example.org> wrote:\n> 已收到'
    await archiveText('first', mail('a', long))
    const text = `还没有处理\n\n${history}`
    await archiveText(
      'second',
      mail('b', text, 'In-Reply-To: <a@x>\n').replace('Subject: a', 'Subject: Re: a'),
    )
    await run({ normalizer: email })
    const { followUps } = await ticketOf('first')
    expect(followUps).toMatchObject([{ body: '还没有处理', notes: ['quoted-history-cut'] }])
  })

  it('joins no two answers to a mail that never came, nor a mail that went to others', async () => {
    const answer = 'In-Reply-To: <news@x>\n'
    await archiveText('1', mail('b', long, answer))
    await archiveText('2', mail('c', '路灯坏了一个月没有人修', answer))
    const other = mail('d', '公园的座椅坏了', answer).replace('zhang@', 'li@')
    await archiveText('3', other)
    expect(await run({ normalizer: email })).toMatchObject({ ticketed: 3, linked: 0 })
    await archiveText('4', mail('news', '停水通知').replace('zhang@example.com', 'news@example.org'))
    expect(await run({ normalizer: email })).toMatchObject({ ticketed: 1, linked: 0 })
  })

  it('keeps the first ticket of a message id as its thread, whatever came in the same batch', async () => {
    await archive('1', { body: long, messageId: '<a@x>' })
    await archive('2', { body: '另一个程序用了同一个编号', messageId: '<a@x>' })
    await archive('3', { body: '一起来的答复', answers: '<a@x>' })
    expect(await run()).toMatchObject({ ticketed: 2, linked: 1 })
    await archive('4', { body: '后来的答复', answers: '<a@x>' })
    await run()
    const { followUps } = await ticketOf('1')
    expect(followUps.map(({ body }) => body)).toEqual(['一起来的答复', '后来的答复'])
  })

  it('skips by policy and quarantines by code, and stops nothing', async () => {
    const skipped = await archive('1', { skip: 'auto-reply' })
    const bad = await archive('2', { bad: true })
    await archive('3', { body: long })
    expect(await run()).toMatchObject({ ticketed: 1, skipped: 1, quarantined: 1 })
    expect(await outcomeOf(skipped)).toMatchObject({ kind: 'skipped', reason: 'auto-reply' })
    expect(await outcomeOf(bad)).toMatchObject({ kind: 'quarantined', reason: 'ITEM_UNREADABLE' })
  })

  it('tries an item that breaks the normalizer a bounded number of times, then quarantines it', async () => {
    const rawId = await archive('1', { throws: true })
    await archive('2', { body: long })
    expect(await run()).toMatchObject({ ticketed: 1, postponed: 1 })
    now += 3_600_000
    expect(await run()).toMatchObject({ postponed: 1 })
    now += 3_600_000
    expect(await run()).toMatchObject({ quarantined: 1 })
    expect(await outcomeOf(rawId)).toMatchObject({ kind: 'quarantined', reason: 'ITEM_POISON' })
  })

  it('counts an attempt before touching an item when the last holder died at work', async () => {
    const rawId = await archive('1', { body: long })
    await store.postpone((await store.item(rawId))?.seq ?? 0, 3, now)
    expect(await run({ careful: true })).toMatchObject({ quarantined: 1 })
    expect(await outcomeOf(rawId)).toMatchObject({ reason: 'ITEM_POISON' })
    const next = await archive('2', { body: long })
    const counted: unknown[] = []
    const commit: Store['commit'] = async (...given) => {
      counted.push((await store.item(next))?.attempts)
      await store.commit(...given)
    }
    expect(await run({ careful: true, over: { commit } })).toMatchObject({ ticketed: 1 })
    expect(counted).toEqual([1])
  })

  it('does not use attempts up for passing trouble, however often it comes', async () => {
    const rawId = await archive('1', { body: long, picture: true })
    isDiskFull = true
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await run()).toMatchObject({ postponed: 1, problem: { code: 'STORE_FULL' } })
      expect(await run()).toMatchObject({ items: 0 })
      now += 3_600_000
    }
    expect(await store.item(rawId)).toMatchObject({ attempts: 0 })
    isDiskFull = false
    expect(await run()).toMatchObject({ ticketed: 1 })
  })

  it('takes back an attempt counted beforehand when the trouble was a passing one of the store', async () => {
    const rawId = await archive('1', { body: long })
    const refuse = () => {
      throw full
    }
    for (let attempt = 0; attempt < 5; attempt++)
      await expect(run({ careful: true, refuse })).rejects.toMatchObject({ code: 'STORE_FULL' })
    expect(await store.item(rawId)).toMatchObject({ attempts: 0 })
    expect(await run({ careful: true })).toMatchObject({ ticketed: 1 })
  })

  it('quarantines the one item whose ticket the store cannot hold, and commits the others in the same run', async () => {
    const names = ['1', '2', '3', '4', '5']
    const words = ['路灯坏了', '井盖丢了', '垃圾没有人清运', '公交车不停站', '水管爆裂']
    const rawIds: string[] = []
    for (const [index, name] of names.entries())
      rawIds.push(await archive(name, { body: words[index]?.repeat(name === '4' ? 1_000 : 1) ?? '' }))
    const refuse = ({ tickets }: Commit) => {
      const bytes = Math.max(0, ...tickets.map(({ ticket }) => JSON.stringify(ticket).length))
      if (bytes > 5_000) throw new YiwangError('ITEM_TOO_LARGE', { bytes, limit: 5_000 })
    }
    expect(await run({ refuse })).toMatchObject({ items: 5, ticketed: 4, quarantined: 1 })
    expect(await outcomeOf(rawIds[3] ?? '')).toMatchObject({
      reason: 'ITEM_TOO_LARGE',
      details: { limit: 5_000 },
    })
    expect(await store.outboxCount()).toBe(4)
  })

  it('quarantines an item whose body cannot be read, and takes it up once that is mended', async () => {
    const rawId = await archive('1', { body: long })
    await archive('2', { body: '没水了' })
    const damage = new YiwangError('ITEM_DAMAGED', { url: 'mongodb://h/db', rawId })
    const pending: Store['pending'] = async (...asked) => {
      const items = await store.pending(...asked)
      return items.map((item) => (item.rawId === rawId ? { ...item, body: new Uint8Array(), damage } : item))
    }
    expect(await run({ over: { pending } })).toMatchObject({ items: 2, ticketed: 1, quarantined: 1 })
    expect(await outcomeOf(rawId)).toMatchObject({ reason: 'ITEM_DAMAGED', details: { rawId } })
    await store.redrive([rawId])
    expect(await run()).toMatchObject({ items: 1, ticketed: 1 })
  })

  it('tries an item that breaks the commit a bounded number of times, and holds nothing else up', async () => {
    const rawId = await archive('1', { body: long, from: 'zhang' })
    await archive('2', { body: '没水了' })
    const bad = ticketIdOf('board', '1')
    const refuse = ({ tickets }: Commit) => {
      if (tickets.some(({ ticket }) => ticket.id === bad)) throw new Error('cannot happen')
    }
    expect(await run({ refuse })).toMatchObject({ ticketed: 1, postponed: 1, problem: { code: 'INTERNAL' } })
    now += 3_600_000
    expect(await run({ refuse })).toMatchObject({ postponed: 1 })
    now += 3_600_000
    expect(await run({ refuse })).toMatchObject({ quarantined: 1 })
    expect(await outcomeOf(rawId)).toMatchObject({ reason: 'ITEM_POISON', details: { attempts: 3 } })
  })

  it('blames no item for a store that is damaged', async () => {
    const rawId = await archive('1', { body: long, from: 'zhang' })
    await archive('2', { body: '没水了' })
    // Only a page that a ticket needs is damaged.
    const refuse = ({ tickets }: Commit) => {
      if (tickets.length > 0)
        throw new YiwangError('STORE_CORRUPT', { url: 'sqlite:a.db', reason: 'malformed' })
    }
    await expect(run({ refuse })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(await store.item(rawId)).toMatchObject({ outcome: null, attempts: 0 })
  })

  it('counts the terms of a batch once, though it had to be taken apart', async () => {
    await archive('1', { body: long, from: 'zhang' })
    await archive('2', { body: long, from: 'zhang' })
    let isFirst = true
    const linkCounts: Store['linkCounts'] = async (...asked) => {
      if (!isFirst) return await store.linkCounts(...asked)
      isFirst = false
      throw new Error('cannot happen')
    }
    expect(await run({ over: { linkCounts } })).toMatchObject({ ticketed: 1, linked: 1 })
    const { additions } = await store.termStatistics()
    expect(additions).toEqual([additions[1], additions[1]])
  })

  it('hears between two batches that it is to stop, though its store never lets it wait', async () => {
    for (const number of ['1', '2', '3', '4', '5', '6']) await archive(number, { body: long })
    const stopping = new AbortController()
    const onBatch = () => void setTimeout(() => stopping.abort(), 0)
    const { items } = await run({ batchSize: 1, signal: stopping.signal, onBatch })
    expect(items).toBeLessThan(6)
  })

  it('writes nothing once its lease has gone to another', async () => {
    await archive('1', { body: long })
    await store.renew(lease, 0)
    await store.acquire('processing', 'other', 60_000)
    await expect(run()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await store.pendingCount()).toBe(1)
    expect(await store.outboxCount()).toBe(0)
  })
})
