import { describe, it } from 'vitest'
import { archiveRules } from './suite/archive-rules.ts'
import { blobRules } from './suite/blob-rules.ts'
import { incidentRules } from './suite/incident-rules.ts'
import { leaseRules } from './suite/lease-rules.ts'
import { ledgerRules } from './suite/ledger-rules.ts'
import { lookupRules } from './suite/lookup-rules.ts'
import { openingRules } from './suite/opening-rules.ts'
import { outboxRules } from './suite/outbox-rules.ts'
import { reindexingRules } from './suite/reindexing-rules.ts'
import type { Open, Rule, StoreRule } from './suite/rule.ts'
import { viewRules } from './suite/view-rules.ts'

export type { Open, Rule } from './suite/rule.ts'
export { blobRules }

/** The contract of `Store`, rule by rule. */
export const storeRules: readonly StoreRule[] = [
  ...openingRules,
  ...archiveRules,
  ...leaseRules,
  ...ledgerRules,
  ...lookupRules,
  ...incidentRules,
  ...reindexingRules,
  ...outboxRules,
  ...viewRules,
]

/** Something empty of its own to test: further opens are further connections to it. */
export interface Fresh<Subject> {
  readonly open: Open<Subject>
  dispose(): Promise<void>
}

interface Closable {
  close(): Promise<void>
}

/** Registers one test per rule, each on something fresh. */
export function describeRules<Subject extends Closable>(
  name: string,
  rules: readonly Rule<Subject>[],
  fresh: () => Promise<Fresh<Subject>>,
): void {
  describe(`${name} keeps the contract:`, () => {
    for (const rule of rules) it(rule.name, () => checkRule(rule, fresh))
  })
}

/** Runs one rule; closes what it left open. @throws AssertionError when the rule is broken */
export async function checkRule<Subject extends Closable>(
  rule: Rule<Subject>,
  fresh: () => Promise<Fresh<Subject>>,
  change: (subject: Subject) => Subject = (subject) => subject,
): Promise<void> {
  const { open, dispose } = await fresh()
  const opened: Subject[] = []
  try {
    await rule.check(async () => {
      const subject = await open()
      opened.push(subject)
      return change(subject)
    })
  } finally {
    await Promise.all(opened.map((subject) => subject.close()))
    await dispose()
  }
}
