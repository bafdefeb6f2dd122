import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { toYiwangError, YiwangError } from './errors.ts'
import { logTrace } from './trace.ts'

function logged(error: YiwangError, level: 'debug' | 'info'): string {
  const lines: string[] = []
  logTrace(pino({ level }, { write: (line) => void lines.push(line) }), error)
  return lines.join('')
}

describe('the trace of an unexpected error', () => {
  const error = toYiwangError(new Error('张三 13800138000\n    at home'))

  it('tells at level debug where in the code it came from, and nothing of its message', () => {
    const { trace } = JSON.parse(logged(error, 'debug')) as { trace: string[] }
    expect(trace[0]).toContain('trace.test.ts')
    expect(logged(error, 'debug')).not.toMatch(/张三|13800138000|at home/)
  })

  it('is not told at other levels, nor of errors that the catalogue explains', () => {
    expect(logged(error, 'info')).toBe('')
    expect(logged(new YiwangError('STORE_FULL', { url: 'a', reason: 'b' }), 'debug')).toBe('')
  })
})
