import type { Note } from '../notes.ts'
import { cleanLine, cleanText, foldWidth } from '../text.ts'
import type { Place } from '../ticket.ts'
import { readCoordinates } from './coordinates.ts'
import { cityByShortName, type Division, isWithin, presentAndFormerParents } from './divisions.ts'
import {
  type DivisionNote,
  type DivisionReading,
  divisionInCell,
  divisionInText,
  prefectureOf,
} from './resolve.ts'
import { isNameOfOther, placesByShortNames } from './short-names.ts'

/** What columns say of a place; null where there is no such column or cell. */
export interface PlaceCells {
  readonly place: string | null
  readonly province: string | null
  readonly city: string | null
  readonly district: string | null
  readonly street: string | null
  readonly lat: string | number | null
  readonly lon: string | number | null
}

export interface PlaceReading {
  readonly place: Place
  /** `division-ambiguous`, `division-several`, `division-unknown`, `coordinates-…`. */
  readonly notes: readonly Note[]
}

/**
 * Where a report is about: columns first, then the words of the report, which only refine what the
 * columns leave open.
 *
 * @param text title and body, cleaned; '' where not to be searched
 * @param home GB/T 2260 code of the source's division, or null for nationwide
 */
export function readPlace(cells: PlaceCells, text: string, home: string | null): PlaceReading {
  const [province, city, district] = [cells.province, cells.city, cells.district].map(cellName)
  const named = [province, city, district].flatMap((name) => name ?? [])
  const meant = [province, cityByShortName(city ?? '')?.name ?? city, district].flatMap((name) => name ?? [])
  const address = unspaced(foldWidth(cleanText(cells.place ?? '')))
  const columns = readColumns(meant, address, home)
  const words = needsWords(columns) ? readWords(text, columns.division?.code ?? home) : null
  const fromWords = words !== null && isMorePrecise(words.division, columns.division)
  const found = fromWords ? words : columns
  const point = readCoordinates(cells.lat, cells.lon)
  const street =
    cleanLine(cells.street ?? '') ??
    streetAfter(fromWords ? text : columns.source, found.span, found.division)
  const given = cleanLine(address === '' ? named.join(' ') : address)
  const unknown = named.length > 0 && !columns.division ? 'division-unknown' : null
  const note: Note | null = found.note ?? (columns.division ? null : words?.note) ?? unknown
  return {
    place: {
      text:
        given ??
        cleanLine(cells.street ?? '') ??
        (fromWords && words.span ? spoken(text, words.span, street) : null),
      ...divisionFields(found.division),
      street,
      lat: point.lat,
      lon: point.lon,
      method: methodOf(fromWords, given ?? cells.street, point.lat),
    },
    notes: [note, point.note].filter((each) => each !== null),
  }
}

/** A division's names for a ticket; the city of 直辖市 is the municipality itself. */
function divisionFields(division: Division | null): Pick<Place, 'province' | 'city' | 'district' | 'code'> {
  if (!division) return { province: null, city: null, district: null, code: null }
  const line = [...division.parents, division]
  const nameAt = (level: Division['level']) => line.find((each) => each.level === level)?.name ?? null
  const province = nameAt('province')
  const city = nameAt('city') ?? (province?.endsWith('市') ? province : null)
  return { province, city, district: nameAt('county'), code: division.code }
}

interface ColumnReading extends DivisionReading {
  /** The cell that `span` counts in. */
  readonly source: string
}

/** The named columns, refined by the address; the street is looked for in the address. */
function readColumns(named: readonly string[], address: string, home: string | null): ColumnReading {
  const source = named.join(' ')
  const fromNames = readNames(named, home)
  const known = fromNames?.division ?? null
  if (address === '')
    return { division: known, note: fromNames?.note ?? null, span: fromNames?.span ?? null, source }
  // Beside 台江区 a 鼓楼区 is that of the same city.
  const around = known?.level === 'county' ? `${known.code.slice(0, 4)}00` : known?.code
  const fromAddress = divisionInCell(address, around ?? home)
  const refines = known === null || isMorePrecise(fromAddress.division, known)
  const reading: ColumnReading = {
    division: refines ? fromAddress.division : known,
    note: refines ? fromAddress.note : (fromNames?.note ?? contradiction(known, fromAddress.division)),
    span: fromAddress.span ?? { start: 0, end: 0 },
    source: address,
  }
  return reading.division?.level === 'county' || reading.note !== null
    ? reading
    : withShortNames(reading, home)
}

/** The columns are chosen by who knows the districts, so they count; which of the two is right is not known. */
function contradiction(known: Division, address: Division | null): DivisionNote | null {
  const isOther = address !== null && address !== known && !known.parents.includes(address)
  return isOther ? 'division-several' : null
}

