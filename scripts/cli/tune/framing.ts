import { Buffer } from 'node:buffer'
import type { Item } from '../../../connectors/connector.ts'
import type { EvalRow } from './rows.ts'

/** The table's columns, under the names by which hotline exports carry these fields. */
export const columns = {
  id: '工单编号',
  submittedAt: '诉求时间',
  reporterName: '姓名',
  phone: '联系电话',
  title: '标题',
  body: '内容',
  place: '地址',
} as const

const header = JSON.stringify(Object.values(columns))

/**
 * A row as one line of an exported table: the one source format that carries every field of every channel
 * (a mail or an SMS has no column for the place), so that nothing known is lost on the way.
 */
export function itemOf(row: EvalRow, number: number): Item {
  const cells = {
    [columns.id]: row.id,
    [columns.submittedAt]: row.submittedAt,
    [columns.reporterName]: row.name,
    [columns.phone]: row.phone,
    [columns.title]: row.title,
    [columns.body]: row.body,
    [columns.place]: row.place,
  }
  const given = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== null && cell !== ''))
  return {
    externalId: row.id,
    mediaType: 'application/json',
    body: Buffer.from(JSON.stringify(given)),
    meta: { file: 'evaluation', row: String(number), columns: header },
    cursor: {},
  }
}
