/** What a server that keeps queues says of itself. */
export interface QueueServer {
  /** Its name and version, as `Redis 7.0.15`. */
  readonly version: string
  /** Anything but `noeviction` lets it drop jobs and schedules when memory runs out. */
  readonly maxmemoryPolicy: string
  /** Whether it keeps a file of each write, so that a restart loses little. */
  readonly appendOnly: boolean
}

/** @param info the answer to INFO, https://redis.io/docs/latest/commands/info/ */
export function queueServerOf(info: string): QueueServer {
  const facts = new Map(info.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line]))
  const fact = (name: string) => facts.get(name)?.slice(name.length + 1) ?? null
  const valkey = fact('valkey_version')
  return {
    version: valkey === null ? `Redis ${fact('redis_version') ?? '?'}` : `Valkey ${valkey}`,
    maxmemoryPolicy: fact('maxmemory_policy') ?? '?',
    appendOnly: fact('aof_enabled') === '1',
  }
}
