export interface Coordinates {
  /** Degrees, WGS 84 or GCJ-02 as the source has it; null where not given or not possible. */
  readonly lat: number | null
  readonly lon: number | null
  readonly note: 'coordinates-swapped' | 'coordinates-invalid' | null
}

/** China with its seas, in degrees: what tells a swapped pair from a right one. */
const china = { lat: [3, 54], lon: [73, 136] } as const

/** Reads a pair of decimal degrees. 0,0 is what systems write for "none"; a swapped pair is put right. */
export function readCoordinates(
  latCell: string | number | null,
  lonCell: string | number | null,
): Coordinates {
  const lat = toNumber(latCell)
  const lon = toNumber(lonCell)
  if ((lat === null || lat === 0) && (lon === null || lon === 0)) return { lat: null, lon: null, note: null }
  if (lat === null || lon === null || !Number.isFinite(lat) || !Number.isFinite(lon)) return invalid
  if (isIn(lon, china.lat) && isIn(lat, china.lon)) return { lat: lon, lon: lat, note: 'coordinates-swapped' }
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon, note: null } : invalid
}

const invalid: Coordinates = { lat: null, lon: null, note: 'coordinates-invalid' }

/** Null where nothing was given, NaN where it is no number. */
function toNumber(cell: string | number | null): number | null {
  if (cell === null) return null
  if (typeof cell === 'number') return cell
  const text = cell.trim().replace(/[°度]$/, '')
  if (/^(?:|[-/]|无|null)$/i.test(text)) return null
  return /^[+-]?\d{1,3}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}

function isIn(value: number, [from, until]: readonly [number, number]): boolean {
  return value >= from && value <= until
}
