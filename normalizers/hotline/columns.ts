import {
  absentColumns,
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

/** How the rows under one header row are read. */
export interface ColumnPlan {
  /** The columns that carry each field, best first. */
  readonly columns: Readonly<Partial<Record<HotlineField, readonly Column[]>>>
  /** Fields read from columns of common names because the file has none of the configured ones. */
  readonly replaced: readonly HotlineField[]
}

/** A file has as many plans as its rows have patterns of blank cells. */
const maxPlans = 1024
/** Settings objects live as long as their source; headers repeat for every row of a file. */
const plansBySettings = new WeakMap<object, Map<string, ColumnPlan>>()

/**
 * The plan for a row, made once per header row and settings object.
 *
 * @param signature the header row in any form that is equal for equal headers
 * @param headers of the whole file, those of configured columns included unless the file is known to lack them;
 *   called only for a header row not seen before
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

function makePlan(headers: readonly string[], settings: Readonly<Record<string, unknown>>): ColumnPlan {
  const configured = configuredColumns(settings)
  const columns: Partial<Record<HotlineField, readonly Column[]>> = {}
  for (const [field, names] of mapHotlineColumns(headers, configured)) {
    columns[field] = names.map((header) => ({ header, origin: `column ${header.toWellFormed()}` }))
  }
  const absent = [...absentColumns(headers, configured).keys()]
  return { columns, replaced: absent.filter((field) => (columns[field] ?? []).length > 0) }
}

/** All names of columns that the settings have, of whatever field. */
export function configuredNames(settings: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(configuredColumns(settings)).flat()
}

/** The settings' column map, taken leniently: the connector has validated it. */
function configuredColumns({
  columns,
}: Readonly<Record<string, unknown>>): Partial<Record<HotlineField, readonly string[]>> {
  if (typeof columns !== 'object' || columns === null) return {}
  const configured: Partial<Record<HotlineField, readonly string[]>> = {}
  const given = new Map<string, unknown>(Object.entries(columns))
  for (const field of hotlineFields) {
    const names: unknown = given.get(field)
    if (typeof names === 'string') configured[field] = [names]
    else if (Array.isArray(names) && names.every((name) => typeof name === 'string'))
      configured[field] = names
  }
  return configured
}
