import { main } from '../main.ts'

export interface CapturedRun {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface CapturedRunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Width of the terminal; null: none. */
  readonly columns?: number | null
  /** Width of the terminal on standard error; null: none. */
  readonly progress?: number | null
}

/** One command line in this process, for tests: what a terminal and a shell would have got of it. */
export async function capturedRun(
  argv: readonly string[],
  {
    cwd,
    env = {},
    signal = new AbortController().signal,
    columns = null,
    progress = null,
  }: CapturedRunOptions,
): Promise<CapturedRun> {
  let out = ''
  let err = ''
  const code = await main({
    argv,
    env,
    cwd,
    out: (text) => {
      out += text
    },
    outBytes: (bytes) => {
      out += Buffer.from(bytes).toString('latin1')
    },
    taken: async () => {},
    err: (text) => {
      err += text
    },
    progress,
    columns,
    signal,
  })
  return { code, out, err }
}
