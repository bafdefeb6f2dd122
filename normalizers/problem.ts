import { type ErrorDetails, isErrorCode } from '../config/errors.ts'
import type { ArchivedItem, Normalized } from './normalizer.ts'

type Quarantined = Extract<Normalized, { readonly outcome: 'quarantined' }>

/**
 * The quarantine that a connector asked for when it could not take an item whole. Null: nothing is wrong.
 * A code that this version does not know ends there too, under ITEM_UNREADABLE.
 */
export function problemOf(item: Pick<ArchivedItem, 'mediaType' | 'meta'>): Quarantined | null {
  const { problem, problemDetail } = item.meta
  if (problem === undefined) return null
  if (isErrorCode(problem))
    return { outcome: 'quarantined', code: problem, details: readDetails(problemDetail) }
  return unreadable(item, problem)
}

/** The quarantine of an item whose body is not what its media type says. */
export function unreadable(item: Pick<ArchivedItem, 'mediaType'>, reason: string): Quarantined {
  return { outcome: 'quarantined', code: 'ITEM_UNREADABLE', details: { mediaType: item.mediaType, reason } }
}

function readDetails(json: string | undefined): ErrorDetails {
  const details: unknown = parseOrNull(json ?? '{}')
  if (typeof details !== 'object' || details === null) return {}
  return Object.fromEntries(
    Object.entries(details).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  )
}

function parseOrNull(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
