import { describeError } from '../../config/errors.ts'
import type { Locale } from '../../config/locale.ts'
import { localDetails } from './known-words.ts'

/**
 * Tells when standard output or standard error takes no more: of a reader that has enough by null, of all else, such
 * as a full disk, in words.
 */
export function watchOutput(
  process: NodeJS.Process,
  locale: Locale,
  onEnd: (problem: string | null) => void,
): void {
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].on('error', ({ code }: NodeJS.ErrnoException) => {
      const details = localDetails({ path: name, reason: code ?? 'unknown' }, locale)
      onEnd(code === 'EPIPE' ? null : describeError('PATH_NOT_WRITTEN', details, locale))
    })
  }
}
