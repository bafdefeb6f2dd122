import { createHash, createHmac, createSecretKey, hash } from 'node:crypto'
import { base32 } from '../config/base32.ts'

const idCharacters = 26

/** `R-` and 26 base32 characters: names one version of one item at one source. */
export function rawIdOf(sourceId: string, externalId: string, body: Uint8Array): string {
  const digest = createHash('sha256').update(`${sourceId}\0${externalId}\0`).update(body).digest('binary')
  return `R-${base32(digest, idCharacters)}`
}

/** `T-` and 26 base32 characters: the same item of the same source is always the same ticket. */
export function ticketIdOf(sourceId: string, externalId: string): string {
  return `T-${base32(hash('sha256', `${sourceId}\0${externalId}`, 'binary'), idCharacters)}`
}

/**
 * A function from identities (`phone:+8613812345678`) to keyed hashes of 22 characters: equal identities can be
 * recognised, but without the secret nobody can list which phone numbers are in the store.
 */
export function reporterKeys(secret: string): (identity: string) => string {
  const hmacKey = createSecretKey(secret, 'utf8')
  const known = new Map<string, string>()
  return (identity) => {
    const found = known.get(identity)
    if (found !== undefined) return found
    const key = createHmac('sha256', hmacKey).update(identity).digest('base64url').slice(0, 22)
    if (known.size >= 10_000) known.clear()
    known.set(identity, key)
    return key
  }
}
