import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeError } from '../../config/errors.ts'
import { metaNames } from '../../connectors/connector.ts'
import { Ticket } from '../../normalizers/ticket.ts'
import { evidenceField, factName, localDetails, originText, outcomeReason } from './known-words.ts'

const root = join(import.meta.dirname, '../..')
const texts = (pattern: string) =>
  globSync(pattern, {
    cwd: root,
    exclude: (name) => /\.test\.ts$|suite|fixtures|testing|schema-check/.test(name),
  }).map((name) => readFileSync(join(root, name), 'utf8'))
const found = (pattern: string, form: RegExp) =>
  texts(pattern).flatMap((text) => [...text.matchAll(form)].map(([, word = '']) => word))

test('every fixed reason that connectors and normalizers give has a Chinese text', () => {
  const form =
    /(?:reason(?: \|\||: [^'\n]*\?|:)|problem(?::| =)|failure: failure \?\?|malformed\(|unreadable\((?:item, )?|new Error\(|brokenRow\([^'\n]*|error\.name :) ?'([^']+)'/g
  const reasons = [...found('connectors/**/*.ts', form), ...found('normalizers/**/*.ts', form)]
  expect(reasons).toEqual(
    expect.arrayContaining([
      'it is empty',
      'a quote is not closed',
      'no mail header',
      'plain text',
      'its end is missing',
    ]),
  )
  const words = reasons.filter((reason) => !/^[A-Z_]+$/.test(reason))
  const left = words.filter((reason) => localDetails({ reason }, 'zh').reason === reason)
  expect(left).toEqual([])
})

test.each([
  'it stopped the program',
  'more than 1000 columns',
  'a cell beyond column 1000',
  'the drain thread ended',
  'the drain thread was silent for 60 s',
  'neither MOVE nor UIDPLUS',
  'INBOX keeps no flag $Done',
  'no PEM certificate in /etc/ca.cer',
  'exit status 3',
  'ended by SIGKILL',
  'it printed more than 65536 bytes',
  'too slow: 312 bytes in 300 s',
  'UID FETCH 7 INBOX: connection lost',
  'no end after 70000000 bytes',
  'the connection was lost each of 3 times that it was asked for; it is UID 7 in INBOX',
  'no end within 60000 ms',
  'no answer within 20 s',
  'hung up',
  'what answers there is no Redis',
  'unable to open database file',
  'database or disk is full',
  'Server selection timed out after 5000 ms',
  "ENOENT: no such file or directory, open '/proc/x.db'",
  'EISDIR',
  "EEXIST: file already exists, mkdir '/srv/y.db'",
  "ENAMETOOLONG: name too long, open '/srv/y.db'",
  'EIO',
  'EBUSY',
  'EMFILE: too many open files',
  'ESTALE',
  'ENOSPC',
  'ENOENT',
  'EACCES',
  'ENOTFOUND: getaddrinfo ENOTFOUND imap.example.org',
  'EAI_AGAIN: getaddrinfo EAI_AGAIN imap.example.org',
  'ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:993',
  'connect ECONNREFUSED 127.0.0.1:6379',
  'ECONNRESET: read ECONNRESET',
  'ETIMEDOUT: connect ETIMEDOUT 10.0.0.1:993',
  'EHOSTUNREACH: connect EHOSTUNREACH 10.0.0.1:993',
  'CONNECT_TIMEOUT: Failed to establish connection in required time',
  'GREETING_TIMEOUT: Failed to receive greeting from server in required time. Maybe should use TLS?',
  'DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate',
  'SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE: unable to verify the first certificate',
  'CERT_HAS_EXPIRED: certificate has expired',
  "ERR_TLS_CERT_ALTNAME_INVALID: Hostname/IP does not match certificate's altnames",
  'it is not in UTF-8',
  'it is no JSON',
  'the line has more than 64 MiB',
  'the id 7 comes twice',
  'the reports are read from it',
  'row: there is neither title nor body',
  'row: Invalid input: expected object, received array',
  'phone: Invalid input: expected string, received array',
  'submittedAt: the time "13/9" cannot be read',
])('also "%s" has a Chinese text', (reason) => {
  expect(localDetails({ reason }, 'zh').reason).toMatch(/\p{Script=Han}{2}/u)
})

test('every reason of an outcome and every field of evidence has a Chinese name', () => {
  const given = [
    ...found('pipeline/batch.ts', /reason: '([a-z-]+)'/g).map((reason) => outcomeReason(reason, 'zh')),
    ...Ticket.shape.dedupe.shape.fields.element.options.map((field) => evidenceField(field, 'zh')),
  ]
  expect(given.length).toBeGreaterThan(10)
  for (const word of given) expect(word).toMatch(/^\p{Script=Han}+$/u)
})

test('every fact of an item has a Chinese name', () => {
  const left = metaNames.filter(
    (name) => !/^(?:\p{Script=Han}+|UID(?:VALIDITY)?)$/u.test(factName(name, 'zh')),
  )
  expect(left).toEqual([])
  expect(factName('file', 'en')).toBe('file')
})

test('reasons stand in a message in its language, with what they count', () => {
  const details = { file: 'a.csv', row: 7, reason: '4 cells where the header has 5' }
  expect(describeError('ROW_MALFORMED', localDetails(details, 'zh'), 'zh')).toContain(
    '文件 "a.csv" 第 7 行格式有误（该行有 4 个单元格，表头有 5 个）。',
  )
  expect(localDetails(details, 'en')).toEqual(details)
  const unknown = { format: 'XLSX', reason: 'ENOTSUP' }
  expect(localDetails(unknown, 'zh')).toEqual(unknown)
})

test('a reason is told in Chinese between what was asked for and where that is', () => {
  const reasonOf = (reason: string) => localDetails({ reason }, 'zh').reason
  expect(reasonOf('UID FETCH 7 投诉: too slow: 312 bytes in 300 s')).toBe(
    'UID FETCH 7 投诉: 过慢：300 秒内只收到 312 字节',
  )
  expect(reasonOf('the server gives no body; it is UID 7 in 投诉')).toBe(
    '服务器未给出正文；该邮件位于文件夹 投诉，UID 为 7',
  )
  expect(reasonOf('the server gives no body')).toBe('服务器未给出正文')
})

test('a file of which no format is known is called that', () => {
  const details = { file: 'a.csv', format: 'unknown', reason: 'a link that leads out of the folder' }
  expect(describeError('FILE_UNREADABLE', details, 'en')).toContain(
    'The file "a.csv" (format: unknown) cannot be read to its end (a link that leads out of the folder).',
  )
  expect(describeError('FILE_UNREADABLE', localDetails(details, 'zh'), 'zh')).toContain(
    '文件 "a.csv"（格式：未知）无法完整读取（链接指向该文件夹之外）。',
  )
})

test('in Chinese what an error lists stands with Chinese marks, and the kind of a file by name', () => {
  const details = { known: 'hotline-csv, hotline-xlsx', kind: 'hotline' }
  expect(describeError('IMPORT_AMBIGUOUS', localDetails({ path: 'a.csv', ...details }, 'zh'), 'zh')).toBe(
    'IMPORT_AMBIGUOUS: 多个来源都可读取 a.csv（热线导出文件）。请用 --source 指定其一：hotline-csv、hotline-xlsx。',
  )
})

test('the origin of a field names its columns in the language of the reader', () => {
  const origin = 'column 诉求日期, column 诉求时间'
  expect(originText(origin, 'zh')).toBe('列 诉求日期, 列 诉求时间')
  expect(originText(origin, 'en')).toBe(origin)
  expect(originText('header Subject', 'zh')).toBe('header Subject')
})
