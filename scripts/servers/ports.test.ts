import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from './ports.ts'

test('a free port is none of those that Linux gives to others who ask for any, from 32768 on', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()))
  expect(ports.filter((port) => port < 10_240 || port >= 32_768)).toEqual([])
})

test('the port that is wanted is given where it is free, and only there', async () => {
  const wanted = await freePort()
  expect(await freePort(wanted)).toBe(wanted)
  const server = createServer()
  await once(server.listen(wanted, '127.0.0.1'), 'listening')
  expect(await freePort(wanted)).not.toBe(wanted)
  server.close()
})
