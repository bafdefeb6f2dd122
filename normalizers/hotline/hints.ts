import { beginning, cleanLine, foldWidth } from '../text.ts'
import type { Ticket } from '../ticket.ts'
import { type Findings, lineOf, linesOf } from './facts.ts'
import type { Row } from './row.ts'

/** What the export itself says for routing. */
export type SourceHints = Pick<Ticket, 'category' | 'urgency' | 'departments'>

/** Category (its levels joined by " / "), urgency and departments, each as the source's own word. */
export function hintsOf(row: Row, findings: Findings): SourceHints {
  return {
    category: categoryOf(row, findings),
    urgency: urgencyOf(row, findings),
    departments: departmentsOf(row, findings),
  }
}

function categoryOf(row: Row, findings: Findings): SourceHints['category'] {
  const levels = row.all('category')
  const [first] = levels
  if (!first) return null
  findings.fields.category = levels.map(({ column }) => column.origin).join(', ')
  const names = new Set(levels.flatMap(({ cell }) => cleanLine(String(cell)) ?? []))
  return said([...names].join(' / '))
}

function urgencyOf(row: Row, findings: Findings): SourceHints['urgency'] {
  const word = lineOf(row, 'urgency', 'urgency', findings)
  if (word === null) return null
  const urgency = readUrgency(foldWidth(word))
  if (urgency === null) findings.notes.push(`urgency-unknown:${beginning(word, 16)}`)
  return urgency === null ? null : said(urgency)
}

function readUrgency(word: string): 'normal' | 'urgent' | 'emergency' | null {
  if (/[非不无](?:是|太|很|特别)*(?:紧?急|应急|突发)/.test(word)) return 'normal'
  if (/特急|特别紧急|非常紧急|十分紧急|突发|应急|emergency/i.test(word)) return 'emergency'
  if (/一般|普通|正常|常规|平件|普件|缓|normal|^否$/i.test(word)) return 'normal'
  return /急|urgent|high|^是$/i.test(word) ? 'urgent' : null
}

function departmentsOf(row: Row, findings: Findings): SourceHints['departments'] {
  const cell = linesOf(row, 'department', 'departments', findings)
  const names = (cell ?? '').split(/[、,，;；|\n]/).map((name) => name.trim())
  const given = [...new Set(names)].filter((name) => name !== '')
  return given.length === 0 ? null : said(given)
}

function said<Value>(value: Value): {
  readonly value: Value
  readonly method: 'source'
  readonly confidence: 1
} {
  return { value, method: 'source', confidence: 1 }
}
