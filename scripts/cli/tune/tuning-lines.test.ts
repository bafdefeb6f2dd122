import { expect, it } from 'vitest'
import { Cli, type CliContext } from '../cli.ts'
import type { QuestionTuning, Tuning } from './tune.ts'
import { tuningLines } from './tuning-lines.ts'

/** A tuning whose proposed link finds so many of 100 true pairs, where the present one finds 90. */
function tuningWith(found: number): Tuning {
  const outcome = (threshold: number, count: number) => {
    const counts = { pairs: 100, found: count, true: count, missed: 100 - count, wrong: 0 }
    return { threshold, ...counts, precision: 1, recall: count / 100 }
  }
  const question: QuestionTuning = {
    ...{ current: { link: 0.65, review: 0.3 }, pairs: 100, groups: 50, wantedPrecision: 0.95 },
    links: [outcome(0.65, 90), outcome(0.98, found)],
    ...{ reviews: [], left: 0 },
    proposed: { link: 0.98, review: 0.3, linkReached: true, reviewReached: false },
  }
  const nothing = { ...question, pairs: 0, proposed: null }
  return {
    ...{ rows: 200, labelled: 200, withoutTicket: 0 },
    questions: { duplicate: nothing, incident: question },
  }
}

it('warns of a proposal that costs more than a tenth of what is found now', () => {
  const cli = new Cli({} as Partial<CliContext> as CliContext, 'en')
  const lines = (found: number) =>
    tuningLines(tuningWith(found), { config: null, similar: true }, cli).join('\n')
  expect(lines(42)).toContain(
    'CAUTION: link 0.98 finds 42.0 % of the true pairs, link 0.65, which is in use, 90.0 %. --incident-precision with a lower share keeps more.',
  )
  expect(lines(85)).not.toContain('CAUTION')
})
