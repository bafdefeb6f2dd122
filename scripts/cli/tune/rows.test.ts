import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLabelled, readRows } from './rows.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'yiwang-rows-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const line = (over: Record<string, unknown> = {}) =>
  JSON.stringify({
    id: 'a',
    channel: 'sms',
    sourceId: 's',
    submittedAt: '2026-01-02T03:04:05+08:00',
    name: null,
    phone: null,
    title: null,
    body: '停水了',
    place: null,
    ...over,
  })

async function read(text: string) {
  const file = join(dir, 'rows.jsonl')
  await writeFile(file, text)
  return readRows([file])
}

describe('readRows', () => {
  it('takes a row without labels as not labelled, and null labels as standing alone', async () => {
    const rows = await read(`\uFEFF${line()}\r\n\n${line({ id: 'b', report: null, incident: null })}`)
    expect(rows.map(isLabelled)).toEqual([false, true])
  })

  it.each([
    ['no JSON', '{'],
    ['an unknown channel', line({ channel: 'fax' })],
    ['a time without offset', line({ submittedAt: '2026-01-02 03:04' })],
    ['an id that comes twice', line()],
  ])('names the line of %s', async (_, wrong) => {
    await expect(read(`${line()}\n${wrong}\n`)).rejects.toMatchObject({
      code: 'EVAL_FILE',
      details: { line: 2 },
    })
  })

  it('names a file that is not there', async () => {
    await expect(readRows([join(dir, 'none.jsonl')])).rejects.toMatchObject({ code: 'PATH_UNREADABLE' })
  })
})
