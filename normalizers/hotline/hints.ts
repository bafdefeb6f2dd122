import { beginning, cleanLine, foldWidth } from '../text.ts'
import type { Ticket } from '../ticket.ts'
import { type Findings, linesOf } from './facts.ts'
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

const urgencies = ['emergency', 'urgent', 'normal'] as const

/** Of several columns, 紧急程度 and 是否加急, the most urgent counts. */
function urgencyOf(row: Row, findings: Findings): SourceHints['urgency'] {
  const read = row.all('urgency').map(({ cell, column }) => {
    const word = cleanLine(String(cell)) ?? ''
    return { word, column, urgency: readUrgency(foldWidth(word)) }
  })
  const ranked = urgencies.flatMap((urgency) => read.find((each) => each.urgency === urgency) ?? [])
  const best = ranked[0] ?? read[0]
  if (best === undefined || best.word === '') return null
  findings.fields.urgency = best.column.origin
  if (best.urgency === null) findings.notes.push(`urgency-unknown:${beginning(best.word, 16)}`)
  return best.urgency === null ? null : said(best.urgency)
}

function readUrgency(word: string): (typeof urgencies)[number] | null {
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
