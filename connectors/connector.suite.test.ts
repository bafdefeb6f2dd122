import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkRule, connectorRules, describeConnector } from './connector.suite.ts'
import { endingFaults } from './suite/ending-faults.ts'
import { memoryHarness } from './suite/memory-source.ts'
import { assertYiwangError } from './suite/probe.ts'
import { readingFaults } from './suite/reading-faults.ts'

const connectorFaults = [...readingFaults, ...endingFaults]

describeConnector('A sound connector in memory', () => memoryHarness(), [
  'inventory',
  'wait',
  'exact',
  'remote',
])

describe('The rules notice', () => {
  // The bounds of the rules pass in no time: nothing here does real work.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  for (const fault of connectorFaults) {
    it(`a connector that ${fault.does}`, async () => {
      const rule = connectorRules.find(({ name }) => name === fault.rule)
      expect(rule).toBeDefined()
      if (rule === undefined) return
      const checked = checkRule(rule, () => memoryHarness(fault.spoil, fault.nowhere)).then(
        () => 'passed',
        (thrown: unknown) => thrown,
      )
      await vi.advanceTimersByTimeAsync(300_000)
      expect(await checked).toBeInstanceOf(Error)
    })
  }
})

it('what was thrown instead of a YiwangError is told', () => {
  const thrown = new TypeError('page.reports is not iterable')
  expect(() => assertYiwangError(thrown)).toThrow('TypeError: page.reports is not iterable')
  expect(() => assertYiwangError(null)).toThrow('nothing was thrown')
})

describe('The list of rules', () => {
  it('has for each rule a faulty connector that it catches', () => {
    const caught = new Set(connectorFaults.map(({ rule }) => rule))
    expect(connectorRules.map(({ name }) => name).filter((name) => !caught.has(name))).toEqual([])
  })

  it('is written out in RULES.md', async () => {
    const lines = connectorRules.flatMap(({ name, needs }) => [
      `- **${name}**${needs === undefined ? '' : ` (trait \`${needs}\`)`}`,
      ...connectorFaults.filter(({ rule }) => rule === name).map(({ does }) => `  - ${does}`),
    ])
    await expect(`${introduction}${lines.join('\n')}\n`).toMatchFileSnapshot('RULES.md')
  })
})

const introduction = `# What every connector must do

Each rule is run against every connector by \`describeConnector\` in connector.suite.ts; one with a trait in
brackets only against connectors that have it. Below each rule stand the faults that it is known to catch:
a connector in memory that does just that is run by connector.suite.test.ts, and must fail.

`
