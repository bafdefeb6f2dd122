import { expect, test } from 'vitest'
import type { ErrorDetails } from '../../config/errors.ts'
import type { Locale } from '../../config/locale.ts'
import type { Ticket } from '../../normalizers/ticket.ts'
import { sampleTicket } from '../bench/sample-ticket.ts'
import type { Cli } from './cli.ts'
import { type MessageKey, message, messages } from './messages.ts'
import { ticketLines } from './ticket-lines.ts'

const speaking = (locale: Locale) =>
  ({
    locale,
    say: (key: MessageKey, details?: ErrorDetails) => message(key, locale, details),
  }) as Cli
const followUp = {
  ...{ rawId: 'R-1', externalId: '2', from: null, name: null, email: null, phone: null },
  ...{ submittedAt: null, title: null, body: '还没有处理', attachments: [] },
}
const linesOf = (followUps: Ticket['followUps']) =>
  ticketLines({ ...sampleTicket, followUps }, speaking('en'), { full: false, provenance: true })

test('what was doubtful in a follow-up is told with its item', () => {
  const lines = linesOf([
    followUp,
    { ...followUp, rawId: 'R-2', notes: ['quoted-history-cut', 'signature-cut'] },
  ])
  expect(lines.slice(-3)).toEqual([
    '  doubtful, R-2:',
    '    quoted mails were cut off',
    '    the signature was cut off',
  ])
})

test('in Chinese a ticket is told with Chinese marks, and its channels by name', () => {
  const dedupe: Ticket['dedupe'] = { ...sampleTicket.dedupe, channels: ['email', 'hotline'] }
  const ticket: Ticket = {
    ...sampleTicket,
    dedupe,
    followUps: [{ ...followUp, notes: ['signature-cut'] }],
  }
  const lines = ticketLines(ticket, speaking('zh'), { full: false, provenance: true })
  expect(lines).toContain(`  类型：${messages[`kind_${ticket.kind}`].zh}`)
  expect(lines[1]).toMatch(/^ {2}来源：\S+（热线） /)
  expect(lines.find((line) => line.startsWith('  诉求次数：'))).toMatch(/渠道 电子邮件、热线$/)
  expect(lines).toContain('  存疑，R-1：')
})

test('a follow-up that was stored before it kept notes has none', () => {
  expect(linesOf([followUp]).join()).not.toContain('R-1')
})

test('where a person may be called is masked in all texts of a ticket, and a text keeps to its line', () => {
  const call = '请回电13800138000'
  const sample = sampleTicket as Ticket
  const incident = {
    ...{ label: call, reports: 2, reporters: 2, channels: [] },
    ...{ firstAt: '2026-03-01T08:00:00+08:00', lastAt: '2026-03-01T08:00:00+08:00' },
  }
  const about = { score: 0.4, reasons: [`共同提到：${call}`], terms: [call], fields: [] }
  const dedupe: Ticket['dedupe'] = {
    ...{ ...sample.dedupe, score: 0.7, incidentId: 'I-1', incident },
    ...{ reasons: [`共同提到：${call}`], terms: [call] },
    suggestion: { ...about, ticketId: 'T-2', verdict: 'related' },
    recurrence: { ...about, ticketId: 'T-3' },
  }
  const reporter = { ...sample.reporter, wechatId: 'wx13800138000' }
  const ticket: Ticket = { ...sample, reporter, title: call, body: `路灯坏了\n${call}`, dedupe }
  const lines = ticketLines(ticket, speaking('en'), { full: false, provenance: false })
  expect(lines.join()).not.toContain('13800138000')
  expect(lines.join('\n').match(/请回电138\*{4}8000/g)).toHaveLength(9)
  expect(lines).toContain('  body: 路灯坏了 请回电138****8000')
  const full = ticketLines(ticket, speaking('en'), { full: true, provenance: false }).join('\n')
  expect(full.match(/13800138000/g)).toHaveLength(10)
})

test('a long text is cut where not all is asked for, and what is in doubt about repeats is named', () => {
  const sample = sampleTicket as Ticket
  const found = { ticketId: 'T-9', reasons: ['诉求人不同', '相隔 70 天'], terms: [] }
  const dedupe: Ticket['dedupe'] = {
    ...{ ...sample.dedupe, cut: true },
    recurrence: { ...found, score: 0.912, fields: ['place', 'matter'] },
    suggestion: { ...found, verdict: 'related', score: 0.648, fields: [] },
  }
  const lines = ticketLines({ ...sample, body: '路'.repeat(1_000), dedupe }, speaking('en'), {
    full: false,
    provenance: false,
  })
  expect(lines).toContain(`  body: ${'路'.repeat(199)}…`)
  expect(lines).toContain(
    `  ${messages.recurrenceOf.en}: T-9 another reporter; 70 days apart; score 0.912; fields place, matter; terms -; by ${dedupe.algorithm}`,
  )
  expect(lines.find((line) => line.startsWith(`  ${messages.suggestion.en}: `))).toContain(
    'related T-9 another reporter; 70 days apart; score 0.648; fields -; terms -; by',
  )
  expect(lines).toContain(`  ${messages.candidatesCut.en}: ${messages.candidatesCutText.en}`)
})

test('a phone of which no number could be made is shown as it was given', () => {
  const sample = sampleTicket as Ticket
  const reporter = { ...sample.reporter, phone: null, phoneRaw: '82001133转2' }
  const told = (full: boolean) =>
    ticketLines({ ...sample, reporter }, speaking('en'), { full, provenance: false })
  expect(told(false)).toContain('  reporter: 张** ****1133转2')
  expect(told(true)).toContain('  reporter: 张先生 82001133转2')
})

test('who does not want to be named is marked as such', () => {
  const sample = sampleTicket as Ticket
  const reporterOf = (anonymous: boolean, locale: 'en' | 'zh') => {
    const ticket = { ...sample, reporter: { ...sample.reporter, anonymous } }
    const lines = ticketLines(ticket, speaking(locale), { full: false, provenance: false })
    return lines.find((line) => /^ {2}(?:reporter|诉求人)/.test(line))
  }
  expect(reporterOf(true, 'zh')).toMatch(/（要求匿名）$/)
  expect(reporterOf(true, 'en')).toMatch(/\(not to be named\)$/)
  expect(reporterOf(false, 'en')).not.toContain('named')
})
