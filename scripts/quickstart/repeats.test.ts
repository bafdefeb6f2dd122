import { beforeAll, expect, test } from 'vitest'
import type { Ticket } from '../../normalizers/ticket.ts'
import { sampleRuns } from '../cli/testing/sample-runs.ts'

// What the samples show of repeats and incidents, by the sources' own ids (samples/repeats.ts, mails 14 to 17).

const footbridge = 'GD202503159101'
const copiedLetter = 'mail-RVPGP5RJTQZCKMD0W5S8CG4PKM'
const lift = 'XC-25-9103'
const retoldLift = 'mail-6HBR2JTC86Q4A4V8253FWW24ZT'
const plantFirst = 'GD202503159102'
const plantLater = [
  'XC-25-9102',
  'TZ〔2025〕913号',
  '32061220250399114',
  'mail-R5Z9B9ZN68XY0R775C37Z5SGSQ',
] as const
const sameStreet = 'mail-RYSXPX43MA9F627RXDRX85JW1B'
const sameFrame = '32061220250399131'

const { json } = sampleRuns()
let tickets: readonly Ticket[] = []

beforeAll(async () => {
  tickets = (await json('tickets', '--limit', '1000')).tickets
})

function known(externalId: string): Ticket {
  const ticket = tickets.find((one) => one.externalId === externalId)
  if (ticket === undefined) throw new Error(`no ticket ${externalId}`)
  return ticket
}

test.each([
  ['a letter that a clerk copied between a head and a tail', copiedLetter, footbridge],
  ['a report that its citizen told again in other words', retoldLift, lift],
])('%s is a duplicate of the first report', (_, repeat, first) => {
  const master = known(first)
  expect(known(repeat).dedupe).toMatchObject({ verdict: 'duplicate', masterId: master.id })
  expect(master.dedupe).toMatchObject({ verdict: 'new', reports: 2, reporters: 1 })
  expect(master.dedupe.channels.toSorted()).toEqual(['email', 'hotline'])
})

test('five citizens on five sources who report one asphalt plant make one incident, and nobody else is in it', () => {
  const { incidentId } = known(plantFirst).dedupe
  expect(incidentId).toMatch(/^I-\w{26}$/)
  expect(known(plantFirst).dedupe.verdict).toBe('new')
  expect(plantLater.map((id) => known(id).dedupe.verdict)).toEqual(plantLater.map(() => 'related'))
  const members = tickets.filter(({ dedupe }) => dedupe.incidentId === incidentId)
  expect(members.map(({ externalId }) => externalId).sort()).toEqual([plantFirst, ...plantLater].sort())
  expect(new Set(members.map(({ sourceId }) => sourceId)).size).toBe(5)
})

test.each([
  ['another matter in the same street', sameStreet],
  ["another place in the same clerk's frame", sameFrame],
])('%s stays new', (_, trap) => {
  expect(known(trap).dedupe).toMatchObject({ verdict: 'new', masterId: null, incidentId: null, reports: 1 })
})
