import type { ArchivedItem } from '../../normalizers/normalizer.ts'
import type { Cli } from './cli.ts'
import { factName } from './known-words.ts'

/** A fact of an item for people: the file that it stands in, its row, its mailbox. */
export function factLine(name: string, value: string, cli: Cli): string {
  return `  ${cli.say('field', { name: factName(name, cli.locale), value })}`
}

/** What came in, from where, and when. */
export function archivedLine(item: ArchivedItem, cli: Cli): string {
  return cli.say('archived', {
    id: item.rawId,
    source: item.sourceId,
    item: item.externalId,
    at: item.archivedAt,
    type: item.mediaType,
    bytes: item.body.byteLength,
  })
}
