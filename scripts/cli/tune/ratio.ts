/** A share; null where there is nothing to take a share of. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
