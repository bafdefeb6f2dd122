import { cpus } from 'node:os'

/** What a benchmark ran on, for its results. */
export function machine(): string {
  const all = cpus()
  return `${all.length} × ${all[0]?.model ?? 'unknown'}, Node ${process.version}`
}
