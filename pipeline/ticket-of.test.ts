import { expect, it } from 'vitest'
import { ticket } from './stores/suite/fixtures.ts'
import { dedupeOf } from './ticket-of.ts'

it('a suggestion and a recurrence carry score, reasons, terms and fields, as a link does', () => {
  const made = ticket('a')
  const found = {
    ticketId: 'T-1',
    score: 0.5,
    reasons: ['同名'],
    terms: ['路灯'],
    fields: ['place'] as const,
  }
  const facts = { algorithm: 'similar/1', compared: 1, cut: false }
  const suggestion = { ...found, verdict: 'related' as const }
  expect(dedupeOf({ ...facts, verdict: 'new', suggestion, recurrence: found }, made)).toMatchObject({
    ...{ verdict: 'new', score: null, reasons: [], suggestion, recurrence: found },
  })
  const { ticketId: _, ...evidence } = found
  expect(dedupeOf({ ...facts, verdict: 'duplicate', masterId: 'T-1', finding: found }, made)).toMatchObject({
    ...{ verdict: 'duplicate', masterId: 'T-1', ...evidence, suggestion: null, recurrence: null },
  })
})
