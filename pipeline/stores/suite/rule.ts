import type { BlobStore, Store } from '../store.ts'

/** Opens what is tested. Every call is a further connection to the same, at first empty, database or folder. */
export type Open<Subject> = () => Promise<Subject>

/** One promise of a port, with an implementation that breaks it. */
export interface Rule<Subject> {
  /** A sentence of behaviour. */
  readonly name: string
  /** @throws AssertionError when the rule is broken */
  check(open: Open<Subject>): Promise<void>
  /** What the broken implementation does wrong, to be read after "an implementation that". */
  readonly breach: string
  /** The same implementation with this one fault; `check` must fail on it. */
  broken(subject: Subject): Subject
}

export type StoreRule = Rule<Store>
export type BlobRule = Rule<BlobStore>
