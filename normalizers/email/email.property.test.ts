import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multipart, normalize, textMail } from './fixtures/build-mail.ts'

const seeds = [
  textMail('路灯不亮。\n\n-- \n张三\n电话：13800138000', { Subject: '=?gb2312?B?zbbL3w==?=' }),
  multipart('alternative', [
    'Content-Type: text/plain; charset=gbk\nContent-Transfer-Encoding: base64\n\nwrfGwg==',
    'Content-Type: text/html; charset=utf-8\n\n<table><tr><td>a<td>b</table>',
  ]),
  multipart('mixed', [
    `Content-Type: message/rfc822\n\n${textMail('内')}`,
    "Content-Disposition: attachment; filename*0*=gb2312''%B1%A8; filename*1*=%B8%E6\n\nx",
  ]),
]

async function answers(bytes: Uint8Array): Promise<void> {
  const { outcome } = await normalize(bytes)
  expect(['ticket', 'skipped', 'quarantined']).toContain(outcome)
}

describe('the e-mail normalizer', () => {
  it('answers for random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), answers), { numRuns: 150 })
  })

  it('answers for random bytes below a header', async () => {
    const header = Buffer.from(
      'From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n',
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), (bytes) =>
        answers(Buffer.concat([header, bytes])),
      ),
      { numRuns: 150 },
    )
  })

  it('answers for mails with bytes changed, cut out and doubled', async () => {
    const change = fc.record({
      at: fc.nat(2000),
      length: fc.nat(20),
      bytes: fc.uint8Array({ maxLength: 20 }),
    })
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 8 }))
      .map(([seed, changes]) =>
        changes.reduce(
          (bytes, { at, length, bytes: put }) =>
            Buffer.concat([
              bytes.subarray(0, at % bytes.length),
              put,
              bytes.subarray((at % bytes.length) + length),
            ]),
          Buffer.concat([seed, Buffer.from('\n')]),
        ),
      )
    await fc.assert(fc.asyncProperty(mutated, answers), { numRuns: 400 })
  })

  it('gives equal answers to equal mails', async () => {
    for (const seed of seeds) expect(await normalize(seed)).toEqual(await normalize(seed))
  })
})
