import { cut } from './text-table.ts'

const everyMs = 100

/** One line on a terminal that is drawn over and over. Without a terminal it does nothing. */
export class Progress {
  private readonly write: ((text: string) => void) | null
  private readonly columns: number
  private drawnAt = Number.NEGATIVE_INFINITY
  private drawn = false

  /** @param columns of the terminal: only what stays on one line can be taken away again */
  constructor(write: ((text: string) => void) | null, columns = 80) {
    this.write = write
    this.columns = columns
  }

  /** Ten times a second at most. */
  show(line: () => string): void {
    if (this.write === null) return
    const now = performance.now()
    if (now - this.drawnAt < everyMs) return
    this.drawnAt = now
    this.drawn = true
    this.write(`\r\u001b[2K${cut(line(), this.columns - 1)}`)
  }

  /** Takes the line away again. */
  clear(): void {
    if (this.drawn) this.write?.('\r\u001b[2K')
    this.drawn = false
  }
}
