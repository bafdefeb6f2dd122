#!/usr/bin/env -S node --max-semi-space-size=8 --max-old-space-size=1536 --heap-growing-percent=130
// Young garbage is collected soon, which saves memory, and the old rarely, which saves time (see scripts/bench/RESULTS.md).
// Nothing else is imported at the top: an older Node must get as far as the message below.
const wanted = 24

if (Number.parseInt(process.versions.node, 10) < wanted) {
  process.stderr.write(
    `yiwang needs Node ${wanted} or later; this is ${process.versions.node}. 需要 Node ${wanted} 或更高版本，当前为 ${process.versions.node}。\n`,
  )
  process.exitCode = 78
} else {
  const { runProcess } = await import('./run-process.ts')
  await runProcess(process)
}

export {}
