import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { YiwangError } from '../../../config/errors.ts'
import { type Channel, channels } from '../../../config/ticket-names.ts'
import { errnoOf } from '../../../connectors/errno.ts'
import { readTime } from '../../../normalizers/time.ts'

/** A number is its figures, as spreadsheets and scripts write ids and phones; what is absent is null. */
const text = z.preprocess((value) => figures(value) ?? null, z.string().nullable())
/** An absent label stays absent: that is not labelled, where null stands alone. */
const label = z.preprocess(
  (value) => (value === '' ? null : figures(value)),
  z.string().nullable().optional(),
)

function figures(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
}

const Fields = z.object({
  id: z.union([z.string().min(1), z.number(), z.bigint()]),
  channel: z.enum(channels).catch('platform'),
  sourceId: text,
  submittedAt: z
    .union([z.string(), z.number(), z.bigint().transform(String)])
    .nullable()
    .default(null),
  name: text,
  phone: text,
  title: text,
  body: text,
  place: text,
  report: label,
  incident: label,
  note: text,
})
/** A row that has no key for a text is of another shape; taken as empty, it would be counted as a report. */
const GivenRow = z
  .looseObject({})
  .refine((row) => 'title' in row || 'body' in row, 'there is neither title nor body')
  .pipe(Fields)

/**
 * One report of an evaluation file. Gold labels are cluster names: `report` is equal for the same report again,
 * `incident` for reports of one concrete matter; null stands alone, and an absent one is not judged.
 */
export interface EvalRow {
  readonly id: string
  /** The id stands in the file as a number. */
  readonly idIsNumber?: boolean
  readonly channel: Channel
  readonly sourceId: string
  /** RFC 3339 with offset. */
  readonly submittedAt: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly title: string | null
  readonly body: string | null
  readonly place: string | null
  readonly report?: string | null | undefined
  readonly incident?: string | null | undefined
  readonly note?: string | null
}

/** Whether a person judged the row in any way; others are taken in, but count for nothing. */
export function isLabelled(row: EvalRow): boolean {
  return row.report !== undefined || row.incident !== undefined
}

/** A time that cannot be read. */
export interface UnreadTime {
  readonly file: string
  readonly line: number
  readonly text: string
}

/**
 * Reads JSON Lines files one after the other; blank lines and unknown keys are passed over. A time without an offset
 * is that of Shanghai, a date alone its midnight; a report without a source is of one named after its channel, and
 * a channel that tickets do not have is `platform`.
 * @param onUnreadTime hears of times that cannot be read, which are null then; without it they are errors
 * @throws YiwangError EVAL_FILE with the line at fault, also for an id that comes twice; PATH_UNREADABLE
 */
export async function readRows(
  files: readonly string[],
  onUnreadTime: (unread: UnreadTime) => void = refuse,
): Promise<readonly EvalRow[]> {
  const rows: EvalRow[] = []
  const ids = new Set<string>()
  for (const file of files) {
    for await (const { number, line } of linesOf(file)) {
      const row = parseRow(line, file, number, onUnreadTime)
      if (ids.has(row.id)) throw wrongLine(file, number, `the id ${row.id} comes twice`)
      ids.add(row.id)
      rows.push(row)
    }
  }
  return rows
}

/** More than any report has: the file is no JSON Lines, and whoever waits for the end of the line runs out of memory. */
const longestLineMiB = 64

async function* shortLines(file: string): AsyncGenerator<string> {
  let [number, length] = [1, 0]
  const chunks: AsyncIterable<string> = createReadStream(file, 'latin1')
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf('\n')
    length = end < 0 ? length + chunk.length : chunk.length - end - 1
    number += chunk.split('\n').length - 1
    if (length > longestLineMiB * 2 ** 20)
      throw wrongLine(file, number, `the line has more than ${longestLineMiB} MiB`)
    yield chunk
  }
}

/** Lines by their bytes: text may hold what a reader of characters would take for the end of a line (U+2028). */
async function* linesOf(file: string) {
  let number = 0
  try {
    for await (const line of createInterface({
      input: Readable.from(shortLines(file)),
      crlfDelay: Infinity,
    })) {
      number += 1
      const content = decoded(line, file, number)
      if (content.trim() !== '') yield { number, line: content }
    }
  } catch (thrown) {
    if (thrown instanceof YiwangError) throw thrown
    throw new YiwangError('PATH_UNREADABLE', { path: file, reason: errnoOf(thrown) }, thrown)
  }
}

function decoded(bytes: string, file: string, number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'))
  } catch {
    throw wrongLine(file, number, 'it is not in UTF-8')
  }
}

function parseRow(
  line: string,
  file: string,
  number: number,
  onUnreadTime: (unread: UnreadTime) => void,
): EvalRow {
  let value: unknown
  try {
    value = JSON.parse(line, exactNumbers)
  } catch {
    throw wrongLine(file, number, 'it is no JSON')
  }
  const parsed = GivenRow.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw wrongLine(file, number, `${issue?.path.join('.') || 'row'}: ${issue?.message}`)
  }
  const { id, submittedAt, sourceId, ...rest } = parsed.data
  const time = readTime(submittedAt, { timeZone: 'Asia/Shanghai', dateOrder: null })
  if (time.value === null && time.note !== null)
    onUnreadTime({ file, line: number, text: String(submittedAt) })
  const numbered = typeof id === 'string' ? {} : { idIsNumber: true }
  return {
    ...{ id: String(id), ...numbered, sourceId: sourceId ?? rest.channel, submittedAt: time.value },
    ...rest,
  }
}

/** Whole numbers, such as ids of eighteen figures, with all their figures. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source = '' } = context ?? {}
  const isCutOff = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
  return isCutOff ? BigInt(source) : value
}

function refuse({ file, line, text }: UnreadTime): never {
  throw wrongLine(file, line, `submittedAt: the time "${text}" cannot be read`)
}

function wrongLine(file: string, line: number, reason: string): YiwangError {
  return new YiwangError('EVAL_FILE', { file, line, reason })
}
