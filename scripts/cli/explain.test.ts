import { expect, test } from 'vitest'
import { sampleRuns } from './testing/sample-runs.ts'

// Every kind of source that the samples have, and every outcome, told by "explain".

const { yiwang, json } = sampleRuns()

test.each([
  ['hotline-csv', /file: hotline-gb18030\.csv/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['hotline-xlsx', /file: hotline\.xlsx/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['hotline-xls', /file: hotline-biff8\.xls/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['hotline-html', /file: hotline-html\.xls/, /made by hotline-export\/\d+ and hotline\/\d+/],
  ['mail', /file: .*\.eml/, /made by mail-folder\/\d+ and email\/\d+/],
])('a ticket of %s is followed from its file to the queue', async (source, from, by) => {
  const { tickets } = await json('tickets', '--source', source, '--limit', '1')
  const { code, out } = await yiwang('explain', tickets[0].id)
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^R-\\w{26}: item .* of source ${source}, `))
  expect(out).toMatch(from)
  expect(out).toMatch(/\n→ \S+ (ticketed|linked) \(\w+\): T-\w{26}\n/)
  expect(out).toMatch(by)
  expect(out).toContain(`waiting to be published as job ${tickets[0].id}.${tickets[0].revision}`)
})

test.each(['20250310234102.7f1c@mail.example', '<20250310234102.7f1c@mail.example>'])(
  'a mail is found by its Message-ID, %s',
  async (id) => {
    const { code, out } = await yiwang('explain', id)
    expect(code).toBe(0)
    expect(out).toContain('file: 01-utf8-noise.eml')
    expect(out.match(/01-utf8-noise\.eml;SIZE/g)).toHaveLength(1)
  },
)

test('a ticket that several mails led to is shown once', async () => {
  const { tickets } = await json('tickets', '--source', 'mail', '--limit', '100')
  const { id } = tickets.find(({ followUps }: { followUps: readonly unknown[] }) => followUps.length > 0)
  const { out } = await yiwang('explain', id)
  expect(out.match(/^R-\w{26}: item /gm)?.length).toBeGreaterThan(1)
  expect(out.match(/^ {2}ticket: /gm)).toHaveLength(1)
})

test('an unknown Message-ID is told as such', async () => {
  expect((await yiwang('explain', '<nobody@mail.example>')).err).toMatch(/^ITEM_UNKNOWN: /)
})

test('an item in quarantine is explained by its reason', async () => {
  const { quarantined } = await json('quarantine', 'list', '--source', 'mail')
  const { out } = await yiwang('explain', quarantined[0].rawId)
  expect(out).toMatch(/\n→ \S+ quarantined: [A-Z_]+: /)
})
