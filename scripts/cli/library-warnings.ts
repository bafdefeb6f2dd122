import type { Logger } from '../../config/logging.ts'

/** Until disposed of, what libraries warn of on the console goes to the log, each warning once: BullMQ does so at every connection. */
export function logWarnings(log: Pick<Logger, 'warn'>): Disposable {
  const told = new Set<string>()
  const before = console.warn
  console.warn = (...words: readonly unknown[]) => {
    const reason = words.map(String).join(' ')
    if (!told.has(reason)) log.warn({ reason }, 'a library warns')
    told.add(reason)
  }
  return {
    [Symbol.dispose]() {
      console.warn = before
    },
  }
}
