import type { FeatureName } from '../../../../dedupe/features.ts'
import type { Question } from '../../../../dedupe/score.ts'

const against: ReadonlySet<FeatureName> = new Set([
  ...([
    'otherNames',
    'otherNameKinds',
    'otherOrdinals',
    'otherBuilding',
    'otherDistrict',
    'otherCity',
  ] as const),
  ...(['otherMatter', 'otherDomain', 'otherFocus', 'relOther', 'namesOther', 'focusOther'] as const),
  ...(['days', 'otherIntent', 'bothAsk', 'unclear', 'unclearContainment', 'samePersonOtherMatter'] as const),
])

/**
 * What says something only beside the other features. So do the words that two reports share: a whole letter that comes
 * again with another name of a place was taken over by somebody else.
 */
const either: ReadonlySet<FeatureName> = new Set([
  ...(['fewerTerms', 'moreTerms', 'bothNamed', 'noMatter', 'namesEmpty', 'title', 'copiedHalf'] as const),
  ...(['shared', 'longestRun', 'beyondChance', 'inFocus', 'cover', 'coverOfLarger', 'logCover'] as const),
  ...(['logCoverOfLarger', 'jaccard', 'containment', 'nearlyContained', 'contentCover'] as const),
  ...(['logContentCover', 'nameCover', 'focusCover'] as const),
])

/** Who reports tells one report from another, and nothing of what happened. */
const personal: ReadonlySet<FeatureName> = new Set([
  ...(['samePerson', 'maybeSame', 'unclear', 'unclearContainment', 'samePersonReminder'] as const),
  ...(['samePersonNames', 'samePersonMatter', 'samePersonOtherMatter'] as const),
  ...(['samePersonShared', 'reminder', 'refersBack', 'saysWhen', 'signed'] as const),
])

/** Whether a question takes notice of a feature. */
export function isUsed(question: Question, name: FeatureName): boolean {
  return question === 'duplicate' || !personal.has(name)
}

/**
 * Which way a feature may speak: 1 for belonging together, -1 against it, 0 either way. What is known beforehand
 * need not be learnt, and cannot be learnt wrong from few examples: another place never speaks for one incident.
 */
export function signOf(name: FeatureName): -1 | 0 | 1 {
  return against.has(name) ? -1 : either.has(name) ? 0 : 1
}
