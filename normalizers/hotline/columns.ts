import {
  columnKey,
  type HotlineColumns,
  type HotlineField,
  hotlineFields,
  mapHotlineColumns,
} from '../../config/hotline-columns.ts'

/** One column that carries a field. */
export interface Column {
  readonly header: string
  /** As a ticket's provenance names it: `column 标题`. */
  readonly origin: string
}

/** The columns that carry each field, best first. */
export type ColumnPlan = Readonly<Partial<Record<HotlineField, readonly Column[]>>>

/** What is understood of a header row, for an officer. */
export interface ColumnsExplained {
  readonly mapped: readonly { readonly header: string; readonly field: HotlineField }[]
  /** Columns that no field takes. The archive keeps them. */
  readonly unmapped: readonly string[]
  /** Configured names that the file does not have. */
  readonly missing: readonly string[]
}

/** A file has as many plans as its rows have patterns of blank cells. */
const maxPlans = 1024
/** Settings objects live as long as their source; headers repeat for every row of a file. */
const plansBySettings = new WeakMap<object, Map<string, ColumnPlan>>()

/**
 * The plan for a row, made once per header row and settings object.
 *
 * @param signature the header row in any form that is equal for equal headers
 * @param headers called only for a header row not seen before
 */
export function columnPlan(
  settings: Readonly<Record<string, unknown>>,
  signature: string,
  headers: () => readonly string[],
): ColumnPlan {
  let plans = plansBySettings.get(settings)
  if (!plans) {
    plans = new Map()
    plansBySettings.set(settings, plans)
  }
  const known = plans.get(signature)
  if (known) return known
  if (plans.size >= maxPlans) plans.clear()
  const plan = makePlan(headers(), settings)
  plans.set(signature, plan)
  return plan
}

/** Which headers the settings and the built-in names understand, and which not. */
export function explainColumns(
  headers: readonly string[],
  settings: Readonly<Record<string, unknown>>,
): ColumnsExplained {
  const configured = configuredColumns(settings)
  const fields = new Map(
    [...mapHotlineColumns(headers, configured)].flatMap(([field, names]) =>
      names.map((name) => [name, field] as const),
    ),
  )
  const keys = new Set(headers.map(columnKey))
  const wanted = hotlineFields.flatMap((field) => [configured[field] ?? []].flat())
  return {
    mapped: headers.flatMap((header) => {
      const field = fields.get(header)
      return field === undefined ? [] : [{ header, field }]
    }),
    unmapped: headers.filter((header) => header !== '' && !fields.has(header)),
    missing: wanted.filter((name) => !keys.has(columnKey(name))),
  }
}

function makePlan(headers: readonly string[], settings: Readonly<Record<string, unknown>>): ColumnPlan {
  const plan: Partial<Record<HotlineField, readonly Column[]>> = {}
  for (const [field, names] of mapHotlineColumns(headers, configuredColumns(settings))) {
    plan[field] = names.map((header) => ({ header, origin: `column ${header}` }))
  }
  return plan
}

/** The settings' column map, taken leniently: the connector has validated it. */
function configuredColumns({ columns }: Readonly<Record<string, unknown>>): HotlineColumns {
  if (typeof columns !== 'object' || columns === null) return {}
  const configured: Partial<Record<HotlineField, readonly string[]>> = {}
  const given = new Map<string, unknown>(Object.entries(columns))
  for (const field of hotlineFields) {
    const names = [given.get(field)].flat().filter((name) => typeof name === 'string')
    if (names.length > 0) configured[field] = names
  }
  return configured
}
