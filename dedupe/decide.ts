import { algorithm } from './algorithm.ts'
import { isKeptApart } from './apart.ts'
import { Comparer } from './comparison.ts'
import {
  areReworded,
  areWordForWord,
  equalReports,
  haveOtherMatters,
  isAboutSomethingElse,
  isAnotherCase,
  isNextMatter,
  isOfAnotherPlace,
  isSaidByTitles,
  mayBeOfTwo,
  nameOtherLines,
  nearlyEqualTexts,
  shareOnlyNames,
} from './copies.ts'
import { type Decision, type DedupeSettings, type Finding, type Windows, windowsFor } from './decision.ts'
import { type Pair, pairOf } from './features.ts'
import { codedCities } from './numbers.ts'
import { personRelation } from './persons.ts'
import type { Profile } from './profile.ts'
import { findingOf } from './reasons.ts'
import { saysNothing } from './says-nothing.ts'
import { Scores } from './score.ts'
import { speltAlike } from './spelling.ts'

const dayMs = 86_400_000

/** A ticket that shares keys with the arriving report. */
export interface Candidate {
  readonly profile: Profile
  /** The ticket that it repeats. That one must be among the candidates too. */
  readonly masterId: string | null
  /** Its own incident, or its master's. */
  readonly incidentId: string | null
  /** Tickets and incidents that a person has said it does not belong to. */
  readonly apartFrom: readonly string[]
}

/** A candidate and how it compares. */
interface Judged {
  readonly candidate: Candidate
  readonly pair: Pair
  /** Names that were spelt otherwise in the two reports. */
  readonly slips: readonly string[]
  /** By the times of ingestion where there are no others. */
  readonly days: number
  readonly duplicate: number
  readonly incident: number
}

/** Lower bound for each ticket's score in a group, in nats: one very different ticket must not outweigh all the others. */
const leastLogit = -1.5
/** In nats: subtracted from the score with a single ticket, and added to the mean score of several tickets of an incident. */
const alone = 0.5
const together = 0.2
/** How many tickets of an incident, the most alike ones, decide whether a report joins it. */
const checkedMembers = 4

/**
 * Decides about one report by the tickets that share keys with it: the same report again, the same incident, or
 * neither. A duplicate is linked to a master only after it was compared with the master itself; an incident is
 * joined only after the report was compared with several of its tickets.
 */
export function decide(
  comparer: Comparer,
  candidates: readonly Candidate[],
  settings: DedupeSettings,
  cut: boolean,
): Decision {
  const { report } = comparer.profile
  const windows = windowsFor(settings, report)
  const judged = candidates.map((candidate) => judge(comparer, candidate))
  const facts = { algorithm, compared: candidates.length, cut }
  const repeat = bestRepeat(judged, windows)
  if (repeat !== null && repeat.score >= settings.duplicate.link)
    return {
      ...facts,
      verdict: 'duplicate',
      masterId: masterOf(repeat.master.candidate),
      finding: found(comparer, repeat.by, repeat.score, masterOf(repeat.master.candidate)),
    }
  const incident = bestIncident(judged, windows)
  if (incident !== null && incident.score >= settings.incident.link)
    return {
      ...facts,
      verdict: 'related',
      with: incident.by.candidate.profile.report.id,
      bringing: broughtAlong(comparer, incident, judged, windows, settings.incident.link),
      finding: found(comparer, incident.by, incident.score, null),
    }
  return {
    ...facts,
    verdict: 'new',
    suggestion: suggestionOf(comparer, repeat, incident, settings),
    recurrence: recurrenceOf(comparer, judged, windows, settings),
  }
}

/** Below both scores a ticket is worth no further look. */
const leastPromising = 0.15

/** Whether a ticket may be repeated by the report, or be about its incident. */
export function isPromising(comparer: Comparer, candidate: Candidate): boolean {
  const { duplicate, incident } = judge(comparer, candidate)
  return Math.max(duplicate, incident) >= leastPromising
}

/** What shares less than this, in nats, has nothing in common but the language. */
const leastShared = 3

/** Of other matters a ticket is at most suggested to a person. */
const mostOfOtherMatters = 0.5

/** What was found of a report's pairs: each is asked about twice, to end the search and to decide. */
const known = new WeakMap<Comparer, Map<Profile, Omit<Judged, 'candidate'>>>()

function judge(comparer: Comparer, candidate: Candidate): Judged {
  const pairs = known.get(comparer) ?? new Map<Profile, Omit<Judged, 'candidate'>>()
  known.set(comparer, pairs)
  const judged = pairs.get(candidate.profile) ?? judgePair(comparer, candidate)
  pairs.set(candidate.profile, judged)
  return { ...judged, candidate }
}