/** Running text too goes on by a short name behind a full one: 苏州市昆山张浦镇. There the town has to say so. */
function readWords(text: string, home: string | null): DivisionReading {
  const words = divisionInText(text, home)
  const { division: above, note, span } = words
  if (above === null || above.level === 'county' || note !== null || span === null) return words
  for (const { division, end } of placesByShortNames(text, span.end, above, home)) {
    const isLocal = home === null || isWithin(division.code, prefectureOf(home))
    const longer = { start: span.start, end }
    if (isLocal && streetAfter(text, longer, division) !== null) return { division, note, span: longer }
  }
  return words
}

/** What the named columns say together, without the last ones where these name no division: 福州, 高新区. */
function readNames(named: readonly string[], home: string | null): DivisionReading | null {
  for (let count = named.length; count > 0; count -= 1) {
    const reading = divisionInCell(named.slice(0, count).join(' '), home)
    if (reading.division !== null || reading.note !== null) return reading
  }
  return null
}

/** An address often shortens names, 福州市闽侯上街镇 or 深圳龙岗横岗埔夏村: only there does a short name count. */
function withShortNames(reading: ColumnReading, home: string | null): ColumnReading {
  const { source, division: above } = reading
  const start = reading.span?.end ?? 0
  for (const { division, end, isSure } of placesByShortNames(source, start, above, home)) {
    const span = { start, end }
    if (isSure || streetAfter(source, span, division) !== null) return { ...reading, division, span }
  }
  return reading
}

function needsWords({ division }: ColumnReading): boolean {
  return division === null || division.level !== 'county'
}

/** Whether a division lies, or lay, within the other and so says more. */
function isMorePrecise(division: Division | null, than: Division | null): division is Division {
  return division !== null && (than === null || presentAndFormerParents(division).includes(than))
}

/** The cell, unless it only says that there is no district of one's own. */
function cellName(cell: string | null): string | null {
  const name = unspaced(foldWidth(cleanText(cell ?? '')))
  return /^(?:|市辖区|县|市本级|市直|省本级|省直|全[省市区县]|其他|其它|未知|不详|无|[-/]+|(?=.*直辖县级).*)$/.test(
    name,
  )
    ? null
    : name
}

/** Forms set names wide: 福 州 市. */
function unspaced(cell: string): string {
  const isWide = cell.charAt(1) === ' ' && cell.charAt(3) === ' '
  return isWide ? cell.replace(/(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])/g, '') : cell
}

const zone = /^(?:(?!街道|[镇乡])[\u4e00-\u9fff]){0,6}?(?:高新区|开发区|新区|园区)/
const streetLike = /^[\u4e00-\u9fff]{2,6}?(?:街道(?![路口上旁边两])|镇|乡|苏木)/
/** Words that no name of a street or town holds: the pattern then ran over something else. */
const notStreet =
  /.省|[的在有与我们某各该到从了是号]|[一二三四五六]环|路.*[镇乡]$|^[小新老县]城镇$|[乡村小古]镇$|^[老本全]街道$/

/** A county that is not in the list, before its street. */
const unknownCounty = /^[\u4e00-\u9fff]{2,3}[区县](?=[\u4e00-\u9fff]{2,}(?:街道|镇|乡|苏木)$)/

/** The street or town that directly follows a division's name. */
function streetAfter(text: string, span: DivisionReading['span'], division: Division | null): string | null {
  if (span === null) return null
  const following = afterNames(text.slice(span.end, span.end + 100), division)
    .slice(0, 24)
    .replace(zone, '')
  const street = streetLike.exec(following)?.[0].replace(unknownCounty, '')
  return street && !notStreet.test(street) ? street : null
}

/** A text without what separates names, and without the division's own and its parents' names over again. */
function afterNames(text: string, division: Division | null): string {
  const line = division === null ? [] : [...division.parents, division]
  const rest = text.replace(/^[\s_/\\|>-]+/, '')
  const again =
    line.find(({ name }) => rest.startsWith(name))?.name ??
    line.find(({ short }) => rest.startsWith(short) && isBeforeTown(rest.slice(short.length)))?.short
  return again === undefined ? rest : afterNames(rest.slice(again.length), division)
}

/** 长兴雉城镇 repeats the county before the town; 朝阳门外街道 and 长兴镇 are named so. */
function isBeforeTown(text: string): boolean {
  return streetLike.test(text) && !isNameOfOther(text)
}

/** The words that named the place. */
function spoken(text: string, span: NonNullable<DivisionReading['span']>, street: string | null): string {
  const goesOn = street !== null && text.startsWith(street, span.end)
  return text.slice(span.start, span.end + (goesOn ? street.length : 0))
}

function methodOf(fromWords: boolean, given: string | null, lat: number | null): Place['method'] {
  if (fromWords) return 'text'
  if (given !== null) return 'column'
  return lat === null ? null : 'coordinates'
}
