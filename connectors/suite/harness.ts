import type { Connector } from '../connector.ts'

/**
 * What a connector can do beyond the contract's minimum; rules that need it run only where it is named.
 * `exact`: reading from a cursor gives nothing again that was read before it (otherwise windows overlap).
 * `remote`: the source is a server, which may fall silent.
 */
export type Trait = 'inventory' | 'wait' | 'exact' | 'remote'

/** A real source under a test's hand, fresh and empty when created. */
export interface ConnectorHarness {
  /**
   * Puts items at the source, newer than all before, ready to be read when it resolves. The rules put few:
   * where the source gives pages, they should be of two.
   * Gives for each, in order, an ASCII text that stands in its body and in no other item's.
   */
  add(count: number): Promise<readonly string[]>
  /** A new connector on this source, not yet opened. */
  connect(): Connector
  /** The same kind of connector on a source that is not there. */
  connectNowhere(): Connector
  /** The same, on a server that takes the connection and never answers; it is waited for as long as given. Of `remote` ones. */
  connectSilent?(timeoutMs: number): Connector
  /** Everything about the source that reading must not change, as text. */
  state(): Promise<string>
  /** Texts from the settings that must never leave the connector. */
  readonly secrets: readonly string[]
  dispose(): Promise<void>
}

export interface ConnectorRule {
  readonly name: string
  readonly needs?: Trait
  /** @throws AssertionError when the connector breaks the rule. */
  check(harness: ConnectorHarness): Promise<void>
}
