import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createLogger, type Logger } from '../../config/logging.ts'
import { defaultDedupe, defaultOutput, defaultProcessing, defaultSource } from '../../config/schema.ts'
import type { Settings } from '../../config/settings.ts'
import { connectorSpecs } from '../../connectors/registry.ts'
import { TicketJob } from '../../normalizers/ticket.ts'
import type { App } from '../app.ts'
import { openApp } from '../open-app.ts'

export const header = '工单编号,诉求人,联系电话,诉求时间,诉求内容'
export const texts = [
  '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，请尽快处理。',
  '湖东路与五四路口积水严重，行人无法通过，请尽快疏通下水道。',
  '小区路灯坏了半个月一直没有人来修理，晚上出行很不安全。',
] as const

export const forever = () => new AbortController().signal

/** Waits until it is heard of which jobs of a queue are completed; of those before it never is. */
export async function untilFollowed({ url, prefix }: Settings['redis'], queue: string): Promise<void> {
  const direct = new Redis(url)
  const name = ` name=${prefix}:${Buffer.from(queue).toString('base64')}:qe `
  const isFollowed = async () =>
    String(await direct.client('LIST'))
      .split('\n')
      .some((client) => client.includes(name) && client.includes(' cmd=xread '))
  while (!(await isFollowed())) await setTimeout(20)
  await direct.quit()
}

/** A folder with an inbox for exports, and the apps that a test opens on it; `end` closes and removes all. */
export class AppFolder {
  readonly dir = mkdtempSync(join(tmpdir(), 'app-'))
  private readonly prefix = basename(this.dir)
  private readonly redisUrl: string
  private readonly apps: App[] = []

  constructor(redisUrl: string) {
    this.redisUrl = redisUrl
    mkdirSync(join(this.dir, 'inbox'))
  }

  settings(redisUrl = this.redisUrl, schedule: Settings['sources'][0]['schedule'] = null): Settings {
    const { dir } = this
    const spec = connectorSpecs.get('hotline-export')
    return {
      path: dir,
      timeZone: 'Asia/Shanghai',
      store: { url: `sqlite:${dir}/a.db` },
      blobs: { url: `file:${dir}/blobs` },
      redis: { url: redisUrl, prefix: this.prefix },
      outputs: [defaultOutput],
      dedupe: defaultDedupe,
      processing: { ...defaultProcessing, pullConcurrency: 2 },
      log: { level: 'silent' },
      sources: [
        {
          ...defaultSource,
          ...{ id: 'hotline', connector: 'hotline-export', channel: 'hotline' },
          ...{ timeZone: 'Asia/Shanghai', schedule },
          settings: spec?.settings.parse({ path: join(dir, 'inbox'), settleMs: 0 }) ?? {},
        },
      ],
    }
  }

  /** The same with one schedule. */
  scheduled(schedule: NonNullable<Settings['sources'][0]['schedule']>): Settings {
    return this.settings(this.redisUrl, schedule)
  }

  async open(of = this.settings(), log: Logger = createLogger({ level: 'silent' })): Promise<App> {
    const app = await openApp(of, { log })
    this.apps.push(app)
    return app
  }

  writeExport(name: string, ids: readonly number[]): void {
    const rows = ids.map(
      (id) => `A${id},张女士,1380013${8000 + id},2026-03-0${1 + (id % 9)} 08:00,${id}号：${texts[id % 3]}`,
    )
    writeFileSync(join(this.dir, 'inbox', name), `${[header, ...rows].join('\n')}\n`)
  }

  /** Closes the apps that are open. */
  async close(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close()
  }

  async end(): Promise<void> {
    await this.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** The same with a mailbox on a port of this machine as the only source. */
export function withInbox(of: Settings, port: number, folders = ['INBOX']): Settings {
  const [source] = of.sources
  if (source === undefined) throw new Error('one source')
  const imap = { host: '127.0.0.1', port, tls: 'insecure', user: 'a@example.org', password: 'wrong', folders }
  const inbox = { ...source, id: 'inbox', connector: 'imap', channel: 'email' as const }
  return { ...of, sources: [{ ...inbox, settings: connectorSpecs.get('imap')?.settings.parse(imap) ?? {} }] }
}

export async function jobsOf({ redis }: Settings): Promise<TicketJob[]> {
  const queue = new Queue('tickets', { connection: { url: redis.url }, prefix: redis.prefix })
  const jobs = await queue.getJobs()
  await queue.close()
  return jobs.map(({ data }) => TicketJob.parse(data))
}
