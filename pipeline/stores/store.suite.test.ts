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

function rulesList<Subject>(title: string, rules: readonly Rule<Subject>[]): string {
  const lines = rules.map(({ name, breach }) => `- ${name}\n  - catches one that ${breach}`)
  return [`## ${title}`, '', ...lines].join('\n')
}

it('lists all rules in RULES.md', async () => {
  const page = [
    '# Rules of the stores',
    'Every store and blob store is held by these rules, and each rule by a deliberately broken implementation that it must catch. Written by `npx vitest run pipeline/stores/store.suite.test.ts -u`.',
    rulesList('Stores: sqlite, mongodb', storeRules),
    rulesList('Blobs: folder, GridFS', blobRules),
  ]
  await expect(`${page.join('\n\n')}\n`).toMatchFileSnapshot('RULES.md')
})
