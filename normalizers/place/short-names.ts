import { type Division, divisionsNamed, isWithin } from './divisions.ts'
import { isEverydayName } from './mentions.ts'

/** A division named in short, as 鼓楼 for 鼓楼区; the name ends before index `end`. */
export interface ShortNamed {
  readonly division: Division
  readonly end: number
  /** Whether the name of the division above stands right before it, and nothing after it makes it another's. */
  readonly isSure: boolean
}

const longestShortName = 4
/** Roads, waters, stations and the like are named after counties, and seldom lie only there: 朝阳北路, 晋安河. */
const othersName =
  /^(?:[东西南北中上下前后]{0,2}[一二三四五六七八九十]{0,2}(?:[路街巷弄道]|大[街道])|江(?!.(?:街道|镇))|[里河湖山桥门站港湾塘岭堤渠区县市镇乡]|大[桥厦学]|[小中]学|机场|火?车站|医院|公园|广场|水库|隧道|高架|高速|立交|国际|商[场城厦会]|大?酒店|宾馆|新村|花园|小区|家园|公寓|银行)/

/**
 * What an address gives by short names, the most precise first: 瑞安 of 温州瑞安上望镇, 闽侯 of 闽侯上街镇, and the city of
 * 东莞虎门镇 and 浙江省宁波民安路. A name that several go by gives none.
 *
 * @param start where the names begin
 * @param above what is known, or named just before; null where nothing is
 * @param home GB/T 2260 code that counts where nothing else is named
 */
export function placesByShortNames(
  address: string,
  start: number,
  above: Division | null,
  home: string | null,
): readonly ShortNamed[] {
  let [scope, at, isBeside] = [above, start, false]
  for (let next = areaAt(address, at, scope); next !== null; next = areaAt(address, at, scope)) {
    isBeside = at > 0 && next.division.parents.at(-1) === scope
    scope = next.division
    at = next.end
  }
  const county = countyNamed(address, at, scope, home)
  const isOthers = county.length === 0 && isNameOfOther(address.slice(at))
  const city = at > start && scope !== null && !isOthers ? cityNamed(at, scope, isBeside) : []
  return [...county, ...city]
}

/** Whether what follows a short name makes it the name of something else. */
export function isNameOfOther(following: string): boolean {
  return othersName.test(following)
}

function countyNamed(
  address: string,
  at: number,
  scope: Division | null,
  home: string | null,
): readonly ShortNamed[] {
  const code = scope?.code ?? home
  const county = only(
    address,
    at,
    (each) => each.level === 'county' && (code === null || isWithin(each.code, code)),
  )
  if (county === null) return []
  // 吉林 is a province and a city in it.
  const isBeside = at > 0 && scope !== null && county.division.parents.at(-1)?.short === scope.short
  const isSure =
    isBeside && !isEverydayName(county.division.name) && !isNameOfOther(address.slice(county.end))
  return [{ ...county, isSure }]
}

/** A city: sure right after its province, elsewhere where a town follows. */
function cityNamed(end: number, division: Division, isSure: boolean): readonly ShortNamed[] {
  return division.level === 'city' ? [{ division, end, isSure }] : []
}

/** The province or city that an address names here by its short name. */
function areaAt(address: string, at: number, above: Division | null): Omit<ShortNamed, 'isSure'> | null {
  const isArea = (each: Division) =>
    each.level !== 'county' && (above === null || isWithin(each.code, above.code))
  return only(address, at, (each) => each.level === 'province' && isArea(each)) ?? only(address, at, isArea)
}

/** The only division that goes by the longest name here, of those that are wanted. */
function only(
  text: string,
  start: number,
  isWanted: (division: Division) => boolean,
): Omit<ShortNamed, 'isSure'> | null {
  for (let length = longestShortName; length > 1; length -= 1) {
    const found = divisionsNamed(text.slice(start, start + length)).filter(isWanted)
    const [division] = found
    if (division && found.length === 1) return { division, end: start + length }
  }
  return null
}
