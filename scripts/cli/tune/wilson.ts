/** Both ends in [0, 1]. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** The normal deviate of 95 %. */
const z = 1.959964

/**
 * Where a share seen as `part` of `whole` lies with 95 % confidence, if the cases are independent (Wilson 1927).
 * Null where there were no cases.
 */
export function wilsonInterval(part: number, whole: number): Interval | null {
  if (whole === 0) return null
  const share = part / whole
  const weight = z ** 2 / whole
  const middle = (share + weight / 2) / (1 + weight)
  const reach = (z * Math.sqrt((share * (1 - share)) / whole + weight / (4 * whole))) / (1 + weight)
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}
