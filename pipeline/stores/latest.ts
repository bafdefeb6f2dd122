/** Leases last ten minutes at most, waits of items a quarter of an hour; clocks may differ by five minutes. */
export const longestMs = 20 * 60_000

/** A lease or a wait that ends after this was written before the clock was set back; else it would last as long. */
export function latest(now: number): number {
  return now + longestMs
}
