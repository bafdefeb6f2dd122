import { pino } from 'pino'

export type { Logger } from 'pino'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/**
 * A structured log on standard error, so that standard output stays clean for `--json`.
 * Log ids and codes only: never bodies, names, phones or addresses. What people call their files and sheets is needed
 * to find them; the phones and identity numbers in it are masked.
 * @param write Takes each line instead, where something else is drawn on standard error.
 */
export function createLogger(options: LogOptions, write?: (line: string) => void) {
  const standardError = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write }
  const masked = { write: (line: string) => standardError.write(maskedLine(line)) }
  return pino({ level: options.level, base: null }, masked)
}

/** Numbers of the log itself stay: they are no texts. */
function maskedLine(line: string): string {
  const mask = (_key: string, value: unknown) => (typeof value === 'string' ? maskNumbers(value) : value)
  return `${JSON.stringify(JSON.parse(line, mask))}\n`
}

/** The identity number of GB 11643; its first six digits are a place. */
const identityNumber = /(?<!\d)(\d{6})(?:18|19|20)\d{7}(\d\d[\dXx])(?!\d)/g
const mobileNumber = /(?<!\d)((?:86[ -]?)?1[3-9]\d([ -]?))\d{4}(?=\2\d{4}(?!\d))/g

function maskNumbers(text: string): string {
  return text.replace(identityNumber, '$1*********$2').replace(mobileNumber, '$1****')
}
