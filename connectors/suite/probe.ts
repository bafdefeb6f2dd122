import assert from 'node:assert/strict'
import { YiwangError } from '../../config/errors.ts'
import type { Connector, Cursor, Item } from '../connector.ts'
import type { ConnectorHarness } from './harness.ts'

/** How long any single step of a connector may take in these rules. */
const boundMs = 40_000

/** Uses a connector that is opened for it and closed after it. */
export async function opened<Value>(
  harness: ConnectorHarness,
  use: (connector: Connector) => Promise<Value>,
): Promise<Value> {
  const connector = harness.connect()
  try {
    await bounded(connector.open(never()), 'open')
    return await use(connector)
  } finally {
    await bounded(connector.close(), 'close')
  }
}

/** All items from a cursor on. */
export async function readAll(connector: Connector, from: Cursor | null = null): Promise<readonly Item[]> {
  return bounded(collect(connector.read(from, never())), 'read')
}

/** A cursor as it comes back from a store. */
export function stored(cursor: Cursor): Cursor {
  return JSON.parse(JSON.stringify(cursor)) as Cursor
}

/** The same promise; rejects where it takes longer than any step of a connector may. @param what for the message */
export async function bounded<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what}: no end` })), boundMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

type Attempt<Value> = { readonly value: Value; readonly thrown: null } | { readonly thrown: object }

/** What came of it, one way or the other. Never rejects. */
export async function attempt<Value>(promise: Promise<Value>): Promise<Attempt<Value>> {
  return promise.then(
    (value) => ({ value, thrown: null }),
    (thrown: unknown) => ({ thrown: Object(thrown) }),
  )
}

/** Fails unless this is an error of the catalogue, and no bug. @param thrown null: nothing was */
export function assertYiwangError(thrown: object | null): void {
  if (thrown instanceof assert.AssertionError) throw thrown
  if (!(thrown instanceof YiwangError))
    throw new assert.AssertionError({ message: `${thrown ?? 'nothing'} was thrown, not a YiwangError` })
  assert.notEqual(thrown.kind, 'bug', thrown.message)
}

/** Fails unless each of the texts stands in one of the items. */
export function assertHolds(items: readonly Item[], texts: readonly string[]): void {
  const bodies = items.map(bodyText)
  for (const text of texts)
    assert.ok(
      bodies.some((body) => body.includes(text)),
      `${text} was not read`,
    )
}

/** Fails unless each item that is wanted is among these, with the same body. */
export function assertCovers(items: readonly Item[], wanted: readonly Item[]): void {
  const found = new Map(items.map((item) => [item.externalId, bodyText(item)]))
  for (const item of wanted) assert.equal(found.get(item.externalId), bodyText(item), 'an item is missing')
}

/** What makes items equal to the archive. */
export function fingerprints(items: readonly Item[]): readonly string[] {
  return items.map((item) => `${item.externalId} ${item.mediaType} ${bodyText(item)}`)
}

export function bodyText(item: Item): string {
  return Buffer.from(item.body).toString('latin1')
}

/** All that people may be shown of an error; empty for what is none of the catalogue. */
export function shownBy(thrown: object | null): string {
  return thrown instanceof YiwangError ? `${thrown.message} ${JSON.stringify(thrown.details)}` : ''
}

/** Whether a cursor may hold this. */
export function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'string' || Number.isFinite(value)
}

/** A signal that never aborts. */
export function never(): AbortSignal {
  return new AbortController().signal
}

export async function collect(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
