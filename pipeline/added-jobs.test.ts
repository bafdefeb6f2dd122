import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { defaultOutput } from '../config/schema.ts'
import { AddedJobs } from './added-jobs.ts'
import type { Output } from './relay.ts'
import type { OutboxEntry } from './stores/store.ts'

const entry: OutboxEntry = { ticketId: 'T-1', revision: 1, event: 'ticket.created', text: new Uint8Array() }

it('adds one batch after the other, also after one that failed, so that the count stays within what is kept', async () => {
  const kept = new Map<string, string>()
  const told: string[] = []
  let added = 0
  let underWay = 0
  const queue = {
    added: async () => added,
    publish: async (entries: readonly OutboxEntry[]) => {
      underWay += 1
      expect(underWay).toBe(1)
      await setImmediate()
      underWay -= 1
      if (entries.length === 2) throw new Error('no answer')
      added += entries.length
    },
  }
  const store = {
    progress: async (name: string) => kept.get(name) ?? null,
    saveProgress: async (name: string, value: string | null) => void kept.set(name, value ?? ''),
    undelivered: async () => ({ keys: [entry], next: null }),
  }
  const output = { settings: defaultOutput, queue } as unknown as Output
  const jobs = new AddedJobs(store, (finding) => told.push(finding))
  const adding = [[entry], [entry, entry], [entry]].map((batch) => jobs.add(output, batch))
  const settled = (await Promise.allSettled(adding)).map(({ status }) => status)
  expect(settled).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([...kept.values(), ...told]).toEqual(['2 2'])
})
