import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { describeError, toYiwangError, type YiwangError } from '../../config/errors.ts'
import { loadSettings } from '../../config/load.ts'
import { localeOf } from '../../config/locale.ts'
import { createLogger } from '../../config/logging.ts'
import type { Settings } from '../../config/settings.ts'
import { connectorSpecs } from '../../connectors/registry.ts'
import type { App, CollectReport } from '../../pipeline/app.ts'
import { openApp } from '../../pipeline/open-app.ts'
import { openStore } from '../../pipeline/stores/open-store.ts'
import { endSoon, stopWithinMs } from '../cli/ending.ts'
import { localDetails } from '../cli/known-words.ts'
import { watchOutput } from '../cli/watch-output.ts'
import { isRedisShared, type RedisServer, startRedis } from '../servers/redis.ts'
import { progressOn } from './progress.ts'
import { formatSummary, summarize } from './summary.ts'
import { type Turn, takeTurn } from './turn.ts'

const root = join(import.meta.dirname, '../..')
const configPath = join(root, 'scripts/samples/yiwang.yaml')
const stateFolder = resolve(process.env.YIWANG_STATE || join(root, 'var/start'))
const preferredPort = 16379
const heldEveryMs = 500

interface Options {
  readonly once: boolean
  readonly json: boolean
  readonly fresh: boolean
}

const locale = localeOf(process.env)
const say = (en: string, zh: string) => process.stderr.write(`${locale === 'zh' ? zh : en}\n`)
const tell = ({ code, details }: YiwangError) =>
  process.stderr.write(`${describeError(code, localDetails(details, locale), locale)}\n`)

const help = {
  en: `Usage: scripts/start [--once] [--json] [--fresh]
Runs the pipeline on the bundled samples with a Redis of its own, state under var/start.
  --once   end when the tickets are on the queue
  --json   print the summary as one JSON document; everything else goes to standard error
  --fresh  forget the state of earlier runs first
`,
  zh: `用法：scripts/start [--once] [--json] [--fresh]
启动一个独立的 Redis，在随附的示例来源上运行全流程；状态存放在 var/start。
  --once   工单发布到队列后即退出
  --json   将汇总输出为一个 JSON 文档，其余内容写到标准错误
  --fresh  先清除以往运行留下的状态
`,
}[locale]

function readOptions(): Options | null {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({ options: { once: flag, json: flag, fresh: flag, help: flag } })
    if (!values.help) return values
    process.stdout.write(help)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), '未知的选项或参数。')
    process.stderr.write(help)
    process.exitCode = 2
  }
  return null
}

/** Aborts at Ctrl-C and SIGTERM; a second signal ends the process at once, and the guard ends Redis. */
function signalToStop(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      say('Stopping …', '正在停止……')
      controller.abort()
      setTimeout(() => process.exit(1), stopWithinMs).unref()
    })
  }
  return controller.signal
}

/** One start collects at a time: another one of the same state waits for it, and then finds its tickets. */
async function start(options: Options, signal: AbortSignal): Promise<void> {
  const turn = await takeTurn(`${stateFolder}.lock`, signal, () =>
    say(
      `Another start is at work in ${stateFolder}; waiting for it …`,
      `另一个 start 正在使用 ${stateFolder}，等待其完成……`,
    ),
  )
  if (turn === null) {
    process.exitCode = 130
    return
  }
  try {
    await startInTurn(options, signal, turn)
  } finally {
    turn.end()
  }
}

async function startInTurn(options: Options, signal: AbortSignal, turn: Turn): Promise<void> {
  const redisFolder = join(stateFolder, 'redis')
  if (options.fresh && (await isRedisShared(redisFolder))) {
    say(
      `Another start is still running in ${stateFolder}; end it with Ctrl-C before you start over.`,
      `另一个 start 仍在 ${stateFolder} 中运行，请先按 Ctrl-C 结束它，再重新开始。`,
    )
    process.exitCode = 1
    return
  }
  if (options.fresh) rmSync(stateFolder, { recursive: true, force: true })
  else if (existsSync(join(stateFolder, 'yiwang.db'))) {
    say(
      `State of an earlier run in ${stateFolder} is used again: nothing is taken twice (--fresh starts over).`,
      `沿用 ${stateFolder} 中上次运行的状态：不会重复收取（--fresh 可重新开始）。`,
    )
  }
  const redis = await startOwnRedis(redisFolder)
  if (redis === null) return
  say(`Redis ${redis.url}`, `Redis ${redis.url}`)
  try {
    await withApp(redis, (app) => work(app, options, signal, turn))
  } finally {
    await redis.stop()
  }
}

