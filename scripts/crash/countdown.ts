/**
 * Stands still after so many awaited calls, until the process is killed. Between two awaited calls nothing becomes
 * durable, so standing still after each of them visits every state that a crash can leave behind.
 */
export class Countdown {
  calls = 0
  private readonly killAfter: number | null
  private readonly onStill: () => void

  /** @param killAfter null: only count. */
  constructor(killAfter: number | null, onStill: () => void) {
    this.killAfter = killAfter
    this.onStill = onStill
  }

  /** The same object, each awaited method of which counts. */
  watch<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: readonly unknown[]) => this.counted(Reflect.apply(value, target, args) as unknown)
      },
    })
  }

  private counted(answer: unknown): unknown {
    if (answer instanceof Promise) return answer.then((value) => this.tick(value))
    if (isAsyncIterable(answer)) return this.countedItems(answer)
    return answer
  }

  private async *countedItems(items: AsyncIterable<unknown>): AsyncIterable<unknown> {
    for await (const item of items) yield await this.tick(item)
  }

  private async tick<Value>(value: Value): Promise<Value> {
    this.calls += 1
    if (this.calls !== this.killAfter) return value
    this.onStill()
    return await new Promise<never>(() => {})
  }
}

function isAsyncIterable(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}
