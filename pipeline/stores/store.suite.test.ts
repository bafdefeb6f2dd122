import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import { blobRules, checkRule, type Fresh, type Rule, storeRules } from './store.suite.ts'
import { freshFolderBlobs, freshSqlite } from './suite/fresh.ts'

interface Closable {
  close(): Promise<void>
}

/** Every rule must fail on the implementation that breaks it: a check that cannot fail is a defect. */
function describeBreaches<Subject extends Closable>(
  port: string,
  rules: readonly Rule<Subject>[],
  fresh: () => Promise<Fresh<Subject>>,
): void {
  describe(`the ${port} suite notices an implementation that breaks a rule:`, () => {
    for (const rule of rules)
      it(`"${rule.name}" catches one that ${rule.breach}`, async () => {
        const checking = checkRule(rule, fresh, (subject) => rule.broken(subject))
        // Any other error would only show that the breach is broken itself.
        await expect(checking).rejects.toBeInstanceOf(AssertionError)
      })
    it('has no two rules of one name', () => {
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
    })
  })
}

describeBreaches('store', storeRules, freshSqlite)
describeBreaches('blob', blobRules, freshFolderBlobs)
