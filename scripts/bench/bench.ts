import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { Redis } from 'ioredis'
import { countOf, readArguments } from '../read-arguments.ts'
import { startRedis } from '../servers/redis.ts'
import { inChild } from './child.ts'
import { writeHotlineCsv } from './csv.ts'
import type { FullResult } from './full-child.ts'
import { machine } from './machine.ts'
import { measureMail } from './mail.ts'
import { measureRaw } from './raw.ts'
import { sampleTicket } from './sample-ticket.ts'
import { fullSettings } from './settings.ts'

interface Run {
  readonly rawPerSecond: number
  readonly fullPerSecond: number
  readonly ratio: number
  /** The same with reworded repeats and incidents looked for, on fewer rows. */
  readonly similarPerSecond: number
  readonly similarRatio: number
  readonly similarPeakMegabytes: number
  readonly peakMegabytes: number
  readonly lastToFirst: number
  readonly mailRatio: number
}

const { values } = readArguments({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    mails: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
  },
})
const rows = countOf('rows', values.rows, 1)
const wanted = countOf('runs', values.runs, 1)
const mails = countOf('mails', values.mails, 1)
const similarRows = Math.min(rows, 50_000)
const dir = resolve('var/bench')
/** So many go through before each clock starts: the first ones of a process are slow. */
const warmUpOf = (rows: number) => Math.min(20_000, Math.ceil(rows / 5))

async function main(): Promise<void> {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  say(`writing ${rows} rows`)
  await writeExports('full', rows)
  await writeExports('similar', similarRows)
  const runs: Run[] = []
  for (let number = 1; number <= wanted; number++) {
    const run = await oneRun()
    runs.push(run)
    say(`run ${number}: ${describe(run)}`)
  }
  const summary = { ...medians(runs), rows, mails, machine: machine(), runs }
  if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`)
  else console.table(runs.map((run) => ({ ...run })))
  say(`medians: ${describe(medians(runs))}`)
  rmSync(dir, { recursive: true, force: true })
}

/** Raw and full in one run, on one Redis with an append-only file flushed every second. */
async function oneRun(): Promise<Run> {
  const redis = await startRedis({ dir: `${dir}/redis`, appendOnly: true })
  try {
    await keepLog(redis.url)
    const rawPerSecond = await measureRaw({
      redisUrl: redis.url,
      jobs: rows,
      warmUp: warmUpOf(rows),
      sample: sampleTicket,
    })
    await wipe(redis.url)
    const full = await runFull(redis.url, 'full')
    if (full.tickets !== rows) throw new Error(`${full.tickets} tickets came of ${rows} rows`)
    await wipe(redis.url)
    const similar = await runFull(redis.url, 'similar')
    const similarPerSecond = similarRows / similar.seconds
    await wipe(redis.url)
    const fullPerSecond = rows / full.seconds
    const mailRatio = await measureMail({ redisUrl: redis.url, dir, mails })
    const { peakMegabytes, lastToFirst } = full
    return {
      rawPerSecond,
      fullPerSecond,
      ratio: fullPerSecond / rawPerSecond,
      similarPerSecond,
      similarRatio: similarPerSecond / rawPerSecond,
      similarPeakMegabytes: similar.peakMegabytes,
      peakMegabytes,
      lastToFirst,
      mailRatio,
    }
  } finally {
    await redis.stop()
    rmSync(`${dir}/redis`, { recursive: true, force: true })
  }
}

/** A rewrite of the log takes a core for half a minute at some random moment of one way or the other. */
async function keepLog(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.config('SET', 'auto-aof-rewrite-percentage', '0')
  await redis.quit()
}

async function wipe(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushall()
  await redis.quit()
}

type Way = 'full' | 'similar'

/** What is measured, and other rows to warm up with. */
async function writeExports(way: Way, rows: number): Promise<void> {
  for (const folder of [way, `${way}-warm-up`]) mkdirSync(`${dir}/${folder}`)
  await writeHotlineCsv(`${dir}/${way}/export.csv`, rows)
  await writeHotlineCsv(`${dir}/${way}-warm-up/export.csv`, warmUpOf(rows), rows)
}

function runFull(redisUrl: string, way: Way): Promise<FullResult> {
  rmSync(`${dir}/store`, { recursive: true, force: true })
  const inbox = { inbox: `${dir}/${way}`, warmUp: `${dir}/${way}-warm-up` }
  return inChild<FullResult>(
    'full-child.ts',
    fullSettings({ dir, redisUrl, ...inbox, similar: way === 'similar' }),
  )
}

function medians(runs: readonly Run[]): Run {
  const median = (pick: (run: Run) => number) => {
    const sorted = runs.map(pick).sort((one, other) => one - other)
    return sorted[Math.floor(sorted.length / 2)] ?? 0
  }
  return {
    rawPerSecond: median((run) => run.rawPerSecond),
    fullPerSecond: median((run) => run.fullPerSecond),
    ratio: median((run) => run.ratio),
    similarPerSecond: median((run) => run.similarPerSecond),
    similarRatio: median((run) => run.similarRatio),
    similarPeakMegabytes: median((run) => run.similarPeakMegabytes),
    peakMegabytes: median((run) => run.peakMegabytes),
    lastToFirst: median((run) => run.lastToFirst),
    mailRatio: median((run) => run.mailRatio),
  }
}

function describe(run: Run): string {
  return Object.entries(run)
    .map(([name, value]) => `${name} ${(value as number).toFixed(value > 100 ? 0 : 2)}`)
    .join(', ')
}

function say(words: string): void {
  process.stderr.write(`${words}\n`)
}

await main()
