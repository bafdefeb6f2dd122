import stringWidth from 'string-width'
import type { Locale } from '../../config/locale.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import type { App } from '../../pipeline/app.ts'
import { messages } from '../cli/messages.ts'

/** What came in and what became of it. */
export interface SourceSummary {
  readonly id: string
  readonly seen: number
  readonly ticketed: number
  readonly linked: number
  readonly quarantined: number
  readonly skipped: number
}

/** The document that `scripts/start --json` prints. */
export interface Summary {
  readonly sources: readonly SourceSummary[]
  readonly queue: { readonly name: string; readonly jobs: number }
  /** Three in full. */
  readonly tickets: readonly Ticket[]
}

const counted = ['seen', 'ticketed', 'linked', 'quarantined', 'skipped'] as const

/** @throws YiwangError QUEUE_UNREACHABLE, QUEUE_REFUSED */
export async function summarize(app: App): Promise<Summary> {
  const tallies = new Map((await app.store.tally({ byDay: false })).map((tally) => [tally.sourceId, tally]))
  const [queue] = await app.queues()
  return {
    sources: app.settings.sources.map(({ id }) => {
      const { seen, ticketed, linked, quarantined, skipped } = tallies.get(id) ?? nothing
      return { id, seen, ticketed, linked, quarantined, skipped }
    }),
    queue: { name: queue?.queue ?? 'tickets', jobs: queue?.jobs ?? 0 },
    tickets: await telling(app),
  }
}

const nothing = { seen: 0, ticketed: 0, linked: 0, quarantined: 0, skipped: 0 }

/** One that was reported through two channels, one from a mail with a file, one that was answered; each from a source of its own. */
async function telling(app: App): Promise<readonly Ticket[]> {
  const all = await app.store.findTickets({ limit: 1000 })
  const wanted: readonly ((ticket: Ticket) => boolean)[] = [
    ({ dedupe }) => dedupe.channels.length > 1,
    ({ attachments }) => attachments.length > 0,
    ({ official }) => official !== null && official.reply !== null,
    () => true,
    () => true,
    () => true,
  ]
  const chosen: Ticket[] = []
  for (const wants of wanted) {
    const isNew = ({ sourceId }: Ticket) => !chosen.some((other) => other.sourceId === sourceId)
    const found = all.find((ticket) => isNew(ticket) && wants(ticket))
    if (found !== undefined && chosen.length < 3) chosen.push(found)
  }
  return chosen
}

/** The table per source with a line of totals, and the queue below it. */
export function formatSummary({ sources, queue }: Summary, locale: Locale): string {
  const totals = counted.map((key) => sources.reduce((sum, source) => sum + source[key], 0))
  const rows = [
    [messages.source[locale], ...counted.map((key) => messages[key][locale])],
    ...sources.map((source) => [source.id, ...counted.map((key) => String(source[key]))]),
    [locale === 'zh' ? '合计' : 'total', ...totals.map(String)],
  ]
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? '')))) ?? []
  const line = (row: readonly string[]) =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0, column > 0)).join('  ')
  const queueLine =
    locale === 'zh' ? `队列 ${queue.name}：${queue.jobs} 个任务` : `queue ${queue.name}: ${queue.jobs} jobs`
  return `${rows.map(line).join('\n')}\n\n${queueLine}\n`
}

function padded(text: string, columns: number, right: boolean): string {
  const spaces = ' '.repeat(columns - stringWidth(text))
  return right ? spaces + text : text + spaces
}
