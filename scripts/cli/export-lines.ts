import { statSync } from 'node:fs'
import type { SourceSettings } from '../../config/settings.ts'
import { describeFile, type FileDescription } from '../../connectors/hotline-export/describe-file.ts'
import { hotlineExportSettings } from '../../connectors/hotline-export/settings.ts'
import type { Cli } from './cli.ts'

/** What is made of an export before its rows are looked at; null where the source reads no exports, or for a folder. */
export async function describeExport(source: SourceSettings, path: string): Promise<FileDescription | null> {
  if (source.connector !== 'hotline-export' || statSync(path).isDirectory()) return null
  return describeFile(path, hotlineExportSettings.parse({ ...source.settings, path }))
}

/**
 * The same for people: format and encoding, then per table which columns were understood and which not. What is wrong
 * with the whole file is told with its item.
 */
export function exportLines(
  { format, encoding, tables, unknownSheets, firstRows }: FileDescription,
  cli: Cli,
): readonly string[] {
  return [
    ...(format === null ? [] : [cli.say('exportFormat', { format, encoding: encoding ?? '-' })]),
    ...tables.flatMap(({ sheet, headerRow, continues, mapped, unmapped, absent, idColumn }) => [
      continues === null
        ? cli.say('exportTable', { sheet: sheet === '' ? '-' : sheet, row: headerRow, id: idColumn ?? '-' })
        : cli.say('exportContinued', { sheet, of: continues, id: idColumn ?? '-' }),
      ...Object.entries(mapped).flatMap(([field, names]) =>
        names.length === 0 ? [] : [`  ${field} ← ${names.join(', ')}`],
      ),
      ...Object.entries(absent).map(([field, names]) =>
        cli.say('absentColumns', { field, columns: names.join(', ') }),
      ),
      ...(unmapped.length === 0 ? [] : [cli.say('unmapped', { columns: unmapped.join(', ') })]),
    ]),
    ...(unknownSheets.length === 0 ? [] : [cli.say('unknownSheets', { sheets: unknownSheets.join(', ') })]),
    ...(firstRows.length === 0 ? [] : [cli.say('firstRows'), ...firstRows.map(shown)]),
  ]
}

const longestShown = 200

function shown(row: string): string {
  const cells = row.replaceAll('\t', ' | ')
  return `    ${cells.length > longestShown ? `${cells.slice(0, longestShown)}…` : cells}`
}
