import type { YiwangError } from './errors.ts'
import type { Logger } from './logging.ts'

/** Logs at level debug where in the code an unexpected error came from; of others the code and the text say all. */
export function logTrace(log: Logger, error: YiwangError): void {
  if (error.code === 'INTERNAL') log.debug({ trace: traceOf(error) }, 'where it came from')
}

/** The frames of the stack, innermost first, without the message, which may quote a report. */
function traceOf({ cause }: YiwangError): readonly string[] {
  if (!(cause instanceof Error)) return []
  const { message, stack = '' } = cause
  const frames = stack.slice(stack.indexOf(message) + message.length)
  return frames
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
}
