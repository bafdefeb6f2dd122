import type { z } from 'zod'
import type { Clock } from '../config/clock.ts'
import type { LocalText } from '../config/locale.ts'
import type { Logger } from '../config/logging.ts'
import type { Channel } from '../config/ticket-names.ts'

/** Where the next read resumes. Opaque outside the connector; JSON, at most 4 KiB, no secrets. */
export type Cursor = Readonly<Record<string, string | number | null>>

/** One item exactly as the source sent it. */
export interface Item {
  /** The source's own id, else a hash of what identifies the item there; equal on every read. */
  readonly externalId: string
  /** As declared by the source, for example `message/rfc822` or `text/csv; charset=gb18030`. */
  readonly mediaType: string
  readonly body: Uint8Array
  /**
   * Facts the body lacks, under the names in {@link metaNames}. Never secrets.
   * A `problem` says that the body is not what it should be (too large, unreadable); such an item is
   * archived like any other and ends in quarantine under that error code.
   */
  readonly meta: Readonly<Partial<Record<MetaName, string>>>
  /** Resume point once this item and all before it are archived. */
  readonly cursor: Cursor
}

/**
 * Names of item facts.
 *
 * - `file`, `sheet`, `row`: the file's name without its folder, the sheet's name, the 1-based row as a person counts it.
 * - `columns`: JSON array of the header's texts in order, as they stand in the file.
 * - `dates`: `1904` where numbers of the row that mean days count them from that year.
 * - `mailbox`, `uidValidity`, `uid`: where an IMAP message stands.
 * - `locator`: where the item stands at the source, in the form that `inventory` yields.
 * - `problem`, `problemDetail`: an error code of config/errors.ts, and the details that its text names, as a JSON object.
 * - `bytes`: size at the source, decimal, when the body was not taken whole.
 * - `encoding`: how text was decoded, for example `gb18030 (strict)`.
 * - `pageUrl`: address of the page an item was read from.
 */
export const metaNames = [
  ...(['file', 'sheet', 'row', 'columns', 'dates', 'mailbox', 'uidValidity', 'uid', 'locator'] as const),
  ...(['problem', 'problemDetail', 'bytes', 'encoding', 'pageUrl'] as const),
] as const
export type MetaName = (typeof metaNames)[number]

/**
 * Reads one source. Every method throws only `YiwangError`s.
 * The rules are held by connectors/connector.suite.ts, which every connector's test runs.
 */
export interface Connector {
  /** Connects and authenticates; consumes nothing. */
  open(signal: AbortSignal): Promise<void>
  /** Items after `from` (null: all that the source has), oldest first. Changes nothing at the source. */
  read(from: Cursor | null, signal: AbortSignal): AsyncIterable<Item>
  /** Tells the source that these items are archived. The only method that may change the source; may be called again. */
  ack(items: readonly Item[], signal: AbortSignal): Promise<void>
  close(): Promise<void>
  /**
   * Opens every part of the source that a read would, such as each folder of a mailbox; lists and reads nothing.
   * Left out where `open` does so.
   */
  probe?(signal: AbortSignal): Promise<void>
  /**
   * Locators (see {@link metaNames}) of everything the source now holds, without bodies, for recounting.
   * Left out where reading again from null is as cheap.
   */
  inventory?(signal: AbortSignal): AsyncIterable<string>
  /**
   * Resolves when the source may have something new, or on abort (IMAP IDLE, a file watcher). New is whatever no read
   * has listed and no earlier wait has reported, including what came while a connection was lost.
   * Left out where a source can only be asked on its schedule.
   */
  wait?(signal: AbortSignal): Promise<void>
}

/** What a connector gets besides its settings. */
export interface ConnectorContext {
  readonly sourceId: string
  /** Names the source in every line by itself. */
  readonly log: Logger
  readonly clock: Clock
}

/** What a source needs before this connector can read it. */
export type Need = 'folder' | 'login' | 'public-url' | 'browser'

/** The names in normalizers/registry.ts. */
export type NormalizerName = 'hotline' | 'email'

/** A connector's one declaration: settings, docs table and JSON Schema all come from here. */
export interface ConnectorSpec<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** As written after `connector:` in a configuration. */
  readonly kind: string
  /** Part of each ticket's provenance. Increase it when the same source would give other items. */
  readonly version: string
  readonly name: LocalText
  readonly summary: LocalText
  /** The canonical ticket's `channel` unless the source says otherwise. */
  readonly channel: Channel
  /** Which normalizer interprets the items. It also reads settings of the source by name: see normalizers/README.md. */
  readonly normalizer: NormalizerName
  /**
   * Every field is described in both languages by `describe('English / 中文')` and has its default here. The value of
   * a field `path`, or one that ends in `Path`, is made absolute. `yiwang import` may set `path` to a single file, and
   * `settleMs` to 0 with it.
   */
  readonly settings: z.ZodObject<Shape>
  /** A working source entry in YAML, indented for the `sources:` list; loaded by a test. */
  readonly example: string
  readonly needs: readonly Need[]
  readonly risks: readonly LocalText[]
  connect(settings: z.output<z.ZodObject<Shape>>, context: ConnectorContext): Connector
}
