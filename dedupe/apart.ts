/** Where a ticket belongs, and where a person said that it does not. */
export interface Belonging {
  readonly id: string
  readonly masterId: string | null
  readonly incidentId: string | null
  readonly apartFrom: readonly string[]
}

/** Whether a person has taken one of two tickets away from the other, from its master or from its incident. */
export function isKeptApart(one: Belonging, other: Belonging): boolean {
  return excludes(one, other) || excludes(other, one)
}

function excludes({ apartFrom }: Belonging, { id, masterId, incidentId }: Belonging): boolean {
  if (apartFrom.length === 0) return false
  return [id, masterId, incidentId].some((name) => name !== null && apartFrom.includes(name))
}
