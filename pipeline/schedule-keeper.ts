import type { Clock } from '../config/clock.ts'
import type { Logger } from '../config/logging.ts'
import type { Settings } from '../config/settings.ts'
import type { Outputs } from './outputs.ts'
import {
  lookAtSchedules,
  removeOtherSchedules,
  removeSchedules,
  type SchedulesLook,
  setUpSchedules,
  type WorkQueues,
} from './schedules.ts'

interface KeeperParts {
  readonly settings: Settings
  readonly outputs: Pick<Outputs, 'isForgotten' | 'tell'>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Keeps the schedules and limits in Redis as configured, also after Redis was wiped or has lost a part, or the clock
 * was set back.
 */
export class ScheduleKeeper {
  /** Whether the schedules were set up since the start. */
  hasBegun = false
  private look: SchedulesLook | null = null
  private isToldOfClocks = false
  private readonly parts: KeeperParts
  private readonly queues: WorkQueues

  constructor(parts: KeeperParts, queues: WorkQueues) {
    this.parts = parts
    this.queues = queues
  }

  /** Sets the schedules up; when that is done, looks after them. Throws what BullMQ throws. */
  async keep(): Promise<void> {
    const { settings, clock, outputs } = this.parts
    const before = this.look
    this.look = this.hasBegun ? await lookAtSchedules(settings, this.queues, clock(), before) : null
    const hasLost = this.look === null ? await this.begin() : await this.mend(this.look, before)
    this.hasBegun = true
    // Once it takes writes: until then this would be said again and again.
    if (hasLost) outputs.tell('QUEUE_LOST')
  }

  /** Returns whether Redis has lost data. */
  private async begin(): Promise<boolean> {
    const { settings, outputs } = this.parts
    // Only at the start: a process with another configuration would do the same to this one in turn.
    await removeOtherSchedules(settings, this.queues)
    // Before the start it may have been wiped; then the schedules tell nothing.
    const isForgotten = await outputs.isForgotten()
    await setUpSchedules(settings, this.queues)
    return isForgotten
  }

  /** Returns whether Redis has lost data. */
  private async mend({ state }: SchedulesLook, before: SchedulesLook | null): Promise<boolean> {
    const { settings, log } = this.parts
    if (state === 'lost') await setUpSchedules(settings, this.queues)
    if (state === 'ahead') {
      log.warn('the clock was set back, or other machines have another time; schedules begin anew')
      await removeSchedules(settings, this.queues)
      // That was no start, which may have mended a login that is refused.
      await setUpSchedules(settings, this.queues, {})
    }
    // Once alone it may be the last drain before the clock was set back.
    if (state === 'elsewhere' && before?.state === state && !this.isToldOfClocks) {
      log.warn('the clock of another machine is ahead by more than a minute; set both by NTP')
      this.isToldOfClocks = true
    }
    return state === 'lost'
  }
}
