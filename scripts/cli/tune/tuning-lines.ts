import type { Cli } from '../cli.ts'
import { textTable } from '../text-table.ts'
import { ratio } from './ratio.ts'
import { type Task, tasks } from './tasks.ts'
import type { Proposal, QuestionTuning, Tuning } from './tune.ts'
import { wilsonInterval } from './wilson.ts'

/** Fewer true pairs, groups or linked pairs say little. */
const enoughPairs = 30
const enoughGroups = 10

/** A proposal that keeps less than this of the recall is warned of. */
const recallKept = 0.9

const precisionOptions = { duplicate: '--duplicate-precision', incident: '--incident-precision' } as const

/** Where the settings come from that were measured. */
export interface TuningSource {
  /** The configuration that the settings are of; null: there is none. */
  readonly config: string | null
  /** What it says of `similar`. */
  readonly similar: boolean
}

/** Whether a question's labels are enough to rely on what was measured by them. */
export function isReliable({ pairs, groups, links, proposed }: QuestionTuning): boolean {
  const found = links.find(({ threshold }) => threshold === proposed?.link)?.found ?? 0
  return pairs >= enoughPairs && groups >= enoughGroups && found >= enoughPairs
}

/** A tuning for a person to read: both tables, the proposal, and how far to trust it. */
export function tuningLines(tuning: Tuning, source: TuningSource, cli: Cli): readonly string[] {
  const { rows, labelled, withoutTicket, questions } = tuning
  const config = source.config === null ? cli.say('tuneDefaults') : cli.shortPath(source.config)
  const link = (questions.duplicate.proposed ?? questions.duplicate.current).link
  return [
    cli.say('tuneHead', { rows, labelled, config }),
    ...(withoutTicket === 0 ? [] : [cli.say('tuneWithoutTicket', { count: withoutTicket })]),
    ...(source.similar ? [] : [cli.say('tuneNotSimilar')]),
    ...tasks.flatMap((task) => [
      '',
      cli.say(`tuneTitle_${task}`, {
        pairs: questions[task].pairs,
        groups: questions[task].groups,
        link: score(link),
      }),
      ...questionLines(task, questions[task], cli),
    ]),
    ...pasteLines(tuning, cli),
  ]
}

/** What a configuration says to have what is proposed; null where nothing is. */
export function proposedYaml({ questions }: Tuning): string | null {
  const lines = tasks.flatMap((task: Task) => {
    const { proposed } = questions[task]
    return proposed === null ? [] : [`  ${task}: { link: ${proposed.link}, review: ${proposed.review} }\n`]
  })
  return lines.length === 0 ? null : `dedupe:\n${lines.join('')}`
}

function pasteLines(tuning: Tuning, cli: Cli): readonly string[] {
  const yaml = proposedYaml(tuning)
  return yaml === null ? [] : ['', cli.say('tuneCaveat'), '', cli.say('tunePaste'), '', yaml.trimEnd()]
}

function questionLines(task: Task, question: QuestionTuning, cli: Cli): readonly string[] {
  const { proposed, pairs } = question
  if (proposed === null) return [cli.say(pairs === 0 ? 'tuneNoPairs' : 'tuneNothingFound')]
  return [
    ...linkTable(question, proposed, cli),
    linkText(question, proposed, cli),
    ...costLines(task, question, proposed, cli),
    ...(isReliable(question) ? [] : [cli.say('tuneFew', { pairs: enoughPairs, groups: enoughGroups })]),
    '',
    cli.say('tuneLeft', { link: score(proposed.link), left: question.left }),
    ...reviewLines(question, proposed, cli),
  ]
}

function linkTable({ links, current }: QuestionTuning, proposed: Proposal, cli: Cli): readonly string[] {
  const head = ['tunePairs', 'tuneTrue', 'tuneWrong', 'tunePrecision', 'tuneInterval', 'tuneRecall'] as const
  const rows = links.map((one) => [
    ...[score(one.threshold), String(one.found), String(one.true), String(one.wrong)],
    ...[percent(one.precision), interval(one.true, one.found), percent(one.recall)],
    marks(one.threshold, current.link, proposed.link, cli),
  ])
  return indented(textTable([['link', ...head.map((key) => cli.say(key)), ''], ...rows]))
}

function reviewLines(question: QuestionTuning, proposed: Proposal, cli: Cli): readonly string[] {
  const review = score(proposed.review)
  if (question.reviews.every(({ found }) => found === 0)) return [cli.say('tuneNoSuggestions', { review })]
  const text = proposed.reviewReached ? 'tuneReviewReached' : 'tuneReviewKept'
  return [...reviewTable(question, proposed, cli), cli.say(text, { review })]
}

function reviewTable({ reviews, current }: QuestionTuning, proposed: Proposal, cli: Cli): readonly string[] {
  const head = ['tuneShown', 'tuneTrue', 'tuneShareRight'] as const
  const rows = reviews.map((one) => [
    ...[score(one.threshold), String(one.found), String(one.true), percent(ratio(one.true, one.found))],
    marks(one.threshold, current.review, proposed.review, cli),
  ])
  return indented(textTable([['review', ...head.map((key) => cli.say(key)), ''], ...rows]))
}

function linkText({ links, wantedPrecision }: QuestionTuning, { link, linkReached }: Proposal, cli: Cli) {
  const precision = links.find(({ threshold }) => threshold === link)?.precision ?? null
  return cli.say(linkReached ? 'tuneReached' : 'tuneNotReached', {
    wanted: percent(wantedPrecision),
    precision: percent(precision),
    link: score(link),
  })
}

function costLines(task: Task, { links, current }: QuestionTuning, { link }: Proposal, cli: Cli) {
  const recallAt = (threshold: number) => links.find((one) => one.threshold === threshold)?.recall ?? 0
  const [now, recall] = [recallAt(current.link), recallAt(link)]
  if (recall >= recallKept * now) return []
  const shares = { recall: percent(recall), now: percent(now) }
  return [
    cli.say('tuneCostly', {
      ...{ link: score(link), current: score(current.link), ...shares },
      option: precisionOptions[task],
    }),
  ]
}

function marks(threshold: number, current: number, proposed: number, cli: Cli): string {
  const keys = [
    ...(threshold === current ? (['tuneNow'] as const) : []),
    ...(threshold === proposed ? (['tuneProposed'] as const) : []),
  ]
  return keys.map((key) => cli.say(key)).join(' ')
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}

/** Two places at least. */
function score(threshold: number): string {
  const text = String(threshold)
  return text.length < 4 ? threshold.toFixed(2) : text
}

function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`
}

function interval(part: number, whole: number): string {
  const found = wilsonInterval(part, whole)
  return found === null ? '-' : `${(found.low * 100).toFixed(1)} – ${percent(found.high)}`
}
