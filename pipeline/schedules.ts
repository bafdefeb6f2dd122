import type { Queue } from 'bullmq'
import type { Settings, SourceSettings } from '../config/settings.ts'

/** A wake-up may get lost with Redis; this one comes anyway. */
const drainEveryMs = 5_000
const drainScheduler = 'drain-tick'
/** Clocks of several machines may differ by as much. */
const clockSlackMs = 60_000

/** The data of a job on the queues of pulls. */
export interface PullJob {
  readonly sourceId: string
  /** Waits for no failure that came before it was asked for: whoever has just started may have mended the source. */
  readonly atOnce?: true
}

/** The queues that schedules put jobs on. */
export interface WorkQueues {
  readonly pulls: Queue<PullJob>
  readonly drains: Queue
}

export interface RunQueues extends WorkQueues {
  /** Pulls of sources whose last pull failed. */
  readonly retries: Queue<PullJob>
}

/** The sources that `yiwang run` pulls by itself: enabled, with a schedule. */
export function scheduledSources(settings: Settings): readonly SourceSettings[] {
  return settings.sources.filter(({ enabled, schedule }) => enabled && schedule !== null)
}

/** Removes the schedules of sources that are configured no longer. */
export async function removeOtherSchedules(settings: Settings, { pulls }: WorkQueues): Promise<void> {
  const wanted = new Set(scheduledSources(settings).map(({ id }) => id))
  for (const { key } of await pulls.getJobSchedulers()) {
    if (!wanted.has(key)) await pulls.removeJobScheduler(key)
  }
}

/** Removes the schedules that are configured; setting them up again would leave a next job far ahead where it is. */
export async function removeSchedules(settings: Settings, { pulls, drains }: WorkQueues): Promise<void> {
  await drains.removeJobScheduler(drainScheduler)
  for (const { id } of scheduledSources(settings)) await pulls.removeJobScheduler(id)
}

/** Puts schedules and limits into Redis as configured, and asks for a pull of each source now. */
export async function setUpSchedules(
  settings: Settings,
  { pulls, drains }: WorkQueues,
  wake: Pick<PullJob, 'atOnce'> = { atOnce: true },
): Promise<void> {
  await drains.setGlobalConcurrency(1)
  await drains.upsertJobScheduler(drainScheduler, { every: drainEveryMs }, { name: 'drain' })
  for (const { id, schedule } of scheduledSources(settings)) {
    if (schedule === null) continue
    const repeat =
      'cron' in schedule ? { pattern: schedule.cron, tz: schedule.timeZone } : { every: schedule.everyMs }
    await pulls.upsertJobScheduler(id, repeat, { name: 'pull', data: { sourceId: id } })
    await wakePull(pulls, { sourceId: id, ...wake })
  }
}

/** What has become of the schedules, at one look. */
export interface SchedulesLook {
  /**
   * `lost`: Redis has lost a part, and a schedule without its next job stands still.
   * `ahead`: the clock was set back, and the schedules stand still until it is as late again.
   * `elsewhere`: they are as far ahead, and a machine whose clock is so too goes on with them.
   */
  readonly state: 'whole' | 'lost' | 'ahead' | 'elsewhere'
  /** When the next drain is due, in milliseconds since 1970 of the machine that called the last one. */
  readonly nextDrain: number | null
}

/**
 * @param now in milliseconds since 1970
 * @param before the look before this one; null: none
 */
export async function lookAtSchedules(
  settings: Settings,
  { pulls, drains }: WorkQueues,
  now: number,
  before: SchedulesLook | null,
): Promise<SchedulesLook> {
  const nextDrain = (await drains.getJobScheduler(drainScheduler))?.next ?? null
  if ((await drains.getGlobalConcurrency()) !== 1 || !(await goesOn(drains, drainScheduler)))
    return { state: 'lost', nextDrain }
  for (const { id } of scheduledSources(settings))
    if (!(await goesOn(pulls, id))) return { state: 'lost', nextDrain }
  if (before === null || nextDrain === null || nextDrain <= now + drainEveryMs + clockSlackMs)
    return { state: 'whole', nextDrain }
  if (nextDrain !== before.nextDrain) return { state: 'elsewhere', nextDrain }
  // While a drain goes on, the next one does not become due.
  return { state: (await drains.getActiveCount()) === 0 ? 'ahead' : 'whole', nextDrain }
}

/** Asks for a pull; while one is waiting or running, one more is kept for after it. */
export async function wakePull(pulls: Queue<PullJob>, job: PullJob): Promise<void> {
  const deduplication = { id: job.sourceId, keepLastIfActive: true }
  await pulls.add('pull', job, { deduplication })
}

/** Names the pull of a source that was asked for at this time in milliseconds since 1970. */
export function pullAtId(sourceId: string, at: number): string {
  return `retry.${sourceId}.${at}`
}

/** Asks for a pull at a time in milliseconds since 1970: one, however often it is asked for. */
export async function pullAt(
  pulls: Queue<PullJob>,
  sourceId: string,
  at: number,
  now: number,
): Promise<void> {
  await pulls.add('pull', { sourceId }, { jobId: pullAtId(sourceId, at), delay: Math.max(0, at - now) })
}

/** Asks for a pull in half of `everyMs` to one and a half: one, however often it is asked for meanwhile. */
export async function pullAfterBusy(
  pulls: Queue<PullJob>,
  sourceId: string,
  everyMs: number,
  now: number,
): Promise<void> {
  const at = Math.ceil(now / everyMs + 0.5) * everyMs
  await pulls.add('pull', { sourceId }, { jobId: `busy.${sourceId}.${at}`, delay: at - now })
}

/** A lost wake-up costs nothing but time: the tick follows. */
export async function wakeDrain(drains: Queue): Promise<void> {
  await drains.add('drain', {}, { deduplication: { id: 'drain', keepLastIfActive: true } }).catch(() => {})
}

const ended: ReadonlySet<string> = new Set(['unknown', 'completed', 'failed'])

/** Whether a schedule has a next job that is waiting or running. */
async function goesOn(queue: Queue, scheduler: string): Promise<boolean> {
  let before: number | null = null
  for (;;) {
    const next = (await queue.getJobScheduler(scheduler))?.next
    // The same again: the job has not just ended and made room for the next.
    if (next === undefined || next === before) return false
    if (!ended.has(await queue.getJobState(`repeat:${scheduler}:${next}`))) return true
    before = next
  }
}
