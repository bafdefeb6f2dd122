import { expect, test } from 'vitest'
import type { App } from '../../pipeline/app.ts'
import { ticketIdOf } from './stories.ts'

/** A store that knows no ticket by the id asked for, and these tickets of items by their id at the source. */
function appWith(...ticketIds: readonly (string | null)[]): App {
  const stories = ticketIds.map((ticketId) => ({ outcome: { ticketId } }))
  const store = { ticket: async () => null, itemsByExternalId: async () => stories }
  return { store, settings: { sources: [] } } as unknown as App
}

test('the ticket of a report is found by the id that it has at its source', async () => {
  expect(await ticketIdOf(appWith('T-1', 'T-1', null), '7')).toBe('T-1')
})

test.each([
  ['what is no ticket yet', appWith(null), 'TICKET_UNKNOWN'],
  ['what is known nowhere', appWith(), 'ITEM_UNKNOWN'],
  ['what several sources call by one id', appWith('T-1', 'T-2'), 'TICKET_AMBIGUOUS'],
])('%s is no ticket to look for', async (_, app, code) => {
  await expect(ticketIdOf(app, '7')).rejects.toMatchObject({ code })
})
