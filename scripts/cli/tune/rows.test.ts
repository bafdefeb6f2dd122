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

async function read(text: string | Uint8Array) {
  const file = join(dir, 'rows.jsonl')
  await writeFile(file, text)
  return readRows([file])
}

describe('readRows', () => {
  it('refuses what is not in UTF-8, with the line, instead of judging other text', async () => {
    const gb18030 = Buffer.from([0xcd, 0xa3, 0xcb, 0xae])
    const bytes = Buffer.concat([Buffer.from(`${line()}\n{"body":"`), gb18030, Buffer.from('"}\n')])
    await expect(read(bytes)).rejects.toMatchObject({ code: 'EVAL_FILE', details: { line: 2 } })
  })

  it('does not end a line where a text has a line separator', async () => {
    const [row] = await read(line({ body: '停水\u2028三天' }))
    expect(row?.body).toBe('停水\u2028三天')
  })

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
