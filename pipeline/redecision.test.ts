import { expect, it } from 'vitest'
import type { Ticket } from '../normalizers/ticket.ts'
import { isFoundOtherwise, keptOver } from './redecision.ts'
import { ticket } from './stores/suite/fixtures.ts'

const before = ticket('a', { title: '路灯不亮', body: '光明路的路灯坏了' })

it.each<[string, Partial<Ticket>, boolean]>([
  ['other words', { body: '光明路的井盖坏了' }, true],
  ['another title', { title: '路灯' }, true],
  ['another time', { submittedAt: '2026-03-02T08:00:00+08:00' }, true],
  ['another phone', { reporter: { ...before.reporter, phone: '+8613800138001' } }, true],
  ['traditional characters', { body: '光明路的路燈壞了' }, false],
])('a ticket corrected to %s is found otherwise or not', (_, given, expected) => {
  expect(isFoundOtherwise(before, { ...before, ...given })).toBe(expected)
})

const beforeCorrection = '以上依据更正前的内容'
const found = { ticketId: 'T-1', score: 0.5, reasons: ['同名'], terms: [], fields: [] }
const unlinked = ticket('a')
const suggestion = { ...found, verdict: 'related' as const }
const linked = { ...unlinked, dedupe: { ...unlinked.dedupe, suggestion, recurrence: found } }

it('what a correction leaves of a suggestion and a recurrence says that it was found before', () => {
  const corrected = { ...linked, body: '公交车不准时' }
  const kept = keptOver(linked, corrected)
  expect(kept.suggestion?.reasons).toEqual(['同名', beforeCorrection])
  expect(kept.recurrence?.reasons).toEqual(['同名', beforeCorrection])
  expect(kept.reasons).toEqual([])
})

it('a corrected place is a correction of what was found, and a corrected kind is none', () => {
  const moved = { ...linked, place: { ...linked.place, text: '江滨路' } }
  expect(keptOver(linked, moved).recurrence?.reasons).toEqual(['同名', beforeCorrection])
  expect(keptOver(linked, { ...linked, kind: 'praise' })).toEqual(linked.dedupe)
})
