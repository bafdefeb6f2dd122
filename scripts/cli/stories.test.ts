import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { App } from '../../pipeline/app.ts'
import { commit, commitTickets, idOf, item, outcome, ticket } from '../../pipeline/stores/suite/fixtures.ts'
import { AppFolder } from '../../pipeline/testing/app-folder.ts'
import { ticketIdOf } from './stories.ts'

let folder: AppFolder

beforeEach(() => {
  folder = new AppFolder(inject('redisUrl'))
})

afterEach(() => folder.end())

/** Items that several sources call 7, and the tickets that they led to, by name; null: none yet. */
async function appWith(...names: readonly (string | null)[]): Promise<App> {
  const app = await folder.open()
  const { store } = app
  await store.archive(names.map((_, at) => item(`item ${at}`, { sourceId: `source-${at}`, externalId: '7' })))
  for (const [at, name] of names.entries()) {
    if (name === null) continue
    await commitTickets(store, ticket(name))
    await commit(store, { outcomes: [await outcome(store, `item ${at}`, 'ticketed', name)] })
  }
  return app
}

test('the ticket of a report is found by the id that it has at its source', async () => {
  expect(await ticketIdOf(await appWith('one', 'one', null), '7')).toBe(idOf('T', 'one'))
})

test.each([
  ['what is no ticket yet', [null], 'TICKET_UNKNOWN'],
  ['what is known nowhere', [], 'ITEM_UNKNOWN'],
  ['what several sources call by one id', ['one', 'other'], 'TICKET_AMBIGUOUS'],
])('%s is no ticket to look for', async (_, names, code) => {
  await expect(ticketIdOf(await appWith(...names), '7')).rejects.toMatchObject({ code })
})
