import { expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import { keepForm, noteForm, outdatedIndex } from './index-form.ts'
import type { Store } from './stores/store.ts'
import { commitTickets, ticket } from './stores/suite/fixtures.ts'
import { onFile } from './stores/suite/fresh.ts'

const likeness = defaultDedupe
const equalOnly = { ...defaultDedupe, similar: false }
const outdated = { code: 'INDEX_OUTDATED' }

function test(name: string, work: (store: Store) => Promise<void>): void {
  it(name, () =>
    onFile(async (_, open) => {
      const store = await open()
      await work(store).finally(() => store.close())
    }),
  )
}

test('a store that was empty when its first tickets were made needs no new index', async (store) => {
  expect(await outdatedIndex(store, likeness)).toBeNull()
  await keepForm(store, likeness)
  await commitTickets(store, ticket('a'))
  await keepForm(store, likeness)
  expect(await outdatedIndex(store, likeness)).toBeNull()
})

test('a store whose tickets nobody noted a form of needs a new index, and more tickets change nothing', async (store) => {
  await commitTickets(store, ticket('a'))
  await keepForm(store, likeness)
  expect(await outdatedIndex(store, likeness)).toMatchObject(outdated)
  await noteForm(store, likeness)
  expect(await outdatedIndex(store, likeness)).toBeNull()
})

test('after a while with equal texts only, likeness needs a new index; not the other way round', async (store) => {
  await keepForm(store, likeness)
  await commitTickets(store, ticket('a'))
  expect(await outdatedIndex(store, equalOnly)).toBeNull()
  expect(await outdatedIndex(store, likeness)).toBeNull()
  await keepForm(store, equalOnly)
  await commitTickets(store, ticket('b'))
  expect(await outdatedIndex(store, equalOnly)).toBeNull()
  expect(await outdatedIndex(store, likeness)).toMatchObject(outdated)
  await keepForm(store, likeness)
  expect(await outdatedIndex(store, likeness)).toMatchObject(outdated)
})
