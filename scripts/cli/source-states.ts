import { catalogue, isErrorCode } from '../../config/errors.ts'
import type { SourceSettings } from '../../config/settings.ts'
import type { App } from '../../pipeline/app.ts'
import { isLate } from '../../pipeline/last-pull.ts'
import { momentIn } from '../../pipeline/moment.ts'
import { alarmOf, type Silence } from '../../pipeline/silence.ts'
import type { LastPull, PullFailure } from '../../pipeline/stores/store.ts'
import type { Cli } from './cli.ts'
import type { MessageKey } from './messages.ts'
import { textTable, wrapped } from './text-table.ts'

/**
 * `fails`: its last pull failed. `late`: it should have been pulled long ago. `quiet`: nothing has come for too long.
 * `new`: no pull is known. `off`: disabled. `removed`: not configured any more.
 */
const stateNames = ['ok', 'fails', 'late', 'quiet', 'new', 'off', 'removed'] as const

/** One channel and whether it still brings something in. */
export interface SourceState {
  readonly sourceId: string
  readonly name: string | null
  readonly state: (typeof stateNames)[number]
  /** `yiwang run` pulls it. */
  readonly isScheduled: boolean
  /** It should have been pulled long ago, also where it fails. */
  readonly isOverdue: boolean
  /** Null where none is known, and for sources that are not pulled. */
  readonly pull: LastPull | null
  /** Likewise. */
  readonly silence: Silence | null
}

/**
 * All sources that are configured, and those with items in the store, by id.
 * @param only this one of them; undefined: all
 * @param now in milliseconds since 1970
 */
export async function sourceStates(
  app: App,
  withItems: readonly string[],
  only: string | undefined,
  now: number,
): Promise<readonly SourceState[]> {
  const configured = app.settings.sources.filter(({ id }) => only === undefined || id === only)
  const pulls = await app.store.lastPulls(configured.map(({ id }) => id))
  const states = await Promise.all(
    configured.map((source) => stateOf(app, source, pulls.get(source.id) ?? null, now)),
  )
  const known = new Set(configured.map(({ id }) => id))
  const others = withItems.filter((id) => !known.has(id))
  const removed = [...new Set(others)].map((sourceId) => ({
    ...nobodys(sourceId, null),
    state: 'removed' as const,
  }))
  return [...states, ...removed].sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1))
}

const nobodys = (sourceId: string, name: string | null) => ({
  sourceId,
  name,
  isScheduled: false,
  isOverdue: false,
  pull: null,
  silence: null,
})

async function stateOf(
  app: App,
  { id: sourceId, name, enabled, schedule }: SourceSettings,
  pull: LastPull | null,
  now: number,
): Promise<SourceState> {
  if (!enabled) return { ...nobodys(sourceId, name), state: 'off' }
  const silence = await app.silence(sourceId)
  const isOverdue = pull !== null && isLate(pull, schedule, now)
  const state = () => {
    if (pull === null) return 'new'
    if (pull.failure !== null) return 'fails'
    if (isOverdue) return 'late'
    return silence.tooLong ? 'quiet' : 'ok'
  }
  return { sourceId, name, isScheduled: schedule !== null, isOverdue, pull, silence, state: state() }
}

/** The same as one object of the document that `--json` prints. */
export function stateJson({ sourceId, state, pull }: SourceState, cli: Cli): object {
  const { at = null, read = null, added = null, succeededAt = null, failure = null } = pull ?? {}
  return { sourceId, state, at, read, added, succeededAt, failure: failure && failureJson(failure, cli) }
}

function failureJson(failure: PullFailure, cli: Cli): object {
  const { since, code } = failure
  const kind = isErrorCode(code) ? catalogue[code].kind : null
  return { since, code, kind, message: cli.describe(failure) }
}

/**
 * The channels as aligned columns; times are those of the zone.
 * @param now in milliseconds since 1970
 */
export function stateTable(
  cli: Cli,
  states: readonly SourceState[],
  timeZone: string,
  now: number,
): readonly string[] {
  const today = momentIn(timeZone, now)
  const shown = (moment: string | undefined | null) =>
    moment ? shortTime(minuteIn(timeZone, moment), today) : ''
  const head = ['source', 'pulls', 'lastPull', 'added', 'lastItem', 'sourceName'] as const
  const rows = states.map(({ sourceId, name, state, pull, silence }) => [
    sourceId,
    cli.say(`state_${state}`),
    shown(pull?.at),
    pull === null ? '' : String(pull.added),
    shown(silence?.lastAt),
    name ?? '',
  ])
  return textTable([head.map((key) => cli.say(key)), ...rows], cli.context.columns)
}

/** How many sources are in each state. */
export function stateCounts(cli: Cli, states: readonly SourceState[]): string {
  const counts = stateNames.flatMap((name) => {
    const count = states.filter(({ state }) => state === name).length
    return count === 0 ? [] : cli.say('stateCount', { state: cli.say(`state_${name}`), count })
  })
  return cli.say('statusStates', { sources: states.length, states: counts.join(cli.say('comma')) })
}

/** What is wrong with sources and what to do, each in words; times are those of the zone. */
export function* troubleLines(cli: Cli, states: readonly SourceState[], timeZone: string): Generator<string> {
  for (const { sourceId, name, pull } of states) {
    if (pull === null || pull.failure === null) continue
    const source = name === null ? sourceId : cli.say('inBrackets', { text: sourceId, inside: name })
    const since = minuteIn(timeZone, pull.failure.since)
    const known = pull.succeededAt === null ? {} : { succeededAt: minuteIn(timeZone, pull.succeededAt) }
    const key = pull.succeededAt === null ? 'statusFailsEver' : 'statusFails'
    yield* lines(cli, cli.say(key, { source, since, ...known }))
    yield* lines(cli, cli.describe(pull.failure), '  ')
  }
  const say = (key: MessageKey, which: (state: SourceState) => boolean) => {
    const sources = states.filter(which).map(({ sourceId }) => sourceId)
    return sources.length === 0 ? [] : lines(cli, cli.say(key, { sources: sources.join(', ') }))
  }
  yield* say('statusLate', ({ isOverdue }) => isOverdue)
  yield* say('statusNew', ({ state, isScheduled }) => state === 'new' && isScheduled)
  yield* say('statusByHand', ({ state, isScheduled }) => state === 'new' && !isScheduled)
  yield* say('statusNothingYet', ({ pull, silence }) => pull?.failure === null && silence?.lastAt === null)
  for (const { silence } of states) {
    const alarm = silence === null ? null : alarmOf(silence)
    if (alarm !== null) yield* lines(cli, cli.describe(alarm))
  }
}

function lines(cli: Cli, text: string, indent = ''): readonly string[] {
  return wrapped(text, cli.context.columns, indent)
}

/** As short as it is clear: the time of today, a day of this year, a day. */
function shortTime(minute: string, today: string): string {
  if (minute.slice(0, 10) === today.slice(0, 10)) return minute.slice(11)
  return minute.slice(0, 4) === today.slice(0, 4) ? minute.slice(5) : minute.slice(0, 10)
}

function minuteIn(timeZone: string, moment: string): string {
  return momentIn(timeZone, Date.parse(moment)).slice(0, 16).replace('T', ' ')
}
