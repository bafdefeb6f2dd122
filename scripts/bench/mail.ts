import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { createLogger } from '../../config/logging.ts'
import type { App } from '../../pipeline/app.ts'
import { openApp } from '../../pipeline/open-app.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { bodyOf } from './csv.ts'
import type { ParseStart } from './parse-thread.ts'
import { benchSettings } from './settings.ts'

/** Before each clock starts, both ways have gone through so many others. */
const warmUpMails = 2_000

/**
 * Mails a second from a Dovecot mailbox to tickets on the queue, over mails a second that mailparser alone
 * parses of the same messages in memory, one after the other.
 */
export async function measureMail(options: {
  readonly redisUrl: string
  readonly dir: string
  readonly mails: number
}): Promise<number> {
  const messages = Array.from({ length: options.mails }, (_, seed) => mailOf(seed))
  const parsedPerSecond = await measureParsing(messages)
  const dir = `${options.dir}/mail`
  rmSync(dir, { recursive: true, force: true })
  const dovecot = await startDovecot({ dir: `${dir}/dovecot` })
  try {
    const { host, port, user, password } = dovecot
    const settings = benchSettings({
      dir,
      redisUrl: options.redisUrl,
      source: {
        connector: 'imap',
        channel: 'email',
        settings: { host, port, user, password, tls: 'insecure', folders: ['bench'] },
      },
    })
    const app = await openApp(settings, { log: createLogger(settings.log) })
    const warmUp = Array.from({ length: warmUpMails }, (_, index) => mailOf(options.mails + index))
    await collectAll(app, dovecot, warmUp)
    const seconds = await collectAll(app, dovecot, messages)
    await app.close()
    return messages.length / seconds / parsedPerSecond
  } finally {
    await dovecot.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Seconds from the first look at the mailbox to the last ticket on the queue. */
async function collectAll(app: App, dovecot: DovecotServer, messages: readonly Buffer[]): Promise<number> {
  await dovecot.fill('bench', messages)
  const startedAt = performance.now()
  const report = await app.collect([{ sourceId: 'bench' }], { signal: new AbortController().signal })
  const seconds = (performance.now() - startedAt) / 1000
  for (const { error } of report.failures) throw error
  if (report.relay.published !== messages.length) throw new Error(`${report.relay.published} tickets`)
  return seconds
}

/** In a thread of its own: ioredis is loaded in this one, and slows down whatever reads texts (pipeline/README.md). */
async function measureParsing(messages: readonly Buffer[]): Promise<number> {
  const workerData: ParseStart = { messages, warmUp: messages.slice(0, warmUpMails) }
  const worker = new Worker(new URL('./parse-thread.ts', import.meta.url), { workerData })
  const [seconds] = (await once(worker, 'message')) as [number]
  return messages.length / seconds
}

/** A citizen's mail: every second one with an HTML part beside the text, every tenth with a 20 KiB picture. */
function mailOf(seed: number): Buffer {
  const text = bodyOf(seed)
  const head = [
    `Message-ID: <m${seed}@mail.example.org>`,
    `From: =?UTF-8?B?${Buffer.from('张先生').toString('base64')}?= <citizen${seed}@example.org>`,
    'To: mayor@city.example.org',
    `Subject: =?UTF-8?B?${Buffer.from(`关于第${seed}号问题的反映`).toString('base64')}?=`,
    'Date: Mon, 02 Mar 2026 08:05:00 +0800',
    'MIME-Version: 1.0',
  ]
  const parts = [part('text/plain; charset=utf-8', Buffer.from(text))]
  if (seed % 2 === 0)
    parts.push(part('text/html; charset=utf-8', Buffer.from(`<html><body><p>${text}</p></body></html>`)))
  if (seed % 10 === 0) parts.push(part('image/png; name=p.png', Buffer.alloc(20 * 1024, seed)))
  const kind = seed % 10 === 0 ? 'mixed' : 'alternative'
  const [only] = parts
  const body =
    parts.length === 1 && only !== undefined
      ? only
      : `Content-Type: multipart/${kind}; boundary=b${seed}\r\n\r\n${parts.map((one) => `--b${seed}\r\n${one}`).join('')}--b${seed}--\r\n`
  return Buffer.from(`${head.join('\r\n')}\r\n${body}`)
}

function part(type: string, body: Buffer): string {
  const encoded = body.toString('base64').replace(/(.{76})/g, '$1\r\n')
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`
}
