import { parentPort, workerData } from 'node:worker_threads'
import { simpleParser } from 'mailparser'

export interface ParseStart {
  readonly messages: readonly Uint8Array[]
  /** Parsed before the clock starts. */
  readonly warmUp: readonly Uint8Array[]
}

/** Answers with the seconds that mailparser takes for the messages, one after the other. */
const { messages, warmUp } = workerData as ParseStart
await parseAll(warmUp)
const startedAt = performance.now()
await parseAll(messages)
parentPort?.postMessage((performance.now() - startedAt) / 1000)

async function parseAll(mails: readonly Uint8Array[]): Promise<void> {
  for (const { buffer, byteOffset, byteLength } of mails)
    await simpleParser(Buffer.from(buffer, byteOffset, byteLength))
}
