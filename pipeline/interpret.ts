import { toYiwangError, type YiwangError } from '../config/errors.ts'
import type { SourceSettings } from '../config/settings.ts'
import type { AttachmentContent, NormalizeContext, Normalized, Normalizer } from '../normalizers/normalizer.ts'
import type { AttachmentRef } from '../normalizers/ticket.ts'
import type { BlobStore, PendingItem } from './stores/store.ts'

/** How the items of one source are interpreted. */
export interface Interpreter {
  readonly source: SourceSettings
  readonly normalizer: Normalizer
  readonly context: NormalizeContext
  /** Connector kind and version, for a ticket's provenance. */
  readonly connector: string
}

/** An item and what its normalizer made of it. */
export interface Reading {
  readonly item: PendingItem
  readonly interpreter: Interpreter | null
  readonly result:
    | Normalized
    /** Unexpected or passing trouble: the item waits and is tried again. */
    | { readonly outcome: 'failed'; readonly error: YiwangError }
  readonly attachments: readonly AttachmentRef[]
}

/**
 * Interprets one item and brings its attachments into the blob store.
 * Never rejects: trouble with one item is an answer about that item and stops no other.
 */
export async function interpret(
  item: PendingItem,
  interpreters: ReadonlyMap<string, Interpreter>,
  blobs: BlobStore,
): Promise<Reading> {
  const interpreter = interpreters.get(item.sourceId) ?? null
  if (interpreter === null) {
    const known = [...interpreters.keys()].join(', ')
    const details = { source: item.sourceId, known }
    return { item, interpreter, result: { outcome: 'quarantined', code: 'SOURCE_UNKNOWN', details }, attachments: [] }
  }
  try {
    const answer = interpreter.normalizer.normalize(item, interpreter.context)
    const result = answer instanceof Promise ? await answer : answer
    const files = result.outcome === 'ticket' ? result.attachments : []
    const attachments = files.length === 0 ? [] : await keepAttachments(files, blobs)
    return { item, interpreter, result, attachments }
  } catch (thrown) {
    return { item, interpreter, result: { outcome: 'failed', error: toYiwangError(thrown) }, attachments: [] }
  }
}

async function keepAttachments(files: readonly AttachmentContent[], blobs: BlobStore): Promise<AttachmentRef[]> {
  const kept: AttachmentRef[] = []
  for (const { name, mediaType, body } of files) {
    const sha256 = await blobs.put(body)
    kept.push({ name, mediaType, bytes: body.byteLength, sha256, uri: `blob:sha256/${sha256}` })
  }
  return kept
}
