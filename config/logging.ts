import { pino } from 'pino'

export type { Logger } from 'pino'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/**
 * A structured log on standard error, so that standard output stays clean for `--json`.
 * Log ids and codes only: never bodies, names, phones or addresses.
 * @param write Takes each line instead, where something else is drawn on standard error.
 */
export function createLogger(options: LogOptions, write?: (line: string) => void) {
  const standardError = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write }
  return pino({ level: options.level, base: null }, standardError)
}
