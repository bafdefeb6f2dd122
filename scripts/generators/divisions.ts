import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const Division = z.strictObject({ code: z.string().regex(/^\d{6}$/), name: z.string() })

/** normalizers/place/divisions.json from the devDependency `lcn`: one string per division, GB/T 2260 code and name. */
export function renderDivisions(): string {
  const source = fileURLToPath(import.meta.resolve('lcn/data/data.json'))
  const divisions = z.array(Division).parse(JSON.parse(readFileSync(source, 'utf8')))
  const provinces = new Set(divisions.filter(({ code }) => code.endsWith('0000')).map(({ name }) => name))
  const lines = divisions
    .filter((division) => isRealDivision(division, provinces))
    .map(({ code, name }) => JSON.stringify(code + name))
  return `[\n${lines.sort().join(',\n')}\n]\n`
}

/** 省直辖县级行政区划, 县 and the second 北京市 (110100) only group others: no address names them. */
function isRealDivision({ code, name }: z.infer<typeof Division>, provinces: ReadonlySet<string>): boolean {
  const repeatsProvince = !code.endsWith('0000') && provinces.has(name)
  return name.length > 1 && !name.endsWith('行政区划') && !repeatsProvince
}
