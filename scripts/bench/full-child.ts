import { systemClock } from '../../config/clock.ts'
import { createLogger } from '../../config/logging.ts'
import type { Settings } from '../../config/settings.ts'
import type { App } from '../../pipeline/app.ts'
import { openApp } from '../../pipeline/open-app.ts'
import { answer, question } from './child.ts'

/** What one run of the whole way gave. */
export interface FullResult {
  readonly tickets: number
  readonly seconds: number
  readonly peakMegabytes: number
  /** Rate of the last 100,000 tickets over that of the first (of the last third over the first third of fewer). */
  readonly lastToFirst: number
}

/** Run as a process of its own, so that its memory is the pipeline's alone: settings on stdin, a result on stdout. */
async function main(): Promise<void> {
  const settings = await question<Settings>()
  const app = await openApp(settings, { log: createLogger(settings.log), clock: systemClock })
  await collect(app, 'warm-up')
  const marks: { readonly at: number; readonly published: number }[] = []
  const startedAt = performance.now()
  const { published } = await collect(app, 'bench', (published) => {
    if (published > (marks.at(-1)?.published ?? 0))
      marks.push({ at: performance.now() - startedAt, published })
  })
  const seconds = (performance.now() - startedAt) / 1000
  await app.close()
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  const result: FullResult = { tickets: published, seconds, peakMegabytes, lastToFirst: lastToFirst(marks) }
  answer(result)
}

/** Everything of one source, until it stands on the queue. */
async function collect(app: App, sourceId: string, onPublished: (count: number) => void = () => {}) {
  const { relay, failures } = await app.collect([{ sourceId }], {
    signal: new AbortController().signal,
    onProgress: ({ published }) => onPublished(published),
  })
  if (relay.problem !== null) throw relay.problem
  for (const { error } of failures) throw error
  return relay
}

function lastToFirst(marks: readonly { readonly at: number; readonly published: number }[]): number {
  const total = marks.at(-1)?.published ?? 0
  const timeAt = (count: number) => marks.find(({ published }) => published >= count)?.at ?? 0
  const part = Math.max(1, Math.min(100_000, Math.floor(total / 3)))
  // Counted from the first publication, so that starting up flatters nobody.
  const first = timeAt(part) - (marks[0]?.at ?? 0)
  const last = timeAt(total) - timeAt(total - part)
  return last === 0 ? 1 : first / last
}

await main()
