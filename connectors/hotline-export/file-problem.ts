import { createHash } from 'node:crypto'
import { base32 } from '../../config/base32.ts'
import type { ErrorCode, ErrorDetails } from '../../config/errors.ts'
import { itemProblem } from '../item-problem.ts'
import type { Draft } from './row-item.ts'
import type { SteadyFile } from './steady-file.ts'

/** Thrown inside this folder when a file as a whole, or the rest of it, cannot be read. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails, cause?: unknown) {
    super(code, { cause })
    this.code = code
    this.details = details
  }
}

/** A file without column names that are known. */
export class NoHeader extends FileProblem {
  /** By which a person can tell the columns: the cells of each row, divided by tabs. */
  readonly firstRows: readonly string[]

  constructor(firstRows: readonly string[]) {
    super('FILE_NO_HEADER', {})
    this.firstRows = firstRows.slice(0, 3)
  }
}

/** Whether something thrown is a fault of the program, not of the machine or of what it talks to: those have a code. */
export function isFault(thrown: unknown): boolean {
  const kinds = [TypeError, RangeError, SyntaxError, ReferenceError]
  return kinds.some((kind) => thrown instanceof kind) && !('code' in Object(thrown))
}

const maxBodyBytes = 16 * 1024 * 1024

/**
 * One item for a file that cannot be read: its bytes when they are few, else its name and times.
 * Equal bytes give an equal id, so that the same bad file put there again is no second item.
 */
export async function problemDraft(file: SteadyFile, problem: FileProblem, maxBytes: number): Promise<Draft> {
  const takesBody = file.bytes <= maxBodyBytes
  const body = takesBody ? await file.whole() : new Uint8Array()
  const { size, mtimeNs } = file.stats
  const hash = createHash('sha256')
  if (takesBody) hash.update(body)
  else if (file.bytes <= maxBytes) for await (const chunk of file.chunks()) hash.update(chunk)
  else hash.update(JSON.stringify([file.name, size.toString(), mtimeNs.toString()]))
  return {
    // The code is part of the id: the same bytes may fail otherwise once a setting has changed.
    externalId: `file-${base32(hash.update(problem.code).digest('binary'), 26)}`,
    mediaType: 'application/octet-stream',
    body,
    meta: {
      file: file.name,
      ...itemProblem(problem.code, { file: file.name, ...problem.details }),
      ...(takesBody ? {} : { bytes: String(file.bytes) }),
    },
  }
}

/** One item for a file that may not even be opened. */
export function unopenedDraft(name: string, identity: string, reason: string): Draft {
  return {
    externalId: `file-${identity}`,
    mediaType: 'application/octet-stream',
    body: new Uint8Array(),
    meta: {
      file: name,
      ...itemProblem('FILE_UNREADABLE', { file: name, format: 'unknown', reason }),
    },
  }
}
