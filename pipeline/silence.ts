import type { Clock } from '../config/clock.ts'
import { YiwangError } from '../config/errors.ts'
import type { SourceSettings } from '../config/settings.ts'
import type { ArrivalDay } from './stores/store.ts'

const hourMs = 3_600_000

/** How many of the last days with arrivals are looked at to find what is usual: two months of working days. */
export const arrivalDaysSeen = 40
/** With fewer days with arrivals, nothing is known of what is usual. */
const fewestDays = 5
/** One in this many pauses, the longest, is taken for an outage and left out. */
const pausesPerOutage = 20
/** A pause is too long when it exceeds this many times the usual one. */
const patience = 1.5
/** Only days are recorded, so pauses within a day are not known, and a pause of up to a day is never too long. */
const leastAllowedMs = 24 * hourMs
/** Pulls may be seconds apart, and silences last for hours. */
const askEveryMs = 10 * 60_000
const tellEveryMs = 24 * hourMs

/** How long nothing has come from a source. */
export interface Silence {
  readonly sourceId: string
  /** When the last item was archived, RFC 3339; null: none ever was. */
  readonly lastAt: string | null
  /** Hours since then, the last one begun; null as above. */
  readonly hours: number | null
  /** Full hours that it may last; null: not known, or for ever. */
  readonly allowedHours: number | null
  readonly tooLong: boolean
}

/**
 * Whether a source has been quiet for longer than it usually is, or than is configured.
 * @param arrivals as `Views.arrivalDays` gives them: newest first
 * @param now in milliseconds since 1970
 */
export function silenceOf(
  { id, quietAfter }: Pick<SourceSettings, 'id' | 'quietAfter'>,
  arrivals: readonly ArrivalDay[],
  now: number,
): Silence {
  // What came while a clock was far ahead would be the last for as long.
  const days = arrivals.filter(({ firstAt }) => Date.parse(firstAt) <= now + leastAllowedMs)
  const lastAt = days[0]?.lastAt ?? null
  const quietMs = lastAt === null ? null : Math.max(0, now - Date.parse(lastAt))
  const allowedMs =
    quietAfter === 'never' ? null : quietAfter === 'usual' ? usuallyAllowedMs(days) : quietAfter
  return {
    sourceId: id,
    lastAt,
    hours: quietMs === null ? null : Math.ceil(quietMs / hourMs),
    allowedHours: allowedMs === null ? null : Math.floor(allowedMs / hourMs),
    tooLong: quietMs !== null && allowedMs !== null && quietMs > allowedMs,
  }
}

/** SOURCE_QUIET for a source that is quiet for too long; null for others. */
export function alarmOf({ sourceId, lastAt, hours, allowedHours, tooLong }: Silence): YiwangError | null {
  if (!tooLong || lastAt === null || hours === null || allowedHours === null) return null
  return new YiwangError('SOURCE_QUIET', { source: sourceId, lastAt, hours, allowedHours })
}

/** Watches over the sources that a process pulls: tells of a silence that is too long, and again each day. */
export class SilenceWatch {
  private readonly silence: (sourceId: string) => Promise<Silence>
  private readonly clock: Clock
  private readonly askedAt = new Map<string, number>()
  private readonly toldAt = new Map<string, number>()

  constructor(silence: (sourceId: string) => Promise<Silence>, clock: Clock) {
    this.silence = silence
    this.clock = clock
  }

  /** The alarm to raise after a pull that brought so many new items; null: none now. */
  async afterPull(sourceId: string, added: number): Promise<YiwangError | null> {
    if (added > 0) this.toldAt.delete(sourceId)
    else if (this.isDue(this.askedAt, sourceId, askEveryMs)) {
      const alarm = alarmOf(await this.silence(sourceId))
      if (alarm !== null && this.isDue(this.toldAt, sourceId, tellEveryMs)) return alarm
    }
    return null
  }

  private isDue(doneAt: Map<string, number>, sourceId: string, everyMs: number): boolean {
    const now = this.clock()
    const last = doneAt.get(sourceId)
    if (last !== undefined && Math.abs(now - last) < everyMs) return false
    doneAt.set(sourceId, now)
    return true
  }
}

/** Null where too few days are known. */
function usuallyAllowedMs(days: readonly ArrivalDay[]): number | null {
  if (days.length < fewestDays) return null
  const pauses = days
    .slice(1)
    .map((day, index) => Date.parse(days[index]?.firstAt ?? day.lastAt) - Date.parse(day.lastAt))
    .sort((a, b) => b - a)
  const longest = pauses[Math.floor(pauses.length / pausesPerOutage)] ?? 0
  return Math.max(leastAllowedMs, longest * patience)
}
