import { describe, expect, it } from 'vitest'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import { withPlainBoundaries } from './boundaries.ts'
import { mail, textMail, ticket } from './fixtures/build-mail.ts'

const said = (text: string) =>
  `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(text).toString('base64')}\n`
const picture =
  'Content-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\nContent-Transfer-Encoding: base64\n\nAAAA\n'
const outer = { 'Content-Type': 'multipart/mixed;\r\n boundary="outer 1"' }
const inner = 'Content-Type: multipart/related; boundary=inner\n\n'
const innermost = 'Content-Type: multipart/mixed; boundary=innermost\n\n'

describe('a boundary line', () => {
  it('may have blanks behind it', async () => {
    const body = `--outer 1 \t\n${said('路灯不亮')}--outer 1  \n${picture}--outer 1-- \n`
    for (const sent of [mail(outer, body), Buffer.from(mail(outer, body).toString().replaceAll('\r', ''))])
      expect(await ticket(sent)).toMatchObject({
        body: '路灯不亮',
        attachments: [{ name: 'a.png' }],
        notes: [],
      })
  })

  it('ends the inner multiparts that nobody closed', async () => {
    const open = `--outer 1\n${inner}--inner\n${innermost}--innermost\n${said('路灯不亮')}`
    for (const end of ['', '\n--innermost--\n'])
      expect(await ticket(mail(outer, `${open}${end}--outer 1\n${picture}--outer 1--\n`))).toMatchObject({
        body: '路灯不亮',
        attachments: [{ name: 'a.png' }],
        notes: ['mime-structure-broken'],
      })
  })

  it('is none in an attached mail, or where it was not declared', async () => {
    const nested = textMail('井盖丢了\n--inner\n--outer').toString()
    const body = `--outer 1\n${said('路灯不亮')}--outer 1\nContent-Type: message/rfc822\n\n${nested}\n--outer 1--\n`
    const sent = mail(outer, body)
    expect(withPlainBoundaries(sent)).toEqual({ bytes: sent, isBroken: false })
    const plain = textMail('路灯不亮\n--outer 1  \n--b ')
    expect(withPlainBoundaries(plain).bytes).toBe(plain)
  })

  it('is found in bounded time, however many there seem to be', () => {
    const head = 'Content-Type: multipart/mixed; boundary=b\n\n'
    const took = stopwatch()
    const nested = Array.from(
      { length: 5000 },
      (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
    )
    withPlainBoundaries(
      Buffer.from(`${head.replace('=b', '=b0')}${nested.join('')}${'--b6000\n'.repeat(300_000)}`),
    )
    for (const line of [
      '--x\n',
      '--b\n',
      '--b\nContent-Type: multipart/mixed; boundary=b\n\n',
      `--b${' '.repeat(99)}\n`,
    ])
      withPlainBoundaries(Buffer.from(head + line.repeat(300_000)))
    expect(took()).toBeLessThan(330)
  })

  it('costs little in a mail of nothing but dashes inside a hundred multiparts', () => {
    const nested = Array.from(
      { length: 100 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
    )
    const mail = Buffer.from(nested.join('') + '--\n'.repeat(8_000_000))
    const took = stopwatch()
    expect(withPlainBoundaries(mail).isBroken).toBe(false)
    expect(took()).toBeLessThan(70)
  })
})
