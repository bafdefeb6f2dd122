import { describe, expect, test } from 'vitest'
import { catalogue } from '../../config/errors.ts'
import { BaseSource } from '../../config/schema.ts'
import { connectorSpecs } from '../../connectors/registry.ts'
import { inputSchema } from '../cli/schemas.ts'
import { renderErrorCodes, renderErrorsPage } from './errors-page.ts'
import { committed, generatedFiles } from './generated-files.ts'
import { settingsTable } from './settings-table.ts'

test.each(generatedFiles.map((file) => [file.path, file] as const))(
  '%s is up to date',
  (path, { render }) => {
    expect(render() === committed(path), 'run "npm run generate"').toBe(true)
  },
)

test('the page of errors has a heading for every code', () => {
  const headings = [...renderErrorsPage().matchAll(/^## (\w+)$/gm)].map(([, code]) => code)
  expect(headings).toEqual(Object.keys(catalogue).toSorted())
})

test('a published code stays in the list when the catalogue no longer has it', () => {
  expect(renderErrorCodes('GONE_CODE\nINTERNAL\n').split('\n')).toContain('GONE_CODE')
})

describe.each([...connectorSpecs.values()].map((spec) => [spec.kind, spec] as const))(
  'connector %s',
  (_kind, spec) => {
    test('describes every setting in both languages', () => {
      const [, , ...rows] = settingsTable(inputSchema(spec.settings)).split('\n')
      const undescribed = rows.filter(
        (row) => !/ \| [^|]*\w[^|]* \| [^|]*\p{Script=Han}[^|]* \|$/u.test(row.replaceAll('\\|', '')),
      )
      expect(undescribed).toEqual([])
    })

    test('uses no name that every source has', () => {
      expect(Object.keys(spec.settings.shape).filter((name) => name in BaseSource.shape)).toEqual([])
    })
  },
)
