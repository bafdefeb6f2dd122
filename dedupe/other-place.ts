import { kindOfName, namesIn } from './names.ts'
import { soundAlike } from './sounds.ts'

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
    return [...left].some((core) => [...right].some((name) => !mayBeOne(core, name)))
  })
}

/** What many schools and hospitals are called besides. */
const common = /(实验|人民|中心|附属|妇幼|职业|中医|第[一二三四五六七八九十\d]{1,2})$/

/** The last two characters of each name, with what is common before its ending, by what it names. */
function placesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const names = namesIn(text, () => false, true)
  const cores = Map.groupBy(names, kindOfName).entries()
  return new Map(cores.map(([kind, group]) => [kind, new Set(group.map(({ core }) => tailOf(core)))]))
}

function tailOf(core: string): string {
  const [own, shared] = partsOf(core)
  return own.slice(-2) + shared
}

/** 翠屏实验 as 翠屏 and 实验; 人民 in 人民路 is all that there is of a name. */
function partsOf(core: string): readonly [own: string, shared: string] {
  const from = core.search(common)
  return from < shortestOwn ? [core, ''] : [core.slice(0, from), core.slice(from)]
}

const shortestOwn = 2

/** Whether two names of one kind may be one: written with a slip, or told by half (实验小学 for 翠屏实验小学). */
function mayBeOne(one: string, other: string): boolean {
  const [own, shared] = partsOf(one)
  const [otherOwn, otherShared] = partsOf(other)
  if (own === otherShared || shared === otherOwn) return true
  return isSpeltAlike(own, otherOwn) && (shared === otherShared || shared === '' || otherShared === '')
}

/** Where something is, not what it is called. */
const relative = new Set('门口前后旁边上下里外内中')

/** 锦绣路 and 锦秀路 are one road and a slip, 门口马路 and 门前马路 no names. */
function isSpeltAlike(one: string, other: string): boolean {
  return Array.from({ length: one.length }).every((_, at) => {
    const [ours, theirs] = [one.charAt(at), other.charAt(at)]
    return ours === theirs || soundAlike(ours, theirs) || (relative.has(ours) && relative.has(theirs))
  })
}
