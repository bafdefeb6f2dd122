import { expect, it } from 'vitest'
import { defaultDedupe } from '../../../config/schema.ts'
import type { DedupeSettings } from '../../../config/settings.ts'
import type { Verdict } from './pipeline-run.ts'
import type { EvalRow } from './rows.ts'
import { runsOf, tune } from './tune.ts'

const current: DedupeSettings = {
  ...defaultDedupe,
  duplicate: { link: 0.74, review: 0.35 },
  incident: { link: 0.76, review: 0.35 },
}

// Reports in pairs: the second of each scores against the first as its pair says.

interface Pair {
  readonly score: number
  readonly right: boolean
}

const row = (id: string, report: string | null): EvalRow => ({
  ...{ id, channel: 'sms', sourceId: 's', submittedAt: null },
  ...{ name: null, phone: null, title: null, body: id, place: null },
  ...{ report, incident: null },
})

const rowsOf = (pairs: readonly Pair[]) =>
  pairs.flatMap(({ right }, at) => [row(`${at}a`, `r${at}`), row(`${at}b`, right ? `r${at}` : null)])

function verdictsAt(pairs: readonly Pair[], { duplicate }: DedupeSettings): ReadonlyMap<string, Verdict> {
  const none: Verdict = {
    ...{ verdict: 'new', masterId: null, incidentId: null, score: null, suggestion: null },
  }
  return new Map(
    pairs.flatMap(({ score }, at): readonly (readonly [string, Verdict])[] => [
      [`${at}a`, none],
      [`${at}b`, verdictOf(score, `${at}a`, none, duplicate)],
    ]),
  )
}

function verdictOf(
  score: number,
  other: string,
  none: Verdict,
  { link, review }: DedupeSettings['duplicate'],
) {
  if (score >= link) return { ...none, verdict: 'duplicate', masterId: other, score } as const
  if (score < review) return none
  return { ...none, suggestion: { verdict: 'duplicate', ticketId: other, score } } as const
}

async function tuned(pairs: readonly Pair[], wanted: number) {
  const seen: DedupeSettings[] = []
  const tuning = await tune(rowsOf(pairs), {
    dedupe: current,
    wantedPrecision: { duplicate: wanted, incident: 0.95 },
    run: async (dedupe) => {
      seen.push(dedupe)
      return verdictsAt(pairs, dedupe)
    },
  })
  return { duplicate: tuning.questions.duplicate, incident: tuning.questions.incident, seen }
}

const pairs: readonly Pair[] = [
  ...[0.99, 0.91, 0.83, 0.62].map((score) => ({ score, right: true })),
  { score: 0.58, right: false },
  { score: 0.45, right: true },
  ...[0.42, 0.36, 0.22, 0.12, 0.11].map((score) => ({ score, right: false })),
]

it('proposes the link that finds most at the wanted precision, and the review that every third suggestion bears', async () => {
  const { duplicate } = await tuned(pairs, 0.99)
  expect(duplicate).toMatchObject({ pairs: 5, groups: 5, left: 1 })
  expect(duplicate.proposed).toEqual({ link: 0.6, review: 0.4, linkReached: true, reviewReached: true })
  const now = duplicate.links.find(({ threshold }) => threshold === current.duplicate.link)
  expect(now).toMatchObject({ found: 3, true: 3, wrong: 0, missed: 2 })
})

it('proposes the most precise link, and says so, where none reaches what is wanted', async () => {
  const wrongOnTop = [{ score: 0.995, right: false }, ...pairs]
  expect((await tuned(wrongOnTop, 0.99)).duplicate.proposed).toMatchObject({ link: 0.6, linkReached: false })
})

it('says nothing of a question that nobody labelled, and does not run for it', async () => {
  const { incident, seen } = await tuned(pairs, 0.99)
  expect(incident).toMatchObject({ pairs: 0, links: [], proposed: null })
  expect(seen.length).toBe(runsOf(current) / 2)
  expect(seen.every(({ windowDays }) => windowDays === current.windowDays)).toBe(true)
})

it('keeps the review, at most as high as the link, where too few suggestions are right', async () => {
  const wrong = [0.4, 0.4, 0.4, 0.2].map((score) => ({ score, right: false }))
  const { duplicate } = await tuned([{ score: 0.99, right: true }, ...wrong], 0.99)
  expect(duplicate.proposed).toMatchObject({ review: 0.35, reviewReached: false })
})
