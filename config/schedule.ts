import { CronExpressionParser } from 'cron-parser'
import { z } from 'zod'
import { Duration } from './duration.ts'
import { TimeZone } from './time-zone.ts'

const Cron = z
  .string()
  .refine(
    isCron,
    'Not a cron expression of five fields (minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-7) or six (with seconds first), or one whose day never comes; ranges go upwards, 22-23,0-2 for 22-2 / 不是有效的 cron 表达式：应为五段（分 0-59、时 0-23、日 1-31、月 1-12、周 0-7），或六段（最前为秒），且所写日期须存在；范围须由小到大，22-2 请写成 22-23,0-2',
  )
  .refine(
    (expression) => !isCron(expression) || hasUsableSteps(expression),
    'A step cannot be larger than its field: 60 minutes, 24 hours, 31 days, 12 months; for an interval such as 90 minutes write { every: 90m } / 步长不能超过所在字段的范围：60 分、24 时、31 日、12 月；如需每 90 分钟一次，请写 { every: 90m }',
  )

const everyForm = 'At least 1s, at most 30d / 最短 1s，最长 30d'
const Every = Duration.refine((ms) => ms >= 1000 && ms <= 30 * 86_400_000, everyForm)

const scheduleForm =
  'Write { every: 5m } or { cron: "0 8 * * *" } / 请写成 { every: 5m } 或 { cron: "0 8 * * *" }'

/** When a source is pulled, as it is written: `{ every: 5m }` or `{ cron: '0 8 * * *', timeZone: … }`. */
export const Schedule = z.union(
  [
    z.strictObject({ every: Every.describe('Interval between pulls, such as 60s / 采集间隔，如 60s') }),
    z.strictObject({
      cron: Cron.describe('Cron expression, such as */5 * * * * / cron 表达式，如 */5 * * * *'),
      timeZone: TimeZone.optional().describe(
        "Zone of the cron expression; the source's own by default / cron 的时区；默认与来源相同",
      ),
    }),
  ],
  scheduleForm,
)

/** Checked by the parser that BullMQ's schedulers use; its shorthands such as @daily and texts of fewer fields are refused. */
function isCron(expression: string): boolean {
  if (expression.trim().split(/\s+/).length < 5) return false
  // As in Jenkins the parser takes H for a number of its choice: another one at each start. That of THU is none.
  if (/(?<![A-Z])H/.test(expression)) return false
  try {
    return CronExpressionParser.parse(expression).hasNext()
  } catch {
    return false
  }
}

/** The parser takes any step; of one larger than its field only the first value is left, and 90 minutes become an hour. */
function hasUsableSteps(expression: string): boolean {
  const fields = expression.trim().split(/\s+/)
  const sizes = [60, 60, 24, 31, 12, 7].slice(-fields.length)
  return fields.every((field, index) =>
    field.matchAll(/\/(\d+)/g).every(([, step]) => Number(step) <= (sizes[index] ?? 0)),
  )
}
