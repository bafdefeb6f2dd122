import { mkdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fittingName } from '../file-name.ts'
import { moveHeldFile, moveIfThere } from '../move-file.ts'
import { type ExportFile, exportFile } from './export-folder.ts'
import type { HotlineExportSettings } from './settings.ts'

interface Content {
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ino: bigint
}

interface Count {
  readonly file: ExportFile
  readonly content: Content
  /** Items acknowledged without a gap, and those beyond the gap. */
  done: number
  readonly ahead: Set<number>
  total: number | null
  stays: boolean
}

/** Counts acknowledged items per file, and moves or deletes a file once all of its items are. */
export class AcknowledgedFiles {
  readonly #settings: HotlineExportSettings
  readonly #counts = new Map<string, Count>()

  constructor(settings: HotlineExportSettings) {
    this.#settings = settings
  }

  /** A file is being read; its first `done` items were acknowledged in an earlier run. */
  start(file: ExportFile, content: Content, done: number): void {
    if (this.#settings.afterArchive === 'keep') return
    this.#counts.set(file.id, { file, content, done, ahead: new Set(), total: null, stays: false })
  }

  /** Keeps a file of which not everything became an item, because the rest exists only in the file. */
  stay(file: ExportFile, unread: 'part' | 'whole'): void {
    const count = this.#counts.get(file.id)
    if (count !== undefined && (unread === 'whole' || this.#settings.afterArchive === 'delete'))
      count.stays = true
  }

  /**
   * Item number `item` (1-based) is archived; `items` is their number, null before the last.
   * Does nothing for files that another process has read; that process counts their items.
   * @throws file system errors
   */
  async acknowledge(fileId: string, item: number, items: number | null): Promise<void> {
    const count = this.#counts.get(fileId)
    if (count === undefined) return
    if (item > count.done) count.ahead.add(item)
    while (count.ahead.delete(count.done + 1)) count.done += 1
    count.total = items ?? count.total
    if (count.total === null || count.done < count.total) return
    if (!count.stays) await this.#remove(count)
    this.#counts.delete(fileId)
  }

  /** Renames the file first and then checks what was renamed: if another export has replaced it meanwhile, it is put back unread. */
  async #remove({ file, content }: Count): Promise<void> {
    const folder = dirname(file.path)
    const held = join(folder, fittingName(`.${file.id}.`, file.name))
    const now = await stat(file.path, { bigint: true }).catch(() => null)
    if (now === null || exportFile(file.path, now).id !== file.id) return
    // Before the file is taken out of the way, because this is what fails most.
    const target = this.#settings.afterArchive === 'move' ? await this.#target(file) : null
    if (!(await moveIfThere(file.path, held))) return
    const spare = join(folder, fittingName(`${file.id}-`, file.name))
    const taken = await stat(held, { bigint: true })
    if (taken.ino !== content.ino || taken.size !== content.size || taken.mtimeNs !== content.mtimeNs) {
      await rename(held, spare)
    } else if (target === null) await unlink(held)
    else await moveHeldFile(held, target, { name: file.path, spare })
  }

  async #target({ path, name, id }: ExportFile): Promise<string> {
    const folder = this.#settings.archivePath ?? join(dirname(path), 'archived')
    await mkdir(folder, { recursive: true })
    const plain = join(folder, fittingName('', name))
    if ((await stat(plain).catch(() => null)) === null) return plain
    return join(folder, fittingName('', name, `-${id}`))
  }
}
