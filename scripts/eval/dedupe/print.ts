import type { Verdict } from '../../cli/tune/pipeline-run.ts'
import type { EvalRow } from '../../cli/tune/rows.ts'
import type { ChannelScore, PairScore, Score } from '../../cli/tune/score.ts'
import { tasks } from '../../cli/tune/tasks.ts'
import type { Evaluation, TaskResult } from './evaluate.ts'
import type { VersionCount } from './versions.ts'
import type { WorstPair } from './worst-pairs.ts'

const excerptCharacters = 32

/** The evaluation for a person to read. */
export function printed(
  evaluation: Evaluation,
  rows: readonly EvalRow[],
  decisionsPerSecond: number,
): string {
  const head = `${evaluation.rows} reports, ${evaluation.labelled} labelled, ${Math.round(decisionsPerSecond)} decisions a second`
  const parts = tasks.map((task) => printedTask(task, evaluation.tasks[task], rows))
  return `${[head, ...parts].join('\n\n')}\n`
}

/** The evaluation for a program to read. */
export function asJson(
  { tasks: { duplicate, incident } }: Evaluation,
  decisionsPerSecond: number,
  versions?: readonly VersionCount[],
): string {
  return JSON.stringify({
    duplicate: duplicate.score,
    incident: incident.score,
    decisionsPerSecond,
    versions,
  })
}

/** How many versions of reports were found, for a person to read. */
export function printedVersions(versions: readonly VersionCount[]): string {
  const lines = [...Map.groupBy(versions, ({ version }) => version)].map(([version, counts]) => {
    const of = (reporter: VersionCount['reporter']) => {
      const { made, found } = counts.find((count) => count.reporter === reporter) ?? { made: 0, found: 0 }
      return `${reporter} ${String(found).padStart(4)} of ${String(made).padStart(4)}`
    }
    return `${version.padEnd(42)}${of('named')}    ${of('unknown')}`
  })
  return `\n${['-- versions found, by their reporter', ...lines].join('\n')}\n`
}

/** One verdict a line, with ids as they stand in the file: a number where it was one. */
export function verdictLines(rows: readonly EvalRow[], verdicts: ReadonlyMap<string, Verdict>): string {
  const numbers = new Set(rows.flatMap(({ id, idIsNumber }) => (idIsNumber ? [id] : [])))
  const given = (id: string | null) => (id !== null && numbers.has(id) ? id : JSON.stringify(id))
  const lines = rows.map(({ id }) => {
    const { masterId = null, suggestion = null, ...rest } = verdicts.get(id) ?? {}
    const suggested = suggestion && objectOf({ ...texts(suggestion), ticketId: given(suggestion.ticketId) })
    return objectOf({ id: given(id), ...texts(rest), masterId: given(masterId), suggestion: `${suggested}` })
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** Each value as JSON. */
function texts(fields: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]))
}

/** @param fields values as JSON: a number that has more figures than a value can hold keeps them */
function objectOf(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields).map(([name, value]) => `"${name}":${value}`)}}`
}

function printedTask(task: string, result: TaskResult, rows: readonly EvalRow[]): string {
  return [
    `== ${task} ==`,
    scoreLine('this program', result.score),
    ...Object.entries(result.baselines).map(([name, score]) => scoreLine(name, score)),
    ...channelTable('by channel of the later report', result.byChannel),
    ...channelTable('by pair of channels', result.byChannelPair),
    ...pairList('put together wrongly, highest score first', result.worstWrong, rows),
    ...pairList('missed, highest tf-idf cosine first', result.worstMissed, rows),
  ].join('\n')
}

function scoreLine(name: string, score: Score): string {
  const { bcubed } = score
  const cubed = `B³ ${percent(bcubed.precision)} / ${percent(bcubed.recall)} / F1 ${percent(bcubed.f1)}`
  return `${name.padEnd(20)}${countsOf(score)}  ${cubed}`
}

function channelTable(title: string, table: readonly ChannelScore[]): readonly string[] {
  return ['', `-- ${title}`, ...table.map((line) => `${line.channels.padEnd(20)}${countsOf(line)}`)]
}

function countsOf(score: PairScore): string {
  const counts = [score.pairs, score.found, score.true, score.missed, score.wrong]
  const names = ['pairs', 'found', 'true', 'missed', 'wrong']
  const texts = names.map((name, at) => `${name} ${String(counts[at]).padStart(6)}`)
  return `${texts.join('  ')}  precision ${percent(score.precision)}  recall ${percent(score.recall)}`
}

function pairList(title: string, pairs: readonly WorstPair[], rows: readonly EvalRow[]): readonly string[] {
  if (pairs.length === 0) return []
  const lines = pairs.map(({ earlier, later, value }) =>
    [value.toFixed(2), excerpt(rows[earlier]), '|', excerpt(rows[later])].join(' '),
  )
  return ['', `-- ${title}`, ...lines]
}

function excerpt(row: EvalRow | undefined): string {
  if (row === undefined) return '?'
  const text = `${row.title ?? ''} ${row.body ?? ''}`.replace(/\s+/gu, ' ').trim()
  return `${row.id} ${row.channel} ${[...text].slice(0, excerptCharacters).join('')}`
}

function percent(share: number | null): string {
  return (share === null ? 'none' : `${(share * 100).toFixed(1)}%`).padStart(6)
}
