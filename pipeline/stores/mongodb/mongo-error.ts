import mongoose from 'mongoose'
import { type ErrorCode, YiwangError } from '../../../config/errors.ts'

const { MongoError, MongoServerError, MongoBulkWriteError } = mongoose.mongo

/** Server codes, https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const duplicateKeyCode = 11_000
/** By the server's code; anything else is a server that cannot be reached. */
const codes: ReadonlyMap<number | string | undefined, ErrorCode> = new Map([
  [13, 'STORE_REFUSED'], // Unauthorized: no login, or a right is missing
  [18, 'STORE_REFUSED'], // AuthenticationFailed
  [8_000, 'STORE_REFUSED'], // AtlasError: bad auth, or a right is missing
  [14_031, 'STORE_FULL'], // OutOfDiskSpace
  [73, 'STORE_ADDRESS'], // InvalidNamespace: the name of a database
  [13_297, 'STORE_ADDRESS'], // DatabaseDifferCase
])
/** IndexOptionsConflict, IndexKeySpecsConflict. */
const otherIndexes: ReadonlySet<unknown> = new Set([85, 86])
const indexNotFound = 27
const namespaceNotFound = 26

/** Whether a write met a document that another writer had just made. */
export function duplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKeyCode
}

/**
 * Whether all that went wrong in an unordered bulk write is {@link duplicateKey}. The driver tells of a lost connection
 * and of a server that refuses all of it without naming a document, and of what a majority has not confirmed, so that
 * the next primary may not have it, beside the errors of documents or without any.
 */
export function onlyDuplicateKeys(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return duplicateKey(error)
  if (error.result.getWriteConcernError() !== undefined) return false
  const failures = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
  return failures.length > 0 && failures.every(({ code }) => code === duplicateKeyCode)
}

/** Whether an index that was to be dropped is gone already. */
export function noSuchIndex(error: unknown): boolean {
  return (
    error instanceof MongoServerError && (error.code === indexNotFound || error.code === namespaceNotFound)
  )
}

/** Whether an index could not be made for one that is there. */
export function otherIndex(error: unknown): boolean {
  return error instanceof MongoServerError && otherIndexes.has(error.code)
}

/** As {@link mongoError}, of a first attempt to connect: what the driver refuses then stands in the address. */
export function addressError(error: unknown, url: string): unknown {
  if (!(error instanceof mongoose.mongo.MongoInvalidArgumentError)) return mongoError(error, url)
  return new YiwangError('STORE_ADDRESS', { url, reason: error.message }, error)
}

/** A failure of the server or of the way to it as an error of the catalogue; anything else unchanged. */
export function mongoError(error: unknown, url: string): unknown {
  if (isRefusedAddress(error)) return new YiwangError('STORE_ADDRESS', { url, reason: error.message }, error)
  if (isSystemError(error)) return new YiwangError('STORE_UNREACHABLE', { url, reason: error.message }, error)
  if (!(error instanceof MongoError || error instanceof mongoose.MongooseError)) return error
  if (error instanceof mongoose.Error.ValidationError || error instanceof mongoose.Error.CastError)
    return error
  const known = error instanceof MongoServerError ? codes.get(error.code) : undefined
  return new YiwangError(known ?? 'STORE_UNREACHABLE', { url, reason: reasonOf(error) }, error)
}

/** What the driver cannot make sense of; the one with its parts in the wrong places comes from its parser, unwrapped. */
function isRefusedAddress(error: unknown): error is Error {
  return error instanceof Error && error.name === 'MongoParseError'
}

/** A look-up of a name that failed, or a file of certificates that is not there, comes as Node made it. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}

// The message of a server error may quote a document, that is, what a citizen wrote. Without a code it is one of the
// driver, such as a lost connection, which in a bulk write looks like a server's.
function reasonOf(error: Error): string {
  if (!(error instanceof MongoServerError) || error.code === undefined) return error.message
  return `${error.codeName ?? error.name} ${error.code}`
}
