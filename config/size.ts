import { z } from 'zod'

const unitBytes = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
} as const
const form = /^(\d{1,9}(?:\.\d{1,3})?) ?(B|KiB|MiB|GiB|kB|MB|GB)$/

/** Bytes of `512B`, `64KiB`, `25MiB`, `1GiB` (or kB, MB, GB, powers of ten); null for anything else. */
export function parseSize(text: string): number | null {
  const [, amount, unit] = form.exec(text) ?? []
  if (amount === undefined || unit === undefined) return null
  return Math.round(Number(amount) * unitBytes[unit as keyof typeof unitBytes])
}

/** A size setting: text such as `25MiB` in the file, bytes in the program. */
export const Size = z
  .string()
  .regex(
    form,
    'Write a size as 512B, 64KiB, 25MiB or 1GiB / 大小请写成 512B、64KiB、25MiB 或 1GiB 这样的形式',
  )
  .transform((text) => parseSize(text) ?? 0)
