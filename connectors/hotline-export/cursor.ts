import type { Cursor } from '../connector.ts'
import { shortHash } from '../short-hash.ts'
import type { ExportFile } from './export-folder.ts'
import type { HotlineExportSettings } from './settings.ts'

/** Files changed this long before the newest one that is done are still compared by identity. */
const overlapNs = 3_600_000_000_000n
/** Identities that fit into a cursor of 4 KiB. */
const maxRecent = 150
/** Items before the resume point that are given again. */
const overlapItems = 20

/**
 * A place in the order of a folder's files. Many files may share one ctime, so the ctime alone is no place:
 * `tied` is a hash of the files of this ctime up to here. It fits no longer once one of them is gone or new.
 */
interface Place {
  readonly ctimeNs: bigint
  readonly tied: string
}

/** What a cursor says. */
interface Start {
  /** Everything up to here is done. */
  readonly floor: Place
  readonly newestNs: bigint
  /** Identities of done files beyond the floor. */
  readonly recent: ReadonlySet<string>
  readonly resume: { readonly id: string; readonly item: number } | null
}

const beginning: Start = {
  floor: { ctimeNs: 0n, tied: '' },
  newestNs: 0n,
  recent: new Set(),
  resume: null,
}

/**
 * How far a folder is read. Files are taken in order of their ctime, the time that a file system sets itself
 * whenever a file appears under a name or changes: an export copied in late with an old mtime is new by it.
 */
export class Progress {
  readonly #scope: string
  readonly #listedToNs: bigint
  /** Files beyond the floor that the read began with, in order. */
  readonly #beyond = new Map<string, Place & { readonly at: number }>()
  readonly #start: Start
  /** What the next cursors say. */
  readonly #recent: Set<string>
  #floor: Place
  #newestNs: bigint
  #base: Cursor | null = null

  /**
   * @param files all that there is to read, in order of their ctime.
   * @param listedToNs `files` holds everything that changed before this time, in nanoseconds since 1970.
   */
  constructor(from: Cursor | null, scope: string, files: readonly ExportFile[], listedToNs: bigint) {
    this.#scope = scope
    this.#listedToNs = listedToNs
    this.#start = startOf(from, scope, listedToNs)
    this.#floor = this.#start.floor
    this.#newestNs = this.#start.newestNs
    let place: Place = { ctimeNs: -1n, tied: '' }
    for (const [at, file] of files.entries()) {
      if (file.ctimeNs < this.#floor.ctimeNs) continue
      place = placeAfter(place, file)
      if (isSame(place, this.#floor)) this.#beyond.clear()
      else this.#beyond.set(file.id, { ...place, at })
    }
    this.#recent = new Set([...this.#start.recent].filter((id) => this.#beyond.has(id)))
  }

  /** How many items of a file to pass over; null when the file is done. */
  startOf({ id }: ExportFile): number | null {
    const { recent, resume } = this.#start
    if (!this.#beyond.has(id) || recent.has(id)) return null
    return resume?.id === id ? Math.max(0, resume.item - overlapItems) : 0
  }

  /** The cursor after item number `item` (1-based) of a file that goes on. */
  inside(file: ExportFile, item: number): Cursor {
    this.#base ??= this.#cursor(file.id)
    return { ...this.#base, item }
  }

  /** Marks a file as done, all before it being so; the cursor after its last item. */
  complete(file: ExportFile, items: number): Cursor {
    this.#recent.add(file.id)
    if (file.ctimeNs > this.#newestNs) this.#newestNs = file.ctimeNs
    // A time to come, from a clock that was wrong, is no reason to pass over what appears until then.
    if (this.#newestNs > this.#listedToNs) this.#newestNs = this.#listedToNs
    this.#prune()
    this.#base = null
    return { ...this.#cursor(file.id), item: items, items }
  }

  #cursor(file: string): Cursor {
    return {
      scope: this.#scope,
      floor: String(this.#floor.ctimeNs),
      tied: this.#floor.tied,
      newest: String(this.#newestNs),
      recent: [...this.#recent].join(' '),
      file,
      item: 0,
      items: null,
    }
  }

  /** Raises the floor to where the overlap begins, and further where the identities beyond it are too many. */
  #prune(): void {
    const overlapped = this.#newestNs - overlapNs
    if (overlapped > this.#floor.ctimeNs) this.#floor = { ctimeNs: overlapped, tied: '' }
    const places = [...this.#recent].flatMap((id) => {
      const place = this.#beyond.get(id)
      return place === undefined ? [] : [{ id, ...place }]
    })
    const byAge = places.toSorted((one, other) => one.at - other.at)
    for (const [index, { id, ctimeNs, tied }] of byAge.entries()) {
      if (ctimeNs < this.#floor.ctimeNs) this.#recent.delete(id)
      else if (byAge.length - index > maxRecent) {
        this.#recent.delete(id)
        this.#floor = { ctimeNs, tied }
      }
    }
  }
}

/** A cursor of other settings is of no use: then everything is read again, and ids absorb the repeats. */
function startOf(from: Cursor | null, scope: string, listedToNs: bigint): Start {
  if (from === null || from.scope !== scope) return beginning
  const { floor, tied, newest, recent, file, item, items } = from
  if (typeof tied !== 'string' || typeof recent !== 'string') return beginning
  const [ctimeNs, newestNs] = [floor, newest].map(nanoseconds)
  if (ctimeNs === undefined || newestNs === undefined) return beginning
  // The clock was set back: what appears now would be passed over.
  if (ctimeNs > listedToNs) return beginning
  const isInside = typeof file === 'string' && typeof item === 'number' && items === null
  return {
    floor: { ctimeNs, tied },
    newestNs,
    recent: new Set(recent.split(' ')),
    resume: isInside ? { id: file, item } : null,
  }
}

function nanoseconds(value: Cursor[string] | undefined): bigint | undefined {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined
}

function placeAfter(before: Place, { id, ctimeNs }: ExportFile): Place {
  const tied = before.ctimeNs === ctimeNs ? before.tied : ''
  return { ctimeNs, tied: shortHash(`${tied} ${id}`) }
}

function isSame(one: Place, other: Place): boolean {
  return one.ctimeNs === other.ctimeNs && one.tied === other.tied
}

/** Names what a cursor was made for. Settings that change what is read change it. */
export function scopeOf(settings: HotlineExportSettings, version: string): string {
  const { settleMs, afterArchive, archivePath, dateOrder, ...reading } = settings
  return shortHash(JSON.stringify([version, reading]))
}
