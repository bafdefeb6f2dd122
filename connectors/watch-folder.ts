import { watch } from 'node:fs'

/** Network folders give no events, so a look comes at least this often. */
const lookEveryMs = 5000
/** Events come in bursts. */
const calmMs = 50

/** Resolves when `isReady` answers true, asked at every change of the folder and now and then; or on abort. */
export async function waitForFolder(
  folder: string,
  isReady: () => Promise<boolean>,
  lookMs: () => number,
  signal: AbortSignal,
): Promise<void> {
  let wake = () => {}
  let changed = false
  const onChange = () => {
    changed = true
    wake()
  }
  const stopWatching = startWatching(folder, onChange)
  signal.addEventListener('abort', onChange)
  try {
    while (!signal.aborted && !(await isReady())) {
      if (signal.aborted) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(lookEveryMs, Math.max(calmMs, lookMs())))
        wake = () => {
          clearTimeout(timer)
          setTimeout(resolve, signal.aborted ? 0 : calmMs)
        }
        if (changed) wake()
        changed = false
      })
    }
  } finally {
    signal.removeEventListener('abort', onChange)
    stopWatching()
  }
}

/** Where watching is not possible (no inotify watches left, some network mounts), looking now and then has to do. */
function startWatching(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watch(folder, onChange)
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}
