const dayMs = 86_400_000
const formatters = new Map<string, Intl.DateTimeFormat>()
/** Per zone: local day number to its offset in ms, or null for a day on or near a change of offset. */
const steadyDays = new Map<string, Map<number, number | null>>()
const maxCachedDays = 4096

export interface ZonedInstant {
  /** Milliseconds since the epoch. */
  readonly instantMs: number
  /** `gap`: the clock skipped this time; `overlap`: it struck twice, and the first is meant. */
  readonly irregular: 'gap' | 'overlap' | null
}

/** The zone's offset from UTC at an instant, in milliseconds, east positive. */
export function offsetAt(instantMs: number, timeZone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatter(timeZone).formatToParts(instantMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const local = Date.UTC(year, month - 1, day, hour, minute, second)
  return local - Math.floor(instantMs / 1000) * 1000
}

/**
 * The instant at which clocks of the zone show a local time, given as if it were UTC milliseconds.
 * A skipped time is read with the offset before the change, as RFC 5545 §3.3.5 has it.
 */
export function zonedInstant(localMs: number, timeZone: string): ZonedInstant {
  const steady = steadyOffset(Math.floor(localMs / dayMs), timeZone)
  if (steady !== null) return { instantMs: localMs - steady, irregular: null }
  const before = offsetAt(localMs - dayMs, timeZone)
  const after = offsetAt(localMs + dayMs, timeZone)
  const fitting = [before, after].filter((offset) => offsetAt(localMs - offset, timeZone) === offset)
  const offset = fitting[0] ?? before
  const overlap = fitting.length === 2 && before !== after
  return { instantMs: localMs - offset, irregular: overlap ? 'overlap' : fitting.length === 0 ? 'gap' : null }
}

function steadyOffset(day: number, timeZone: string): number | null {
  const days = steadyDays.get(timeZone) ?? new Map<number, number | null>()
  if (days.size === 0) steadyDays.set(timeZone, days)
  const known = days.get(day)
  if (known !== undefined) return known
  if (days.size >= maxCachedDays) days.clear()
  // No zone is more than 14 h from UTC: these two instants enclose the whole local day.
  const first = offsetAt(day * dayMs - dayMs, timeZone)
  const last = offsetAt((day + 2) * dayMs, timeZone)
  const steady = first === last ? first : null
  days.set(day, steady)
  return steady
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, made)
  return made
}
