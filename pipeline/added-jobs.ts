import type { Output } from './relay.ts'
import type { Lease, Reindexing } from './stores/store.ts'

/** What an operator has to know of the jobs on the queues, by its code. */
export type Oddity = 'QUEUE_LOST' | 'QUEUE_SHARED'

/**
 * Redis counts the jobs that are added to a queue, and the store keeps what that count can be. A lower one tells that
 * Redis has gone back to an earlier state; a higher one that the store has, or that another store adds jobs too.
 */
export class AddedJobs {
  private readonly store: Pick<Reindexing, 'progress' | 'saveProgress'>
  private readonly place: string
  private readonly isMissed: () => Promise<boolean>
  private readonly tell: (oddity: Oddity) => void

  /**
   * @param place of the queues: their Redis and prefix, without a space
   * @param isMissed whether an output took something that is not known to be delivered
   */
  constructor(
    store: AddedJobs['store'],
    place: string,
    isMissed: AddedJobs['isMissed'],
    tell: AddedJobs['tell'],
  ) {
    this.store = store
    this.place = place
    this.isMissed = isMissed
    this.tell = tell
  }

  async lookForLoss(output: Output): Promise<void> {
    // In this order: another process may be adding jobs meanwhile.
    const { least } = await this.bounds(output)
    const added = await output.queue.added()
    if (added < least) await this.meetLoss(output, added)
  }

  /**
   * To be called right before jobs are added; whoever dies meanwhile does not know how many were.
   * @param lease under which they are added
   * @throws YiwangError LEASE_LOST
   */
  async prepare(output: Output, lease: Lease): Promise<void> {
    const { least, most } = await this.bounds(output)
    const added = await output.queue.added()
    if (added < least) await this.meetLoss(output, added)
    if (added > most) this.tell('QUEUE_SHARED')
    // Where a connection breaks, some are sent twice, so that nothing is known of how many there will be.
    await this.keep(output, added, Number.POSITIVE_INFINITY, lease)
  }

  /** To be called once nothing is under way. @throws YiwangError LEASE_LOST: another process adds jobs by now */
  async settle(output: Output, lease: Lease): Promise<void> {
    const { least } = await this.bounds(output)
    const added = await output.queue.added()
    if (added < least) await this.meetLoss(output, added)
    else await this.keep(output, added, added, lease)
  }

  /** What downstream has completed is no loss. */
  private async meetLoss(output: Output, added: number): Promise<void> {
    await this.keep(output, added)
    if (await this.isMissed()) this.tell('QUEUE_LOST')
  }

  private async bounds(output: Output): Promise<{ readonly least: number; readonly most: number }> {
    const kept = await this.store.progress(nameOf(output))
    const [least = '0', most = 'Infinity', place] = kept?.split(' ') ?? []
    // Of jobs at another place nothing is known, and this store may have added them.
    return { least: Number(least), most: place === this.place ? Number(most) : Number.POSITIVE_INFINITY }
  }

  private async keep(
    output: Output,
    least: number,
    most = Number.POSITIVE_INFINITY,
    lease?: Lease,
  ): Promise<void> {
    await this.store.saveProgress(nameOf(output), `${least} ${most} ${this.place}`, lease)
  }
}

function nameOf({ settings }: Output): string {
  return `added.${settings.queue}`
}
