import { z } from 'zod'

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const form = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/

/** Milliseconds of `250ms`, `60s`, `5m`, `2h`, `1d`; null for anything else. A unit is required. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = form.exec(text) ?? []
  if (amount === undefined || unit === undefined) return null
  return Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs])
}

/** A duration setting: text such as `60s` in the file, milliseconds in the program. */
export const Duration = z
  .string()
  .regex(
    form,
    'Write a duration as 250ms, 60s, 5m, 2h or 1d / 时长请写成 250ms、60s、5m、2h 或 1d 这样的形式',
  )
  .transform((text) => parseDuration(text) ?? 0)
