import customaryEntries from './customary-names.json' with { type: 'json' }
import entries from './divisions.json' with { type: 'json' }
import formerEntries from './former-divisions.json' with { type: 'json' }

/** An administrative division at or above the county, as the Ministry of Civil Affairs lists it. */
export interface Division {
  /** GB/T 2260, six figures. */
  readonly code: string
  readonly name: string
  /** Without its kind: 福州 for 福州市, 恩施 for 恩施土家族苗族自治州. Never one character. */
  readonly short: string
  readonly level: 'province' | 'city' | 'county'
  /** Province first. 省直辖县级 and the districts of 直辖市 have no city above them. */
  readonly parents: readonly Division[]
}

const peoples =
  '蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|塔吉克|怒族|普米族|独龙族|裕固族|保安族|各族'
const autonomous = new RegExp(`(?:${peoples})*(?:自治区|自治州|自治县|自治旗|族区)$`)
const kindOfPlace = [/(?:特别行政区|地区|林区|新区|特区)$/, /[省市盟县区旗]$/]
/** Named after a people alone, or a people that belongs to the short name. */
const shortNames: Readonly<Record<string, string>> = {
  内蒙古自治区: '内蒙古',
  鄂伦春自治旗: '鄂伦春',
  鄂温克族自治旗: '鄂温克',
  东乡族自治县: '东乡',
}

const byCode = new Map<string, Division>()
for (const entry of entries) {
  const code = entry.slice(0, 6)
  const name = entry.slice(6)
  // Codes ascend, so parents are there before their children.
  const above = new Set([`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`])
  const parents = [...above].flatMap((each) => byCode.get(each) ?? [])
  byCode.set(code, { code, name, short: shorten(name), level: levelOf(code), parents })
}

const current = [...byCode.values()].flatMap((division) =>
  namesOf(division).map((name) => ({ name, division })),
)
const other = [...formerEntries, ...customaryEntries].flatMap((entry) => {
  const division = byCode.get(entry.slice(0, 6))
  return division ? [{ name: entry.slice(6), division }] : []
})
const byName = Map.groupBy([...current, ...other], ({ name }) => name)

/** The division of a code; null where the current list has none. */
export function divisionOf(code: string): Division | null {
  return byCode.get(code) ?? null
}

/**
 * Every division that goes by a full name, an alias such as 恩施州, a short name, a customary one (阜蒙县), or a former
 * one: 闸北区 is in 静安区. What was shared out among several (江干区) stands for their city.
 */
export function divisionsNamed(name: string): readonly Division[] {
  return (byName.get(name) ?? []).map(({ division }) => division)
}

/** Counties that came to another city since 2009, with the city where old exports and many people still put them. */
const formerCities: Readonly<Record<string, string>> = {
  '220184': '220300',
  '340124': '340181',
  '340281': '340181',
  '340422': '341500',
  '340522': '340181',
  '340523': '340181',
  '340722': '340800',
  '510185': '512000',
}

/** Province first, with the city that a county belonged to before: 六安市 for 寿县, which is now in 淮南市. */
export function presentAndFormerParents({ code, parents }: Division): readonly Division[] {
  const city = divisionOf(formerCities[code] ?? '')
  return city === null ? parents : [...parents, city]
}

const byShortName = Map.groupBy(byCode.values(), ({ short }) => short)
const cities = [...byShortName].flatMap(([short, divisions]) => {
  const [division, ...others] = divisions.filter(({ level }) => level !== 'county')
  return division?.level === 'city' && others.length === 0 ? [[short, division] as const] : []
})
const citiesByShortName = new Map(cities)

/** The city that a short name means in a column of cities: 西安, though two districts share it. Not 吉林, also a province. */
export function cityByShortName(name: string): Division | null {
  return citiesByShortName.get(name) ?? null
}

/** All names and aliases, short and former ones included. */
export const divisionNames: readonly string[] = [...byName.keys()]

/** Whether a division is, or lies within, the one of the other code. */
export function isWithin(code: string, scope: string): boolean {
  return code.startsWith(scope.replace(/(?:00)+$/, ''))
}

function levelOf(code: string): Division['level'] {
  if (code.endsWith('0000')) return 'province'
  return code.endsWith('00') ? 'city' : 'county'
}

function shorten(name: string): string {
  const known = shortNames[name]
  if (known) return known
  const plain = name.replace(autonomous, '')
  if (plain !== name && plain.length > 1) return plain
  const shorter = kindOfPlace.map((kind) => name.replace(kind, ''))
  return shorter.find((short) => short !== name && short.length > 1) ?? name
}

function namesOf({ name, short }: Division): readonly string[] {
  const alias = /自治[州县旗]$/.test(name) ? `${short}${name.slice(-1)}` : name
  return [...new Set([name, short, alias])]
}
