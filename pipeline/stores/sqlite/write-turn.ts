/** A turn taken for longer than this belongs to a thread that died with it. */
const longestMs = 2_000

const free = 0
const taken = 1
const takenAndWanted = 2

/**
 * Lets the threads of one process take turns at writing to one file. SQLite's own lock keeps the file safe, also
 * between processes; but waiting for that one blocks the thread in sleeps of growing length, and waiting here
 * leaves it free for other work.
 */
export class WriteTurn {
  private readonly state: Int32Array<SharedArrayBuffer>

  /** @param shared four zero bytes, shared by the threads that take turns. */
  constructor(shared: SharedArrayBuffer) {
    this.state = new Int32Array(shared)
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.take()
    try {
      return await work()
    } finally {
      if (Atomics.exchange(this.state, 0, free) === takenAndWanted) Atomics.notify(this.state, 0, 1)
    }
  }

  private async take(): Promise<void> {
    if (Atomics.compareExchange(this.state, 0, free, taken) === free) return
    while (Atomics.exchange(this.state, 0, takenAndWanted) !== free) {
      const waiting = Atomics.waitAsync(this.state, 0, takenAndWanted, longestMs)
      if (waiting.async && (await waiting.value) === 'timed-out') return
    }
  }
}
