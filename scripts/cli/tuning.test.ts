import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { capturedRun } from './testing/captured-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'yiwang-tuning-'))
afterAll(() => rmSync(folder, { recursive: true }))
const yiwang = (...argv: readonly string[]) => capturedRun(argv, { cwd: folder, env: {} })

const places = ['锦禾雅居', '望江苑', '北濠名邸', '丽都家园']
const row = (id: string, body: string, labels: object) =>
  JSON.stringify({
    ...{ id, channel: 'hotline', sourceId: 'hotline', submittedAt: '2026-03-01T08:00:00+08:00', name: null },
    ...{ phone: null, title: null, body, place: null, ...labels },
  })
const rows = places.flatMap((place, at) => {
  const body = `${place}北门外的搅拌站每天夜里开工，粉尘落满阳台，老人咳嗽不止，要求立即停产。`
  return [
    row(`${at}a`, body, { report: `r${at}`, incident: null }),
    row(`${at}b`, `市民来电反映：${body}请核实处理。`, { report: `r${at}`, incident: null }),
  ]
})
const file = join(folder, 'labelled.jsonl')
writeFileSync(file, `${rows.join('\n')}\n`)

test('thresholds are proposed from labelled reports, without a configuration', async () => {
  const { code, out } = await yiwang('dedupe', 'tune', file, '--json')
  expect(code).toBe(0)
  const tuned = JSON.parse(out)
  expect(tuned).toMatchObject({ reports: 8, duplicate: { pairs: 4, proposal: { reached: true } } })
  const { link, trial } = tuned.duplicate.proposal
  expect(trial).toMatchObject({ link, found: 4, true: 4, wrong: 0, precision: 1, recall: 1 })
  expect(tuned.duplicate.trials.map(({ link: tried }: { link: number }) => tried)).toContain(link)
}, 60_000)

test('the table ends in lines for the configuration, and says how little few pairs say', async () => {
  const { out } = await yiwang('dedupe', 'tune', file)
  expect(out).toMatch(/dedupe:\n {2}duplicate: \{ link: [\d.]+, review: [\d.]+ \}\n {2}incident: \{ link: /)
  expect(out).toContain('Only 4 pairs belong together')
  expect(out).toMatch(/← proposed/)
}, 60_000)

test('a line that is no report is refused with file and line', async () => {
  const broken = join(folder, 'broken.jsonl')
  writeFileSync(broken, `${rows[0]}\n{"id": 1}\n`)
  const { code, err } = await yiwang('dedupe', 'tune', broken)
  expect(code).toBe(1)
  expect(err).toMatch(/^EVAL_FILE: .*broken\.jsonl, line 2 /)
})

test('a configuration that was named must be there', async () => {
  const { code, err } = await yiwang('--config', 'nowhere.yaml', 'dedupe', 'tune', file)
  expect([code, err.split(':')[0]]).toEqual([78, 'CONFIG_NOT_FOUND'])
})
