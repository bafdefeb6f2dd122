import { createHash } from 'node:crypto'
import { base32 } from '../base32.ts'
import type { Cursor } from '../connector.ts'
import type { ExportFile } from './export-folder.ts'
import type { HotlineExportSettings } from './settings.ts'

/** Files changed this long before the newest one that is done are still compared by identity. */
const overlapNs = 3_600_000_000_000n
/** Identities that fit into a cursor of 4 KiB. */
const maxRecent = 150
/** Items before the resume point that are given again. */
const overlapItems = 20

/**
 * How far a folder is read. Files are taken in order of their ctime, the time that a file system sets itself
 * whenever a file appears under a name or changes: an export copied in late with an old mtime is new by it.
 */
export class Progress {
  readonly #scope: string
  /** Every file with an earlier ctime is done. */
  #floorNs = 0n
  #newestNs = 0n
  /** Identities of the done files from the floor on, with their ctime where known. */
  readonly #recent = new Map<string, bigint | null>()
  #resume: { readonly id: string; readonly item: number } | null = null
  #base: Cursor | null = null

  /** A cursor of other settings is of no use: then everything is read again, and ids absorb the repeats. */
  constructor(from: Cursor | null, scope: string) {
    this.#scope = scope
    if (from === null || from.scope !== scope) return
    const { floor, newest, recent, file, item, items } = from
    if (typeof floor !== 'string' || typeof newest !== 'string' || typeof recent !== 'string') return
    if (!/^\d{1,20}$/.test(floor) || !/^\d{1,20}$/.test(newest)) return
    this.#floorNs = BigInt(floor)
    this.#newestNs = BigInt(newest)
    for (const id of recent.split(' ')) if (id !== '') this.#recent.set(id, null)
    if (typeof file === 'string' && typeof item === 'number' && items === null)
      this.#resume = { id: file, item }
  }

  /** How many items of a file to pass over; null when the file is done. */
  startOf(file: ExportFile): number | null {
    if (this.#recent.has(file.id)) {
      this.#recent.set(file.id, file.ctimeNs)
      return null
    }
    if (this.#resume?.id === file.id) return Math.max(0, this.#resume.item - overlapItems)
    return file.ctimeNs < this.#floorNs ? null : 0
  }

  /** The cursor after item number `item` (1-based) of a file that goes on. */
  inside(file: ExportFile, item: number): Cursor {
    this.#base ??= this.#cursor(file.id)
    return { ...this.#base, item }
  }

  /** Marks a file as done; the cursor after its last item. */
  complete(file: ExportFile, items: number): Cursor {
    this.#recent.set(file.id, file.ctimeNs)
    if (file.ctimeNs > this.#newestNs) this.#newestNs = file.ctimeNs
    this.#prune()
    this.#base = null
    return { ...this.#cursor(file.id), item: items, items }
  }

  #cursor(file: string): Cursor {
    return {
      scope: this.#scope,
      floor: String(this.#floorNs),
      newest: String(this.#newestNs),
      recent: [...this.#recent.keys()].join(' '),
      file,
      item: 0,
      items: null,
    }
  }

  #prune(): void {
    const floor = this.#newestNs - overlapNs
    if (floor > this.#floorNs) this.#floorNs = floor
    const byAge = [...this.#recent].toSorted(([, a], [, b]) => Number((a ?? 0n) - (b ?? 0n)))
    for (const [id, ctimeNs] of byAge.slice(0, Math.max(0, byAge.length - maxRecent))) {
      this.#recent.delete(id)
      if (ctimeNs !== null && ctimeNs >= this.#floorNs) this.#floorNs = ctimeNs + 1n
    }
    for (const [id, ctimeNs] of this.#recent) {
      if (ctimeNs !== null && ctimeNs < this.#floorNs) this.#recent.delete(id)
    }
  }
}

/** Names what a cursor was made for. Settings that change what is read change it. */
export function scopeOf(settings: HotlineExportSettings, version: string): string {
  const { settleMs, afterArchive, archivePath, dateOrder, ...reading } = settings
  return base32(
    createHash('sha256')
      .update(JSON.stringify([version, reading]))
      .digest(),
    16,
  )
}