function judgePair(comparer: Comparer, candidate: Candidate): Omit<Judged, 'candidate'> {
  const { one: profile, other, slips } = speltAlike(comparer.profile, candidate.profile)
  const spelt = profile === comparer.profile ? comparer : new Comparer(profile, comparer.statistics)
  const pair = pairOf(profile, other, spelt.compare(other))
  const days = Math.abs(profile.report.at - other.report.at) / dayMs
  const isEqual = areWordForWord(profile, other) && !isSaidByTitles(profile, other)
  // What one person sends to two offices, each gives a place of its own.
  const isSentAgain = isEqual && pair.person === 'same' && profile.report.title === other.report.title
  const isElsewhere = isOfAnotherPlace(pair, profile.text, other.text) || nameOtherLines(profile, other)
  const facts = { pair, slips, days }
  if (!isSentAgain && isElsewhere) return { ...facts, duplicate: 0, incident: 0 }
  if (isEqual) return { ...facts, ...equalReports(profile, pair.person, other) }
  const isIdle = saysNothing(profile) || saysNothing(other)
  if (isIdle || pair.comparison.shared < leastShared) return { ...facts, duplicate: 0, incident: 0 }
  const copy = nearlyEqualTexts(pair, profile, other)
  const { features, incidentFeatures } = pair
  const scores = new Scores(features)
  const incidentScores = incidentFeatures === features ? scores : new Scores(incidentFeatures)
  const isSigned = pair.person === 'different' || mayBeOfTwo(pair, profile)
  const isOther = isSigned || isAnotherCase(pair, profile, other)
  const isElse = isAboutSomethingElse(pair, profile, other)
  const repeats = isOther ? 0 : Math.max(scores.of('duplicate'), copy.duplicate)
  return {
    ...facts,
    duplicate: suggestedIf(isElse || isNextMatter(pair), repeats),
    incident: suggestedIf(
      isElse && pair.comparison.sharedNames === 0,
      Math.max(incidentScores.of('incident'), copy.incident),
    ),
  }
}

function suggestedIf(isOfOtherMatter: boolean, score: number): number {
  return isOfOtherMatter ? Math.min(score, mostOfOtherMatters) : score
}

function idOf({ candidate }: Judged): string {
  return candidate.profile.report.id
}

function masterOf({ masterId, profile }: Candidate): string {
  return masterId ?? profile.report.id
}

interface Repeat {
  readonly master: Judged
  /** The ticket of the group that is most alike. */
  readonly by: Judged
  readonly score: number
}

/** A link counts when the most alike of a master's reports is alike, and the master itself is not unlike. */
const leastOfMaster = 0.05
/** The same person may speak of one matter in words that the master does not have. */
const leastBySamePerson = 0.005

function bestRepeat(judged: readonly Judged[], { windowDays }: Windows): Repeat | null {
  let best: Repeat | null = null
  for (const [masterId, group] of Map.groupBy(judged, ({ candidate }) => masterOf(candidate))) {
    const master = group.find(({ candidate }) => candidate.profile.report.id === masterId)
    const near = group.filter(({ days }) => days <= windowDays)
    if (master === undefined || near.length === 0) continue
    if (group.some(({ pair }) => pair.person === 'different')) continue
    const by = near.reduce((most, one) => (one.duplicate > most.duplicate ? one : most))
    if (master.duplicate < (by.pair.person === 'same' ? leastBySamePerson : leastOfMaster)) continue
    if (best === null || by.duplicate > best.score) best = { master, by, score: by.duplicate }
  }
  return best !== null && isSignedByOthers(best, judged) ? null : best
}

/** Whose copy an unknown person sends nobody knows where several people sent one letter. */
function isSignedByOthers({ by, master }: Repeat, judged: readonly Judged[]): boolean {
  const sender = master.candidate.profile.report
  const isByAnother = ({ candidate, pair }: Judged) =>
    pair.person === 'different' || personRelation(sender, candidate.profile.report) === 'different'
  // The same words about another place are another letter.
  const isCopy = ({ pair, incident }: Judged) => incident > 0 && areReworded(pair)
  return by.pair.person === 'unknown' && judged.some((one) => isCopy(one) && isByAnother(one))
}

interface Joining {
  /** Those of its tickets that are near in time, the most alike first. */
  readonly group: readonly Judged[]
  readonly by: Judged
  readonly score: number
}

/** Tickets of one incident vote together; a ticket without one (with its repeats) stands for itself. */
function bestIncident(judged: readonly Judged[], { incidentDays }: Windows): Joining | null {
  let best: Joining | null = null
  const near = judged.filter(({ days }) => days <= incidentDays)
  const groupOf = ({ candidate }: Judged) => candidate.incidentId ?? masterOf(candidate)
  for (const group of Map.groupBy(near, groupOf).values()) {
    const ranked = group.sort((a, b) => b.incident - a.incident)
    const by = ranked[0]
    if (by === undefined || isOfAnotherCity(group)) continue
    const score = by.candidate.incidentId === null ? scoreAlone(by) : groupScore(ranked)
    if (best === null || score > best.score) best = { group: ranked, by, score }
  }
  return best
}

