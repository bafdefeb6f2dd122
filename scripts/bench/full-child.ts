import { systemClock } from '../../config/clock.ts'
import { createLogger } from '../../config/logging.ts'
import type { Settings } from '../../config/settings.ts'
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
  const [source] = settings.sources
  if (source === undefined) throw new Error('no source')
  const app = await openApp(settings, { log: createLogger(settings.log), clock: systemClock })
  // As for raw, the connections are open and the code is loaded before the clock starts.
  await app.collect([], { signal: new AbortController().signal })
  await app.queues()
  const marks: { readonly at: number; readonly published: number }[] = []
  const startedAt = performance.now()
  const report = await app.collect([{ sourceId: source.id }], {
    signal: new AbortController().signal,
    onProgress: ({ published }) => {
      if (published > (marks.at(-1)?.published ?? 0))
        marks.push({ at: performance.now() - startedAt, published })
    },
  })
  const seconds = (performance.now() - startedAt) / 1000
  await app.close()
  const { published, problem } = report.relay
  if (problem !== null) throw problem
  for (const { error } of report.failures) throw error
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  const result: FullResult = { tickets: published, seconds, peakMegabytes, lastToFirst: lastToFirst(marks) }
  answer(result)
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
