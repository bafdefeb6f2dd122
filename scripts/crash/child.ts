import { type CrashOrder, live } from './life.ts'

const calls = await live(JSON.parse(process.argv[2] ?? '') as CrashOrder)
process.stdout.write(JSON.stringify({ calls }))