/**
 * Earlier tickets without an incident that the report brings into the incident that it joins. When they arrived, they
 * were like too few of its tickets; now the report makes the connection. Each is checked against the report and the
 * incident's tickets, and needs a higher score than an arriving report.
 */
function broughtAlong(
  comparer: Comparer,
  { group }: Joining,
  judged: readonly Judged[],
  { incidentDays }: Windows,
  link: number,
): readonly string[] {
  const mayCome = judged.filter(({ candidate, days, incident }) => {
    const standsAlone = candidate.masterId === null && candidate.incidentId === null
    return standsAlone && days <= incidentDays && incident >= link
  })
  const coming: Judged[] = []
  for (const one of mayCome) {
    const { candidate } = one
    const isOut = (member: Judged) => member === one || areKeptApart(candidate, member.candidate)
    if ([...group, ...coming].some(isOut)) continue
    const own = new Comparer(candidate.profile, comparer.statistics)
    const near = group
      .map((member) => judge(own, member.candidate))
      .filter(({ days }) => days <= incidentDays)
    if (isOfAnotherCity(near)) continue
    const score = groupScore([one, ...near].sort((a, b) => b.incident - a.incident))
    if (sigmoid(logit(score) - alone) >= link) coming.push(one)
  }
  return coming.map(({ candidate }) => candidate.profile.report.id)
}

function areKeptApart(one: Candidate, other: Candidate): boolean {
  return isKeptApart({ id: one.profile.report.id, ...one }, { id: other.profile.report.id, ...other })
}

/**
 * Whether all tickets of an incident that name a city name another city than the report; tickets that name none do not
 * count. If one of them names the report's city, the other cities are not the place of the matter (我在A市工作).
 */
function isOfAnotherCity(group: readonly Judged[]): boolean {
  const others = group.filter(({ pair }) => pair.features.otherCity === 1)
  const telling = group.filter(({ candidate: { profile } }) => {
    return profile.report.place.city !== null || codedCities(profile.ordinals).size > 0
  })
  return others.length > 0 && others.length === telling.length
}

/** The score by a single ticket: that it starts an incident needs more than that it is one of several. */
function scoreAlone({ pair, incident }: Judged): number {
  const mayBeOther = haveOtherMatters(pair) || shareOnlyNames(pair)
  return sigmoid(logit(suggestedIf(mayBeOther, incident)) - alone)
}

/**
 * The mean score of the few most alike tickets: one alike ticket alone is not enough to join. Nor is the place where all
 * of them, and the report, speak of another matter.
 */
function groupScore(ranked: readonly Judged[]): number {
  const nearest = ranked.slice(0, checkedMembers)
  const logits = nearest.map(({ incident }) => Math.max(leastLogit, logit(incident)))
  const areOthers = nearest.every(({ pair }) => shareOnlyNames(pair) && pair.features.noMatter === 0)
  return suggestedIf(
    areOthers,
    sigmoid(logits.reduce((sum, value) => sum + value, 0) / logits.length + together),
  )
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

function logit(score: number): number {
  return Math.log(score / (1 - score))
}

function suggestionOf(
  comparer: Comparer,
  repeat: Repeat | null,
  incident: Joining | null,
  settings: DedupeSettings,
) {
  if (repeat !== null && repeat.score >= settings.duplicate.review)
    return {
      verdict: 'duplicate' as const,
      ...found(comparer, repeat.by, repeat.score, masterOf(repeat.master.candidate)),
      ticketId: masterOf(repeat.master.candidate),
    }
  if (incident !== null && incident.score >= settings.incident.review)
    return { verdict: 'related' as const, ...found(comparer, incident.by, incident.score, idOf(incident.by)) }
  return null
}

/** The same matter again, longer ago than an incident lasts: neither a repeat nor the same incident, but worth knowing. */
function recurrenceOf(
  comparer: Comparer,
  judged: readonly Judged[],
  { incidentDays }: Windows,
  { recurrenceDays, incident }: DedupeSettings,
): Finding | null {
  const { at } = comparer.profile.report
  const past = judged.filter(
    ({ candidate, days, incident: score }) =>
      candidate.profile.report.at < at &&
      days > incidentDays &&
      days <= incidentDays + recurrenceDays &&
      score >= incident.link,
  )
  const best = past.sort((a, b) => b.incident - a.incident)[0]
  return best === undefined ? null : found(comparer, best, best.incident, idOf(best))
}

/** @param named the ticket that the verdict names; null: none */
function found(
  { profile }: Comparer,
  { candidate, pair, slips }: Judged,
  score: number,
  named: string | null,
): Finding {
  return findingOf({ pair, written: [profile, candidate.profile], slips }, score, named)
}
