import { hash } from 'node:crypto'
import type { Candidate, Decision, DedupeSettings, MatchKeys, Report } from './decision.ts'

/** Written into every ticket, so that a verdict can be traced to the rules that gave it. */
export const algorithm = 'exact-text/1'

/** Texts shorter than this (「没水了」) are alike by chance: they repeat a report only when the reporter is known to be the same. */
const tellingCharacters = 10
const dayMs = 86_400_000

/** A report reduced to what it is compared by. */
export interface Sketch {
  readonly keys: MatchKeys
  /** Whether the text is long enough to be told from others by itself. */
  readonly telling: boolean
}

/**
 * The keys under which the same words are found again.
 * @param matchText folds away what does not tell texts apart: width, case, spaces, punctuation.
 */
export function sketchOf(
  report: Pick<Report, 'title' | 'body'>,
  matchText: (text: string) => string,
): Sketch {
  const text = matchText(report.body) || matchText(report.title ?? '')
  if (text === '') return { keys: [], telling: false }
  return {
    keys: [hash('sha256', Buffer.from(text, 'utf16le'), 'buffer').readUIntBE(0, 6)],
    telling: [...text.slice(0, 2 * tellingCharacters)].length >= tellingCharacters,
  }
}

/**
 * The same report again: equal text, the same or an unknown reporter, inside the window.
 * Only a master is answered, and it is compared with the report itself: links never chain.
 */
export function decideSameReport(
  report: Report,
  sketch: Sketch,
  candidates: readonly Candidate[],
  settings: DedupeSettings,
): Decision {
  const windowMs = settings.windowDays * dayMs
  const master = candidates.find(
    (candidate) =>
      candidate.masterId === null &&
      candidate.ticketId !== report.ticketId &&
      Math.abs(report.at - candidate.at) <= windowMs &&
      mayBeSamePerson(report, candidate, sketch),
  )
  if (master === undefined) return { verdict: 'new', masterId: null, score: null, reasons: [], algorithm }
  return {
    verdict: 'duplicate',
    masterId: master.ticketId,
    score: 1,
    reasons: reasonsFor(report, master),
    algorithm,
  }
}

function mayBeSamePerson(report: Report, candidate: Candidate, sketch: Sketch): boolean {
  if (report.reporterKey !== null && candidate.reporterKey !== null)
    return report.reporterKey === candidate.reporterKey
  return sketch.telling
}

function reasonsFor(report: Report, master: Candidate): string[] {
  const days = Math.round(Math.abs(report.at - master.at) / dayMs)
  const samePerson = report.reporterKey !== null && report.reporterKey === master.reporterKey
  return ['正文相同', samePerson ? '同一诉求人' : '诉求人未知', days === 0 ? '同一天' : `相隔 ${days} 天`]
}
