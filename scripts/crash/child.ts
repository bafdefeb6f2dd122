import { type CrashOrder, live } from './life.ts'

// To load the code takes far longer than a life: one life after the other comes to its end, and all die together.
for (const order of JSON.parse(process.argv[2] ?? '') as readonly CrashOrder[]) {
  const survived = await new Promise<number | null>((resolve, reject) => {
    live(order, () => resolve(null)).then(resolve, reject)
  })
  if (survived === null) continue
  process.stdout.write(JSON.stringify(survived), () => process.exit())
  await new Promise<never>(() => {})
}
process.kill(process.pid, 'SIGKILL')
