import { pino } from 'pino'

export type { Logger } from 'pino'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/**
 * A structured log on standard error, so that standard output stays clean for `--json`.
 * Log ids and codes only: never bodies, names, phones or addresses.
 */
export function createLogger(options: LogOptions) {
  return pino({ level: options.level, base: null }, pino.destination({ dest: 2, sync: true }))
}
