import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Queue } from 'bullmq'
import mongoose from 'mongoose'
import { defaultDedupe, defaultOutput, defaultProcessing, defaultSource } from '../../config/schema.ts'
import type { Settings, SourceSettings } from '../../config/settings.ts'
import { connectorSpecs } from '../../connectors/registry.ts'
import type { Ticket, TicketJob } from '../../normalizers/ticket.ts'
import type { CrashOrder } from './life.ts'

/** Where one life of the pipeline, with its crashes, takes place. */
export interface World {
  readonly settings: Settings
}

export interface WorldOptions {
  readonly dir: string
  readonly storeUrl: string
  readonly blobsUrl: string
  readonly redisUrl: string
  /** The BullMQ prefix: one queue for each world. */
  readonly prefix: string
  readonly sources: readonly (Pick<SourceSettings, 'id' | 'connector' | 'channel'> & {
    readonly settings: Record<string, unknown>
  })[]
}

/** A deployment with small batches, so that few items make many steps. */
export function makeWorld(options: WorldOptions): World {
  mkdirSync(options.dir, { recursive: true })
  return {
    settings: {
      path: options.dir,
      timeZone: 'Asia/Shanghai',
      store: { url: options.storeUrl },
      blobs: { url: options.blobsUrl },
      redis: { url: options.redisUrl, prefix: options.prefix },
      outputs: [defaultOutput],
      dedupe: defaultDedupe,
      processing: { ...defaultProcessing, batchSize: 3, pullConcurrency: 1 },
      log: { level: 'silent' },
      sources: options.sources.map((source) => ({
        ...defaultSource,
        timeZone: 'Asia/Shanghai',
        ...source,
        settings: connectorSpecs.get(source.connector)?.settings.parse(source.settings) ?? {},
      })),
    },
  }
}

/**
 * Runs these lives in one process, which dies by SIGKILL once each of them has come to where it is to be killed.
 * Answers null, or how many awaited calls one had that did not come there.
 */
export function runChild(orders: readonly CrashOrder[]): Promise<number | null> {
  const file = new URL('./child.ts', import.meta.url).pathname
  // Most of its short life is loading code, whose garbage need not be collected.
  const args = ['--max-semi-space-size=64', file, JSON.stringify(orders)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let complaint = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code, killedBy) => {
      if (killedBy === 'SIGKILL') resolve(null)
      else if (code === 0) resolve(JSON.parse(out) as number)
      else reject(new Error(`the child ended with ${code}: ${complaint}`))
    })
  })
}

/** As if the time had passed after which the leases of a dead process have run out. */
export async function endLeases({ settings }: World): Promise<void> {
  const { url } = settings.store
  if (url.startsWith('sqlite:')) {
    const db = new DatabaseSync(url.slice('sqlite:'.length))
    db.exec('UPDATE leases SET expires_at = 0')
    db.close()
    return
  }
  const connection = await mongoose.createConnection(url).asPromise()
  await connection.collection('leases').updateMany({}, { $set: { expiresAt: 0 } })
  await connection.close()
}

/** What downstream got, job by job. */
export async function jobsOf({ settings }: World): Promise<TicketJob[]> {
  const { url, prefix } = settings.redis
  const queue = new Queue<TicketJob>('tickets', { connection: { url }, prefix })
  const jobs = await queue.getJobs(['wait', 'prioritized', 'delayed', 'active', 'completed', 'failed'])
  await queue.close()
  return jobs.map(({ data }) => data)
}

/** Ends a world's queue, so that hundreds of them do not fill Redis. */
export async function forget({ settings }: World): Promise<void> {
  const { url, prefix } = settings.redis
  const queue = new Queue('tickets', { connection: { url }, prefix })
  await queue.obliterate({ force: true })
  await queue.close()
}

/**
 * The state that a consumer of these jobs ends up with, by ticket: how often it was told of a new ticket, and the
 * last revision without what depends on when batches were cut or items archived.
 */
