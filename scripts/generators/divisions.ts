import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const Division = z.strictObject({ code: z.string().regex(/^\d{6}$/), name: z.string() })

/** normalizers/place/divisions.json from the devDependency `lcn`: one string per division, GB/T 2260 code and name. */
export function renderDivisions(): string {
  const divisions = listed()
  const provinces = new Set(divisions.filter(({ code }) => code.endsWith('0000')).map(({ name }) => name))
  return renderList(
    divisions.filter((division) => isRealDivision(division, provinces)).map(({ code, name }) => code + name),
  )
}

/** config/division-areas.json: the first four figures of all codes, which name a province or a city. */
export function renderDivisionAreas(): string {
  return renderList([...new Set(listed().map(({ code }) => code.slice(0, 4)))])
}

function listed(): readonly z.infer<typeof Division>[] {
  const source = fileURLToPath(import.meta.resolve('lcn/data/data.json'))
  return z.array(Division).parse(JSON.parse(readFileSync(source, 'utf8')))
}

function renderList(texts: readonly string[]): string {
  const lines = texts.map((text) => JSON.stringify(text))
  return `[\n${lines.sort().join(',\n')}\n]\n`
}

/** 省直辖县级行政区划, 县 and the second 北京市 (110100) only group others: no address names them. */
function isRealDivision({ code, name }: z.infer<typeof Division>, provinces: ReadonlySet<string>): boolean {
  const repeatsProvince = !code.endsWith('0000') && provinces.has(name)
  return name.length > 1 && !name.endsWith('行政区划') && !repeatsProvince
}
