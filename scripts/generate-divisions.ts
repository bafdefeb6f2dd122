/**
 * Writes normalizers/place/divisions.json from the devDependency `lcn`: one string per division,
 * its GB/T 2260 code and its name. Run after updating lcn: `node scripts/generate-divisions.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const Divisions = z.array(z.strictObject({ code: z.string().regex(/^\d{6}$/), name: z.string() }))

const source = fileURLToPath(import.meta.resolve('lcn/data/data.json'))
const target = fileURLToPath(new URL('../normalizers/place/divisions.json', import.meta.url))

const divisions = Divisions.parse(JSON.parse(readFileSync(source, 'utf8')))
const provinces = new Set(divisions.filter(({ code }) => code.endsWith('0000')).map(({ name }) => name))
const lines = divisions.filter(isRealDivision).map(({ code, name }) => JSON.stringify(code + name))
writeFileSync(target, `[\n${lines.sort().join(',\n')}\n]\n`)
process.stderr.write(`${lines.length} divisions\n`)

/** 省直辖县级行政区划, 县 and the second 北京市 (110100) only group others: no address names them. */
function isRealDivision({ code, name }: { readonly code: string; readonly name: string }): boolean {
  const repeatsProvince = !code.endsWith('0000') && provinces.has(name)
  return name.length > 1 && !name.endsWith('行政区划') && !repeatsProvince
}
