import { expect, test } from 'vitest'
import { queueServerOf } from './queue-server.ts'

test('a server is named by what it is, also where it calls itself Redis for old clients', () => {
  const info = (lines: readonly string[]) => ['# Server', ...lines, ''].join('\r\n')
  const memory = ['# Memory', 'maxmemory_policy:allkeys-lru', '# Persistence', 'aof_enabled:1']
  const facts = { maxmemoryPolicy: 'allkeys-lru', appendOnly: true }
  expect(queueServerOf(info(['redis_version:7.0.15', ...memory]))).toEqual({
    version: 'Redis 7.0.15',
    ...facts,
  })
  const valkey = ['redis_version:7.2.4', 'server_name:valkey', 'valkey_version:8.1.0', ...memory]
  expect(queueServerOf(info(valkey))).toEqual({ version: 'Valkey 8.1.0', ...facts })
})

test('what a server does not tell stays unknown', () => {
  expect(queueServerOf('')).toEqual({ version: 'Redis ?', maxmemoryPolicy: '?', appendOnly: false })
})
