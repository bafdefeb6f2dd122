import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { YiwangError } from '../../../config/errors.ts'
import { channels } from '../../../normalizers/ticket.ts'

const text = z.string().nullable()

/**
 * One report of an evaluation file. Gold labels are cluster names: `report` is equal for the same report again,
 * `incident` for reports of one concrete matter; null stands alone, and both absent means not labelled.
 */
export const EvalRow = z.object({
  id: z.string().min(1),
  channel: z.enum(channels),
  sourceId: z.string(),
  submittedAt: z.iso.datetime({ offset: true }).nullable(),
  name: text,
  phone: text,
  title: text,
  body: text,
  place: text,
  report: text.optional(),
  incident: text.optional(),
  note: text.optional(),
})
export type EvalRow = z.infer<typeof EvalRow>

/** Whether a person judged the row; others are taken in, but count for nothing. */
export function isLabelled(row: EvalRow): boolean {
  return row.report !== undefined || row.incident !== undefined
}

/**
 * Reads JSON Lines files one after the other; blank lines are passed over.
 * @throws YiwangError EVAL_FILE with the line at fault, also for an id that comes twice; PATH_UNREADABLE
 */
export async function readRows(files: readonly string[]): Promise<readonly EvalRow[]> {
  const rows: EvalRow[] = []
  const ids = new Set<string>()
  for (const file of files) {
    for await (const { number, line } of linesOf(file)) {
      const row = parseRow(line, file, number)
      if (ids.has(row.id)) throw wrongLine(file, number, `the id ${row.id} comes twice`)
      ids.add(row.id)
      rows.push(row)
    }
  }
  return rows
}

/** Lines by their bytes: text may hold what a reader of characters would take for the end of a line (U+2028). */
async function* linesOf(file: string) {
  let number = 0
  try {
    for await (const line of createInterface({
      input: createReadStream(file, 'latin1'),
      crlfDelay: Infinity,
    })) {
      number += 1
      const content = decoded(line, file, number)
      if (content.trim() !== '') yield { number, line: content }
    }
  } catch (thrown) {
    if (thrown instanceof YiwangError) throw thrown
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    throw new YiwangError('PATH_UNREADABLE', { path: file, reason }, thrown)
  }
}

function decoded(bytes: string, file: string, number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'))
  } catch {
    throw wrongLine(file, number, 'it is not in UTF-8')
  }
}

function parseRow(line: string, file: string, number: number): EvalRow {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw wrongLine(file, number, 'it is no JSON')
  }
  const parsed = EvalRow.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrongLine(file, number, `${issue?.path.join('.') || 'row'}: ${issue?.message}`)
}

function wrongLine(file: string, line: number, reason: string): YiwangError {
  return new YiwangError('EVAL_FILE', { file, line, reason })
}
