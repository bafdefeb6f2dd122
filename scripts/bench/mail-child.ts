import { rmSync } from 'node:fs'
import { createLogger } from '../../config/logging.ts'
import type { App } from '../../pipeline/app.ts'
import { openApp } from '../../pipeline/open-app.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { answer, question } from './child.ts'
import { mailOf } from './mails.ts'
import { benchSettings } from './settings.ts'

export interface MailStart {
  readonly redisUrl: string
  /** Of the benchmark; the mails get a folder of their own in it. */
  readonly dir: string
  readonly mails: number
  readonly warmUpMails: number
}

/** Run as a process of its own, as the `yiwang` command is; answers with the seconds that the mails took. */
async function main({ redisUrl, mails, warmUpMails, ...start }: MailStart): Promise<void> {
  const dir = `${start.dir}/mail`
  rmSync(dir, { recursive: true, force: true })
  const dovecot = await startDovecot({ dir: `${dir}/dovecot` })
  try {
    const { host, port, user, password } = dovecot
    const settings = benchSettings({
      dir,
      redisUrl,
      sources: [
        {
          id: 'bench',
          connector: 'imap',
          channel: 'email',
          settings: { host, port, user, password, tls: 'insecure', folders: ['bench'] },
        },
      ],
    })
    const app = await openApp(settings, { log: createLogger(settings.log) })
    await collectAll(app, dovecot, { from: mails, count: warmUpMails })
    const seconds = await collectAll(app, dovecot, { from: 0, count: mails })
    await app.close()
    answer(seconds)
  } finally {
    await dovecot.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Seconds from the first look at the mailbox to the last ticket on the queue. */
async function collectAll(
  app: App,
  dovecot: DovecotServer,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<number> {
  await dovecot.fill(
    'bench',
    Array.from({ length: count }, (_, index) => mailOf(from + index)),
  )
  const startedAt = performance.now()
  const report = await app.collect([{ sourceId: 'bench' }], { signal: new AbortController().signal })
  const seconds = (performance.now() - startedAt) / 1000
  for (const { error } of report.failures) throw error
  if (report.relay.published !== count) throw new Error(`${report.relay.published} tickets`)
  return seconds
}

await main(await question<MailStart>())
