import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { endingRules } from './suite/ending-rules.ts'
import type { ConnectorHarness, ConnectorRule, Trait } from './suite/harness.ts'
import { readingRules } from './suite/reading-rules.ts'

export type { ConnectorHarness, ConnectorRule, Trait } from './suite/harness.ts'

/** The contract of connectors/connector.ts, rule by rule. */
export const connectorRules: readonly ConnectorRule[] = [...readingRules, ...endingRules]

/** Registers one test per rule that applies to a connector with these traits. */
export function describeConnector(
  name: string,
  create: () => Promise<ConnectorHarness>,
  traits: readonly Trait[],
): void {
  describe(`${name} keeps the connector contract:`, () => {
    for (const rule of connectorRules.filter(({ needs }) => needs === undefined || traits.includes(needs))) {
      it(rule.name, () => checkRule(rule, create))
    }
    const name = 'it has the optional methods that its traits name, and no others'
    it(name, () => checkRule({ name, check: (harness) => checkTraits(harness, traits) }, create))
  })
}

async function checkTraits(harness: ConnectorHarness, traits: readonly Trait[]): Promise<void> {
  const connector = harness.connect()
  const methods = (['inventory', 'wait'] as const).filter((method) => connector[method] !== undefined)
  await connector.close()
  assert.deepEqual(methods, traits.filter((trait) => trait === 'inventory' || trait === 'wait').toSorted())
}

/** Runs one rule on a fresh source. @throws AssertionError when the rule is broken. */
export async function checkRule(rule: ConnectorRule, create: () => Promise<ConnectorHarness>): Promise<void> {
  const harness = await create()
  try {
    await rule.check(harness)
  } finally {
    await harness.dispose()
  }
}
