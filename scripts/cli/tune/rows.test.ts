import { existsSync } from 'node:fs'
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
    ['a time that cannot be read', line({ submittedAt: '上周' })],
    ['a phone that is a list', line({ id: 'b', phone: [1] })],
    ['an id that is null', line({ id: null })],
    ['a list', '[1, 2]'],
    ['other names of fields', '{"id":"b","channel":"sms","content":"停水了"}'],
    ['an id that comes twice', line()],
  ])('names the line of %s', async (_, wrong) => {
    await expect(read(`${line()}\n${wrong}\n`)).rejects.toMatchObject({
      code: 'EVAL_FILE',
      details: { line: 2 },
    })
  })

  it.skipIf(!existsSync('/dev/zero'))('refuses a line without an end', async () => {
    await expect(readRows(['/dev/zero'])).rejects.toMatchObject({
      code: 'EVAL_FILE',
      details: { line: 1, reason: 'the line has more than 64 MiB' },
    })
  })

  it('names the field at fault', async () => {
    const reasonOf = async (over: Record<string, unknown>) =>
      await read(line(over)).catch((thrown) => thrown.details.reason)
    expect(await reasonOf({ phone: [1] })).toMatch(/^phone: /)
    expect(await reasonOf({ submittedAt: '13月9日' })).toMatch(/^submittedAt: .*13月9日/)
  })

  it('takes a channel that tickets do not have as a platform', async () => {
    for (const channel of ['"fax"', 'null', '7'])
      expect((await read(`{"id":"a","channel":${channel},"body":"停水了"}`))[0]?.channel).toBe('platform')
  })

  it('takes what is absent as null, and a report without a source as of its channel', async () => {
    const [row] = await read('{"id":"a","channel":"sms","body":"停水了","score":0.5}')
    expect(row).toEqual({
      ...{ id: 'a', channel: 'sms', sourceId: 'sms', submittedAt: null, name: null, phone: null },
      ...{ title: null, body: '停水了', place: null, note: null },
    })
    expect(row !== undefined && isLabelled(row)).toBe(false)
  })

  it('takes numbers as their figures, also long ones', async () => {
    const given = { id: 7, phone: 13800138000, sourceId: 12345, report: 1, incident: 0 }
    const [row, long] = await read(
      `${line(given)}\n${line({ id: 'long' }).replace('"long"', '649184237461238785')}`,
    )
    expect(row).toMatchObject({ id: '7', idIsNumber: true, phone: '13800138000', sourceId: '12345' })
    expect(row).toMatchObject({ report: '1', incident: '0' })
    expect(long).toMatchObject({ id: '649184237461238785', idIsNumber: true })
  })

  it.each([
    ['2025-05-01 08:00:00', '2025-05-01T08:00:00+08:00'],
    ['2025/5/1 8:00', '2025-05-01T08:00:00+08:00'],
    ['2025-05-01T08:00+08:00', '2025-05-01T08:00:00+08:00'],
    ['2025-05-01T00:00:00Z', '2025-05-01T00:00:00+00:00'],
    ['2025-05-01', '2025-05-01T00:00:00+08:00'],
    [1746057600000, '2025-05-01T08:00:00+08:00'],
    ['', null],
  ])('reads the time %j as %j', async (submittedAt, expected) => {
    expect((await read(line({ submittedAt })))[0]?.submittedAt).toBe(expected)
  })

  it('takes a time that cannot be read as not known where somebody hears of it', async () => {
    const file = join(dir, 'unread.jsonl')
    await writeFile(file, `${line()}\n${line({ id: 'b', submittedAt: '上周' })}`)
    const unread: unknown[] = []
    const rows = await readRows([file], (time) => unread.push(time))
    expect(rows.map(({ submittedAt }) => submittedAt)).toEqual(['2026-01-02T03:04:05+08:00', null])
    expect(unread).toEqual([{ file, line: 2, text: '上周' }])
  })

  it('takes an empty label as null, and tells an absent one from it', async () => {
    const [row] = await read(line({ incident: '' }))
    expect([row?.report, row?.incident]).toEqual([undefined, null])
  })

  it('names a file that is not there', async () => {
    await expect(readRows([join(dir, 'none.jsonl')])).rejects.toMatchObject({ code: 'PATH_UNREADABLE' })
  })
})
