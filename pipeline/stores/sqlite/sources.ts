import type { Database } from './database.ts'

/**
 * Sources by number: rows name their source in one byte instead of its whole id. What is known is forgotten with each
 * rollback: a number that was undone may be given to another source.
 */
export class Sources {
  readonly #db: Database
  readonly #numbers = new Map<string, number>()
  readonly #ids = new Map<number, string>()
  #rollbacks = 0

  constructor(db: Database) {
    this.#db = db
  }

  /** The number of a source that the store knows. */
  find(id: string): number | undefined {
    this.#forgetUndone()
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    const row = this.#db.row<{ no: number }>('SELECT no FROM sources WHERE id = ?', id)
    if (row) this.#numbers.set(id, row.no)
    return row?.no
  }

  /** The number of a source, given on first sight. Call it in a write transaction. */
  number(id: string): number {
    return this.find(id) ?? this.#db.insert('INSERT INTO sources (id) VALUES (?)', id)
  }

  id(number: number): string {
    this.#forgetUndone()
    const known = this.#ids.get(number)
    if (known !== undefined) return known
    const id = this.#db.row<{ id: string }>('SELECT id FROM sources WHERE no = ?', number)?.id
    if (id === undefined) throw new Error(`source number ${number} has no row`)
    this.#ids.set(number, id)
    return id
  }

  #forgetUndone(): void {
    if (this.#rollbacks === this.#db.rollbacks) return
    this.#rollbacks = this.#db.rollbacks
    this.#numbers.clear()
    this.#ids.clear()
  }
}
