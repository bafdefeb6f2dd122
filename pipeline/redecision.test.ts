import { expect, it } from 'vitest'
import type { Ticket } from '../normalizers/ticket.ts'
import { isFoundOtherwise } from './redecision.ts'
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
