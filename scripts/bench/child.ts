import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Those of the `yiwang` command, in its first line. */
const nodeFlags = readFileSync(new URL('../cli/yiwang.ts', import.meta.url), 'utf8')
  .split('\n', 1)
  .flatMap((line) => line.match(/--\S+/g) ?? [])

/** Asks a file of this folder in a process of its own, which runs as the `yiwang` command does. */
export function inChild<Answer>(file: string, asked: unknown): Promise<Answer> {
  const child = spawn(process.execPath, [...nodeFlags, fileURLToPath(new URL(file, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // As `scripts/yiwang` has it: without it both threads carry what strips types from the code.
    env: { ...process.env, NODE_COMPILE_CACHE: resolve('var/compile-cache') },
  })
  child.stdin.end(JSON.stringify(asked))
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text) as Answer)
      else reject(new Error(`${file} ended with ${code}`))
    })
  })
}

/** In such a process: what it was asked. */
export async function question<Asked>(): Promise<Asked> {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return JSON.parse(text) as Asked
}

/** In such a process: the only line of its standard output. */
export function answer(given: unknown): void {
  process.stdout.write(JSON.stringify(given))
}
