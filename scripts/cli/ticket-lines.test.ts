import { expect, test } from 'vitest'
import type { Ticket } from '../../normalizers/ticket.ts'
import { sampleTicket } from '../bench/sample-ticket.ts'
import type { Cli } from './cli.ts'
import { type MessageKey, messages } from './messages.ts'
import { ticketLines } from './ticket-lines.ts'

const cli = { locale: 'en', say: (key: MessageKey) => messages[key].en } as Cli
const followUp = {
  ...{ rawId: 'R-1', externalId: '2', from: null, name: null, email: null, phone: null },
  ...{ submittedAt: null, title: null, body: '还没有处理', attachments: [] },
}
const linesOf = (followUps: Ticket['followUps']) =>
  ticketLines({ ...(sampleTicket as Ticket), followUps }, cli, { full: false, provenance: true })

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

test('a follow-up that was stored before it kept notes has none', () => {
  expect(linesOf([followUp]).join()).not.toContain('R-1')
})