/** Null where it does not start, which is said. */
async function startOwnRedis(dir: string): Promise<RedisServer | null> {
  try {
    return await startRedis({ dir, appendOnly: true, port: preferredPort })
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    say(
      `redis-server could not be started in ${dir}: ${reason}\nCheck the permissions and the free space there, and that redis-server runs on this machine.`,
      `无法在 ${dir} 中启动 redis-server：${reason}\n请检查该处的权限和剩余空间，以及 redis-server 能否在本机运行。`,
    )
    process.exitCode = 1
    return null
  }
}

async function withApp(redis: RedisServer, use: (app: App) => Promise<void>): Promise<void> {
  const env = { ...process.env, YIWANG_REDIS_URL: redis.url, YIWANG_STATE: stateFolder }
  const settings = loadSettings(configPath, env, connectorSpecs)
  await migrate(settings)
  const app = await openApp(settings, { log: createLogger(settings.log) })
  try {
    await use(app)
  } finally {
    await app.close()
  }
}

/** A version before this one may have left the state. */
async function migrate(settings: Settings): Promise<void> {
  const store = await openStore(settings, { randomBytes })
  try {
    await store.migrate()
  } finally {
    await store.close()
  }
}

async function work(app: App, { once, json }: Options, signal: AbortSignal, turn: Turn): Promise<void> {
  await collectAll(app, signal)
  if (signal.aborted) {
    if (once) process.exitCode = 130
    return
  }
  const summary = await summarize(app)
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`)
  else {
    for (const ticket of summary.tickets) process.stdout.write(`${JSON.stringify(ticket, null, 2)}\n\n`)
    process.stdout.write(formatSummary(summary, locale))
  }
  if (once) return
  turn.end()
  say(
    'The worker now runs on its schedules; Ctrl-C ends it. In another terminal: ./scripts/yiwang --config scripts/samples/yiwang.yaml tickets',
    '工作进程将按计划持续运行，按 Ctrl-C 结束。可另开终端执行：./scripts/yiwang --config scripts/samples/yiwang.yaml tickets',
  )
  await app.run(signal)
}

async function collectAll(app: App, signal: AbortSignal): Promise<void> {
  const progress = progressOn(process.stderr, Date.now, locale)
  const targets = app.settings.sources.map(({ id }) => ({ sourceId: id }))
  let report = await app.collect(targets, { signal, onProgress: progress.report })
  for (let tries = 0; isHeld(report) && !signal.aborted; tries += 1) {
    if (tries === 0) {
      const seconds = app.settings.processing.leaseMs / 1000
      say(
        `Waiting for another process to finish its work; if it was killed, this takes up to ${seconds} s …`,
        `等待另一个进程完成其工作；若该进程已被强行结束，最多等待 ${seconds} 秒……`,
      )
    }
    await delay(heldEveryMs)
    report = await app.collect(targets, { signal, onProgress: progress.report })
  }
  progress.end()
  for (const { error } of report.failures) {
    tell(error)
    process.exitCode = 1
  }
  if (report.relay.problem !== null) throw report.relay.problem
}

/** Whether something was left to a process that holds its lease. */
function isHeld({ failures, drain }: CollectReport): boolean {
  return drain === null || failures.some(({ error }) => error.code === 'SOURCE_BUSY')
}

// Also where a reader has enough or a disk is full the work goes on, and Redis is ended as always.
watchOutput(process, locale, (problem) => {
  if (problem === null) return
  if (process.exitCode !== 1) process.stderr.write(`${problem}\n`)
  process.exitCode = 1
})
const options = readOptions()
if (options !== null) {
  await start(options, signalToStop()).catch((thrown: unknown) => {
    const error = toYiwangError(thrown)
    tell(error)
    process.exitCode = error.kind === 'config' ? 78 : 1
  })
  await endSoon(process)
}
