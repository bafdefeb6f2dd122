const formatters = new Map<string, Intl.DateTimeFormat>()

/** A moment as RFC 3339 in a zone with its offset, to the second: `2026-03-01T08:05:00+08:00`. */
export function momentIn(timeZone: string, epochMs: number): string {
  const part = partsIn(timeZone, epochMs)
  const local = `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`
  const offsetMinutes = Math.round((Date.parse(`${local}Z`) - Math.floor(epochMs / 1000) * 1000) / 60_000)
  const size = Math.abs(offsetMinutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function partsIn(timeZone: string, epochMs: number): Record<string, string> {
  let formatter = formatters.get(timeZone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(timeZone, formatter)
  }
  return Object.fromEntries(formatter.formatToParts(epochMs).map(({ type, value }) => [type, value]))
}
