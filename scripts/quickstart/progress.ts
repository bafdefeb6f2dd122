import type { Locale } from '../../config/locale.ts'
import type { CollectProgress } from '../../pipeline/app.ts'
import { message } from '../cli/messages.ts'

/** Where progress goes; `process.stderr` is one. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const lineEveryMs = 1000

/** Shows how far a collection has come: one line that is rewritten on a terminal, else a line a second. */
export function progressOn(screen: Screen, clock: () => number, locale: Locale) {
  let shownAt = Number.NEGATIVE_INFINITY
  let last = ''
  const show = (text: string) => screen.write(screen.isTTY === true ? `\r\u001b[K${text}` : `${text}\n`)
  return {
    report(counts: CollectProgress): void {
      last = `  ${message('progress', locale, { ...counts })}`
      if (clock() - shownAt < (screen.isTTY === true ? 50 : lineEveryMs)) return
      shownAt = clock()
      show(last)
    },
    end(): void {
      if (last !== '') show(last)
      if (screen.isTTY === true) screen.write('\n')
    },
  }
}
