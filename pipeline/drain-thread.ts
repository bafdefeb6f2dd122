import { parentPort, workerData } from 'node:worker_threads'
import { type DrainServiceStart, serveDrains } from './drain-service.ts'

if (parentPort !== null) serveDrains(parentPort, workerData as DrainServiceStart)
