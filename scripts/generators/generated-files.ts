import { readFileSync } from 'node:fs'
import { connectorSpecs } from '../../connectors/registry.ts'
import { configSchema, renderJson, ticketJobSchema, ticketSchema } from '../cli/schemas.ts'
import { renderConnectorsPage } from './connectors-page.ts'
import { renderDivisionAreas, renderDivisions } from './divisions.ts'
import { renderErrorCodes, renderErrorsPage } from './errors-page.ts'
import { renderReferencePage } from './reference-page.ts'
import { renderSimplified } from './simplified.ts'
import { renderSounds } from './sounds.ts'

/** A committed file whose text follows from the code. */
export interface GeneratedFile {
  /** From the top of the repository. */
  readonly path: string
  render(): string
}

/** Top of the repository. */
export const repository = new URL('../../', import.meta.url)

/** Everything that `npm run generate` writes; add a file here to have it written and checked. */
export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'config/ERRORS.md', render: renderErrorsPage },
  {
    path: 'config/error-codes.txt',
    render: () => renderErrorCodes(committed('config/error-codes.txt') ?? ''),
  },
  { path: 'config/division-areas.json', render: renderDivisionAreas },
  { path: 'config/REFERENCE.md', render: () => renderReferencePage(connectorSpecs) },
  { path: 'config/schemas/config.schema.json', render: () => renderJson(configSchema(connectorSpecs)) },
  { path: 'config/schemas/ticket.schema.json', render: () => renderJson(ticketSchema()) },
  { path: 'config/schemas/ticket-job.schema.json', render: () => renderJson(ticketJobSchema()) },
  { path: 'connectors/CONNECTORS.md', render: () => renderConnectorsPage(connectorSpecs) },
  { path: 'dedupe/simplified.json', render: renderSimplified },
  { path: 'dedupe/sounds.json', render: renderSounds },
  { path: 'normalizers/place/divisions.json', render: renderDivisions },
]

/** The text of a file as it now is, null where there is none. */
export function committed(path: string): string | null {
  try {
    return readFileSync(new URL(path, repository), 'utf8')
  } catch {
    return null
  }
}
