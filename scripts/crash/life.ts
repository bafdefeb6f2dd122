import { randomBytes } from 'node:crypto'
import { systemClock as clock } from '../../config/clock.ts'
import { createLogger } from '../../config/logging.ts'
import type { Settings } from '../../config/settings.ts'
import { connectorSpecs } from '../../connectors/registry.ts'
import { AddedJobs } from '../../pipeline/added-jobs.ts'
import { drain } from '../../pipeline/drain.ts'
import { intake } from '../../pipeline/intake.ts'
import { interpretersFor } from '../../pipeline/interpreters.ts'
import { type KeptLease, keepLease, processingLease } from '../../pipeline/lease-keeper.ts'
import { type RelayOptions, relay } from '../../pipeline/relay.ts'
import { openBlobs, openStore } from '../../pipeline/stores/open-store.ts'
import { TicketQueue } from '../../pipeline/ticket-queue.ts'
import { Countdown } from './countdown.ts'

/** What one life of the crash test does: one pull, one drain and one relay, and it stands still on the way if told to. */
export interface CrashOrder {
  readonly settings: Settings
  readonly killAfter: number | null
}

/**
 * Pulls, drains and relays once, and stands still on the way if told to.
 * @param onStill called there; what is returned never ends then
 * @returns the number of awaited calls
 */
export async function live({ settings, killAfter }: CrashOrder, onStill = () => {}): Promise<number> {
  const countdown = new Countdown(killAfter, onStill)
  const log = createLogger(settings.log)
  const signal = new AbortController().signal
  const realStore = await openStore(settings, { randomBytes })
  const store = countdown.watch(realStore)
  const blobs = countdown.watch(await openBlobs(settings, realStore))
  const interpreters = await interpretersFor(settings, 'secret')
  const { timeZone, processing, dedupe } = settings
  // A lease is renewed by the clock: counted, the calls of a slow life would be more than those of a quick one.
  const leases = { ...store, renew: realStore.renew }
  const mustKeep = async (name: string): Promise<KeptLease> => {
    const kept = await keepLease(leases, name, processing.leaseMs)
    if (kept === null) throw new Error(`the lease ${name} is held`)
    return kept
  }

  for (const source of settings.sources) {
    const spec = connectorSpecs.get(source.connector)
    if (spec === undefined) throw new Error(`no connector ${source.connector}`)
    const context = { sourceId: source.id, log, clock }
    const connector = countdown.watch(spec.connect(source.settings, context))
    const lease = await mustKeep(`source.${source.id}`)
    await connector.open(signal)
    const { batchSize } = processing
    const common = { sourceId: source.id, timeZone, clock, signal, batchSize }
    await intake({ ...common, connector, store, lease, follow: true, onBatch: () => {} })
    await connector.close()
    await lease.release()
  }

  const lease = await mustKeep(processingLease)
  await drain({
    ...{ store, blobs, interpreters, dedupe, timeZone, clock, log, signal },
    ...{ batchSize: processing.batchSize, maxAttempts: processing.maxAttempts },
    ...{ lease: lease.lease, careful: lease.lease.takenOver, random: Math.random, onBatch: () => {} },
  })
  const [output] = settings.outputs
  if (output === undefined) throw new Error('no output')
  const queue = new TicketQueue(output, settings.redis, () => {})
  const outputs = [{ settings: output, queue: countdown.watch(queue) }]
  const redisUrl = settings.redis.url
  const isMissed = () => Promise.resolve(false)
  const added = new AddedJobs(store, settings.redis.prefix, isMissed, () => {})
  const prepare: RelayOptions['prepare'] = (to) => added.prepare(to, lease.lease)
  await relay({ store, outputs, redisUrl, timeZone, clock, signal, prepare, onBatch: () => {} })
  for (const to of outputs) await added.settle(to, lease.lease)
  await lease.release()
  await queue.close()
  await blobs.close()
  await realStore.close()
  return countdown.calls
}
