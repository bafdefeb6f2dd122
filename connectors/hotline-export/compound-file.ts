/** The streams of a compound file, the container of XLS and of encrypted XLSX ([MS-CFB]). */
export interface CompoundFile {
  /** Names of the streams in lower case. */
  readonly names: ReadonlySet<string>
  /** The bytes of the stream of this name, in whatever case. @throws RangeError where the file ends before it does */
  stream(name: string): Uint8Array
}

interface Entry {
  readonly name: string
  /** 2 for a stream, 5 for the root. */
  readonly type: number
  readonly start: number
  readonly bytes: number
}

const lastSector = 0xfffffffa
const entryBytes = 128
const headerFatSectors = 109
const miniSectorBytes = 64

/** @throws RangeError where the file is damaged or cut off */
export function openCompoundFile(bytes: Uint8Array): CompoundFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sectorBytes = 1 << view.getUint16(30, true)
  if (sectorBytes !== 512 && sectorBytes !== 4096) throw new RangeError('sector size')
  const sectors = new Sectors(bytes, sectorBytes)
  const fat = fatOf(view, sectors, sectorBytes)
  const directory = sectors.join(chain(fat, view.getUint32(48, true)))
  const entries = entriesOf(directory)
  const miniLimit = view.getUint32(56, true)
  const mini = () => {
    const root = entries.find(({ type }) => type === 5)
    const content = sectors.join(chain(fat, root?.start ?? lastSector))
    const miniFat = numbers(sectors.join(chain(fat, view.getUint32(60, true))))
    return { sectors: new Sectors(content, miniSectorBytes, 0), fat: miniFat }
  }
  const streams = new Map(
    entries.filter(({ type }) => type === 2).map((entry) => [entry.name.toLowerCase(), entry]),
  )
  return {
    names: new Set(streams.keys()),
    stream: (name) => {
      const entry = streams.get(name.toLowerCase())
      if (entry === undefined || entry.bytes === 0) return new Uint8Array()
      const from = entry.bytes < miniLimit ? mini() : { sectors, fat }
      const whole = from.sectors.join(chain(from.fat, entry.start))
      if (whole.length < entry.bytes) throw new RangeError('a stream ends too early')
      return whole.subarray(0, entry.bytes)
    },
  }
}

/** Parts of equal size; the first of a file stands behind its header. */
class Sectors {
  readonly #bytes: Uint8Array
  readonly #size: number
  readonly #first: number

  constructor(bytes: Uint8Array, size: number, first = size) {
    this.#bytes = bytes
    this.#size = size
    this.#first = first
  }

  /** One after the other. The last one of a file may be short. */
  join(sectors: readonly number[]): Uint8Array {
    const parts = sectors.map((sector) => {
      const at = this.#first + sector * this.#size
      if (at >= this.#bytes.length) throw new RangeError('a sector is missing')
      return this.#bytes.subarray(at, at + this.#size)
    })
    return Buffer.concat(parts)
  }
}

function chain(fat: readonly number[], start: number): readonly number[] {
  const sectors: number[] = []
  for (let sector = start; sector < lastSector; sector = fat[sector] ?? lastSector) {
    if (sectors.length > fat.length) throw new RangeError('sectors without end')
    sectors.push(sector)
  }
  return sectors
}

/** The table of which sector follows which: 109 of its own sectors stand in the header, the others in a chain. */
function fatOf(view: DataView, sectors: Sectors, sectorBytes: number): readonly number[] {
  const count = view.getUint32(44, true)
  if (count * sectorBytes > view.byteLength) throw new RangeError('size of the table')
  const own = Array.from({ length: headerFatSectors }, (_, index) => view.getUint32(76 + index * 4, true))
  let next = view.getUint32(68, true)
  for (let left = view.getUint32(72, true); left > 0 && next < lastSector && own.length < count; left -= 1) {
    const more = numbers(sectors.join([next]))
    next = more.at(-1) ?? lastSector
    own.push(...more.slice(0, -1))
  }
  return numbers(sectors.join(own.slice(0, count).filter((sector) => sector < lastSector)))
}

function entriesOf(directory: Uint8Array): readonly Entry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength)
  return Array.from({ length: Math.floor(directory.length / entryBytes) }, (_, index) => {
    const at = index * entryBytes
    const nameBytes = Math.max(0, Math.min(64, view.getUint16(at + 64, true)) - 2)
    const name = new TextDecoder('utf-16le').decode(directory.subarray(at, at + nameBytes))
    const [start, bytes] = [view.getUint32(at + 116, true), view.getUint32(at + 120, true)]
    return { name, type: view.getUint8(at + 66), start, bytes }
  })
}

function numbers(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(index * 4, true))
}
