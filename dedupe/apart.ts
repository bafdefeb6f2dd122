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

function excludes({ apartFrom }: Belonging, other: Belonging): boolean {
  return apartFrom.length > 0 && namesOf(other).some((name) => apartFrom.includes(name))
}

/**
 * Those of the others that one may be linked to: what shares a master or an incident with a ticket that is kept apart
 * from it would lead the two together.
 */
export function openTo<Other extends Belonging>(one: Belonging, others: readonly Other[]): readonly Other[] {
  const apart = others.filter((other) => isKeptApart(one, other))
  const closed = new Set(apart.flatMap(namesOf))
  return others.filter((other) => !namesOf(other).some((name) => closed.has(name)))
}

function namesOf({ id, masterId, incidentId }: Belonging): readonly string[] {
  return [id, masterId, incidentId].filter((name) => name !== null)
}
