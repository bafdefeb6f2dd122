import type { ConnectorSpec } from './connector.ts'
import { hotlineExport } from './hotline-export/hotline-export.ts'
import { imap } from './imap/imap.ts'
import { mailFolder } from './mail-folder/mail-folder.ts'

const specs: readonly ConnectorSpec[] = [hotlineExport, imap, mailFolder]

/** Every connector, by the kind that a configuration names it by. */
export const connectorSpecs: ReadonlyMap<string, ConnectorSpec> = new Map(
  specs.map((spec) => [spec.kind, spec]),
)
