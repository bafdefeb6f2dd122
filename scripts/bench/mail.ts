import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { inChild } from './child.ts'
import type { MailStart } from './mail-child.ts'
import { mailOf } from './mails.ts'
import type { ParseStart } from './parse-thread.ts'

/** Before each clock starts, both ways have gone through so many others. */
const warmUpMails = 2_000

/**
 * Mails a second from a Dovecot mailbox to tickets on the queue, over mails a second that mailparser alone
 * parses of the same messages in memory, one after the other.
 */
export async function measureMail(options: Omit<MailStart, 'warmUpMails'>): Promise<number> {
  const parsedPerSecond = options.mails / (await measureParsing(options.mails))
  const seconds = await inChild<number>('mail-child.ts', { ...options, warmUpMails } satisfies MailStart)
  return options.mails / seconds / parsedPerSecond
}

/** In a thread of its own: ioredis is loaded in this one, and slows down whatever reads texts (pipeline/README.md). */
async function measureParsing(mails: number): Promise<number> {
  const messages = Array.from({ length: mails }, (_, seed) => mailOf(seed))
  const workerData: ParseStart = { messages, warmUp: messages.slice(0, warmUpMails) }
  const worker = new Worker(new URL('./parse-thread.ts', import.meta.url), { workerData })
  const [seconds] = (await once(worker, 'message')) as [number]
  return seconds
}
