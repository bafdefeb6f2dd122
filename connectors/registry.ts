import type { ConnectorSpec } from './connector.ts'
import { hotlineExport } from './hotline-export/hotline-export.ts'
import { imap } from './imap/imap.ts'

const specs: readonly ConnectorSpec[] = [hotlineExport, imap]

/** Every connector, by the kind that a configuration names it by. */
export const connectorSpecs: ReadonlyMap<string, ConnectorSpec> = new Map(
  specs.map((spec) => [spec.kind, spec]),
)
