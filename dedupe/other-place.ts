import { kindOfName, namesIn } from './names.ts'

/**
 * Whether two texts that are otherwise nearly equal name two places of one kind: the lamps of 建设路 and those of
 * 和平路. Names that are everyday words count too; between texts that share the rest they can be nothing else.
 */
export function nameOtherPlaces(one: string, other: string): boolean {
  const ours = placesIn(one)
  const theirs = placesIn(other)
  return [...ours].some(([kind, cores]) => {
    const others = theirs.get(kind)
    if (others === undefined) return false
    const [left, right] = [cores.difference(others), others.difference(cores)]
    return [...left].some((core) => [...right].some((name) => !isSpeltAlike(core, name)))
  })
}

/** The last two characters of each name, by what it names. */
function placesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const names = namesIn(text, () => false, true)
  const cores = Map.groupBy(names, kindOfName).entries()
  return new Map(cores.map(([kind, group]) => [kind, new Set(group.map(({ core }) => core.slice(-2)))]))
}

/** 锦绣路 and 锦秀路 are one road and a slip, 门口马路 and 门前马路 no names. */
function isSpeltAlike(one: string, other: string): boolean {
  return [...one].some((character) => other.includes(character))
}