export function downstreamState(
  jobs: readonly TicketJob[],
): Record<string, { births: number; ticket: unknown }> {
  const last = new Map<string, Ticket>()
  const births = new Map<string, number>()
  for (const { event, ticket } of jobs) {
    // A later report may bring one that was told of into its incident, which is linked then without a master.
    const isRepeat = event === 'ticket.linked' && ticket.dedupe.masterId !== null
    if (event === 'ticket.created' || isRepeat) births.set(ticket.id, (births.get(ticket.id) ?? 0) + 1)
    if (ticket.revision >= (last.get(ticket.id)?.revision ?? 0)) last.set(ticket.id, ticket)
  }
  const state = [...last]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, ticket]) => {
      const { revision: _revision, ingestedAt: _ingestedAt, ...lasting } = ticket
      const history = ticket.dedupe.history.map((entry) => ({ ...entry, at: '' }))
      // The counts of an incident are those of the batch that wrote the revision.
      const incident = ticket.dedupe.incident === null ? null : ticket.dedupe.incident.label
      const dedupe = { ...ticket.dedupe, history, incident }
      return [id, { births: births.get(id) ?? 0, ticket: { ...lasting, dedupe } }] as const
    })
  return Object.fromEntries(state)
}

/** Two exports: the second repeats a row of the first, changes one, and has one without text. */
export function writeExports(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const header = '工单编号,诉求人,联系电话,诉求时间,诉求内容'
  const noise = '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。'
  const water = '湖东路与五四路口积水严重，行人无法通过，请尽快疏通下水道。'
  const first = [
    `A1,张女士,13800138000,2026-03-01 08:00,${noise}`,
    `A2,李先生,13800138001,2026-03-01 09:00,${water}`,
    `A3,张女士,13800138000,2026-03-02 09:00,${noise}`,
    'A4,王先生,13800138002,2026-03-02 10:00,小区路灯坏了半个月一直没有人来修理，晚上出行很不安全。',
  ]
  const second = [
    `A2,李先生,13800138001,2026-03-01 09:00,${water}`,
    'A4,王先生,13800138002,2026-03-02 10:00,小区路灯坏了一个月一直没有人来修理，晚上出行很不安全。',
    'A5,陈先生,13800138003,2026-03-03 10:00,',
    `A6,,,2026-03-03 11:00,${noise}`,
  ]
  writeFileSync(`${folder}/1.csv`, `${[header, ...first].join('\n')}\n`)
  writeFileSync(`${folder}/2.csv`, `${[header, ...second].join('\n')}\n`)
}

/** A report with a picture, an answer to it, an automatic reply, the report once more, and a mail without text. */
export function mails(): Buffer[] {
  const noise = '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。'
  const picture = Buffer.alloc(64, 7).toString('base64')
  const withPicture = [
    'Content-Type: multipart/mixed; boundary=b',
    '',
    `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${noise}`,
    `--b\r\nContent-Type: image/png; name=p.png\r\nContent-Transfer-Encoding: base64\r\n\r\n${picture}`,
    '--b--',
  ]
  const text = (words: string) => ['Content-Type: text/plain; charset=utf-8', '', words]
  return [
    mail('a', 'zhang', '工地噪音', [], withPicture),
    mail(
      'b',
      'zhang',
      'Re: 工地噪音',
      ['In-Reply-To: <a@example.org>'],
      text('昨晚又打桩到凌晨两点，还没有人来处理。'),
    ),
    mail('c', 'auto', '自动回复', ['Auto-Submitted: auto-replied'], text('我正在休假。')),
    mail('d', 'zhang', '工地噪音', [], text(noise)),
    mail('e', 'li', '', [], text('')),
  ]
}

/** One mail, its text or parts given with their headers. */
export function mail(
  id: string,
  from: string,
  subject: string,
  more: readonly string[],
  rest: readonly string[],
): Buffer {
  const head = [
    `Message-ID: <${id}@example.org>`,
    `From: ${from}@example.org`,
    'To: office@example.org',
    `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'Date: Mon, 02 Mar 2026 08:05:00 +0800',
    'MIME-Version: 1.0',
  ]
  return Buffer.from([...head, ...more, ...rest, ''].join('\r\n'))
}
