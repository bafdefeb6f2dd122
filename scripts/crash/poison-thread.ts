import { parentPort, workerData } from 'node:worker_threads'
import type { DrainServiceStart } from '../../pipeline/drain-service.ts'
import type { Interpreter } from '../../pipeline/interpret.ts'

/** What an item does to the thread that interprets it, when its text says so. */
const poisons: Readonly<Record<string, () => void>> = {
  'poison-exit': () => process.exit(1),
  'poison-hang': () => {
    for (;;);
  },
  'poison-memory': () => {
    const kept: number[][] = []
    for (;;) kept.push(new Array<number>(1_000_000).fill(1.5))
  },
}

function poisoned(interpreter: Interpreter): Interpreter {
  const { normalizer } = interpreter
  const normalize: typeof normalizer.normalize = (item, context) => {
    const text = new TextDecoder().decode(item.body)
    for (const [word, strike] of Object.entries(poisons)) if (text.includes(word)) strike()
    return normalizer.normalize(item, context)
  }
  return { ...interpreter, normalizer: { ...normalizer, normalize } }
}

/** The drain thread as it is, but for a normalizer that some items are too much for, and signs of life while it loads. */
if (parentPort !== null) {
  const port = parentPort
  const loading = setInterval(() => port.postMessage({ type: 'alive' }), 500)
  const { serveDrains } = await import('../../pipeline/drain-service.ts')
  const { interpretersFor } = await import('../../pipeline/interpreters.ts')
  clearInterval(loading)
  serveDrains(port, workerData as DrainServiceStart, async (settings, secret) => {
    const interpreters = await interpretersFor(settings, secret)
    return new Map([...interpreters].map(([id, interpreter]) => [id, poisoned(interpreter)]))
  })
}
