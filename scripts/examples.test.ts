import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { loadSettings } from '../config/load.ts'
import { createLogger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import { openApp } from '../pipeline/open-app.ts'

const examples = join(import.meta.dirname, '../config/examples')
const samples = join(import.meta.dirname, 'samples')
const env = { MAYOR_INBOX_PASSWORD: 'example', PETITIONS_PASSWORD: 'example' }
const root = mkdtempSync(join(tmpdir(), 'yiwang-examples-'))
afterAll(() => rmSync(root, { recursive: true }))

test.each(readdirSync(examples))('the example %s is a valid configuration', (name) => {
  const settings = loadSettings(join(examples, name), env, connectorSpecs)
  expect(settings.sources.length).toBeGreaterThan(0)
})

test('the example for several machines keeps its numbers when they come from the environment', () => {
  const given = { ...env, PULL_CONCURRENCY: '3', LOG_LEVEL: 'warn', MONGODB_URL: 'mongodb://a,b/yiwang' }
  const settings = loadSettings(join(examples, 'several-machines.yaml'), given, connectorSpecs)
  expect(settings).toMatchObject({
    store: { url: 'mongodb://a,b/yiwang' },
    blobs: { url: 'gridfs:' },
    processing: { pullConcurrency: 3 },
    log: { level: 'warn' },
  })
  expect(settings.sources.map(({ id, settings }) => [id, settings.user])).toEqual([
    ['mayor-inbox', 'mayor@example.org'],
    ['petitions', 'petitions@example.org'],
  ])
})

/** The settings of an example as they are in a folder of their own, with the Redis of the tests. */
function installed(name: string, inboxes: Readonly<Record<string, readonly string[]>>): Settings {
  const folder = join(root, name)
  mkdirSync(folder)
  cpSync(join(examples, name), join(folder, 'yiwang.yaml'))
  for (const [inbox, files] of Object.entries(inboxes)) {
    for (const file of files) {
      const from = join(samples, file)
      const to = statSync(from).isDirectory() ? join(folder, inbox) : join(folder, inbox, file)
      cpSync(from, to, { recursive: true, preserveTimestamps: true })
    }
  }
  const settings = loadSettings(join(folder, 'yiwang.yaml'), env, connectorSpecs)
  const sources = settings.sources.map((source) => ({
    ...source,
    settings: { ...source.settings, settleMs: 0 },
  }))
  return {
    ...settings,
    sources,
    redis: { url: inject('redisUrl'), prefix: `examples-${name.replace('.yaml', '')}` },
  }
}

describe('run against sample files, the example', () => {
  test.each([
    ['minimal.yaml', { 'inbox/hotline': ['hotline-gb18030.csv'] }, ['hotline']],
    [
      'hotline.yaml',
      { 'inbox/hotline': ['hotline.xlsx'], 'inbox/county': ['hotline-biff8.xls'] },
      ['hotline', 'hotline-county'],
    ],
    ['mail.yaml', { 'inbox/letters': ['mail'] }, ['letters']],
    ['repeats.yaml', { 'inbox/hotline': ['hotline.xlsx'] }, ['hotline']],
  ])('%s brings tickets onto the queue', async (name, inboxes, sources) => {
    const settings = installed(name, inboxes)
    const app = await openApp(settings, { log: createLogger({ level: 'silent' }) })
    try {
      const { signal } = new AbortController()
      const report = await app.collect(
        sources.map((sourceId) => ({ sourceId })),
        { signal },
      )
      expect(report.failures).toEqual([])
      expect(report.pulls.map(({ sourceId }) => sourceId).toSorted()).toEqual(sources.toSorted())
      for (const { added } of report.pulls) expect(added).toBeGreaterThan(0)
      expect(report.relay.problem).toBeNull()
      const queues = await app.queues()
      expect(queues.find(({ queue }) => queue === 'tickets')?.jobs).toBe(report.relay.published)
    } finally {
      await app.close()
    }
  })
})

describe('the example of the connector', () => {
  test.each([...connectorSpecs.values()].map((spec) => [spec.kind, spec.example]))(
    '%s is a valid source',
    (kind, example) => {
      const folder = join(root, kind)
      mkdirSync(folder)
      const names = [...example.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
      const given = Object.fromEntries(names.map((name) => [name, 'example']))
      const path = join(folder, 'yiwang.yaml')
      writeFileSync(path, `sources:\n${example}\n`)
      expect(loadSettings(path, given, connectorSpecs).sources.map(({ connector }) => connector)).toEqual([
        kind,
      ])
    },
  )
})
