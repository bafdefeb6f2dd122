import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultDedupe } from '../../config/schema.ts'
import { capturedRun } from './testing/captured-run.ts'

// An integrator has labelled a few reports of their own.

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'yiwang-tuning-test-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cwd, { recursive: true })
})

const tune = (...argv: readonly string[]) => capturedRun(['dedupe', 'tune', ...argv], { cwd })

interface Labels {
  readonly report?: string | null
  readonly incident?: string | null
}

const reports: readonly (readonly [body: string, phone: string | null, labels: Labels])[] = [
  ['槐荫里小区三号楼的电梯从上周一开始停运，六楼的老人已经五天没有下楼。', '13800130001', { report: 'lift' }],
  ['文昌路与学府街路口的红绿灯坏了三天，早高峰时车辆互不相让，差点撞到学生。', null, { incident: 'light' }],
  ['槐荫里小区三号楼的电梯从上周一开始停运，六楼的老人已经五天没有下楼！', '13800130001', { report: 'lift' }],
  ['文昌路学府街路口红绿灯坏了，三天没人修，早高峰学生过马路很危险。', '13800130002', { incident: 'light' }],
  ['请问退休人员的医保卡丢失以后在哪里补办？需要带什么材料？', null, {}],
  ['城南菜市场后门的垃圾堆了一个星期，臭气很大，苍蝇乱飞。', '13800130003', { report: null, incident: null }],
]

function labelledFile(extra: readonly string[] = []): string {
  const lines = reports.map(([body, phone, labels], at) =>
    JSON.stringify({
      ...{
        id: `n${at}`,
        channel: 'hotline',
        sourceId: 's',
        submittedAt: `2026-01-0${at + 1}T08:00:00+08:00`,
      },
      ...{ name: null, phone, title: null, body, place: null, ...labels },
    }),
  )
  writeFileSync(join(cwd, 'labelled.jsonl'), [...lines, ...extra].join('\n'))
  return 'labelled.jsonl'
}

function configure(dedupe: string): void {
  const source = '{ id: hotline, connector: hotline-export, path: inbox }'
  writeFileSync(join(cwd, 'yiwang.yaml'), `sources: [${source}]\ndedupe: ${dedupe}\n`)
}

describe('dedupe tune', () => {
  test('shows what each threshold gives, marks the current one, and proposes lines for the configuration', async () => {
    configure('{ duplicate: { link: 0.9 } }')
    const { code, out, err } = await tune(labelledFile())
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('6 reports, 5 labelled. Settings: yiwang.yaml.')
    expect(out).toMatch(/dedupe\.duplicate\): 1 true pairs in 1 groups/)
    expect(out).toMatch(/\n {2}0\.90 +1 +1 +0 +100\.0 % +20\.7 – 100\.0 % +100\.0 % +now proposed\n/)
    expect(out).toContain('CAUTION: too few labels to rely on.')
    expect(out).toMatch(
      /\ndedupe:\n {2}duplicate: \{ link: 0\.9, review: 0\.3 \}\n {2}incident: \{ link: 0\.\d+, review: 0\.\d+ \}\n$/,
    )
  })

  test('stores nothing, neither in the deployment nor elsewhere', async () => {
    configure('{}')
    const temporary = join(cwd, 'temporary')
    mkdirSync(temporary)
    vi.stubEnv('TMPDIR', temporary)
    expect((await tune(labelledFile())).code).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
    expect(readdirSync(cwd).toSorted()).toEqual(['labelled.jsonl', 'temporary', 'yiwang.yaml'])
  })

  test('what it proposes is a configuration that lint takes', async () => {
    const { yaml } = JSON.parse((await tune(labelledFile(), '--json')).out)
    configure(yaml.replace('dedupe:', ''))
    expect(await capturedRun(['lint'], { cwd })).toMatchObject({ code: 0, err: '' })
  })

  test('ends when it is interrupted, and leaves nothing behind', async () => {
    vi.stubEnv('TMPDIR', cwd)
    const argv = ['dedupe', 'tune', labelledFile()]
    const { code, err } = await capturedRun(argv, { cwd, signal: AbortSignal.abort() })
    expect([code, err]).toEqual([1, expect.stringContaining('Interrupted')])
    expect(readdirSync(cwd)).toEqual(['labelled.jsonl'])
  })

  test('takes the defaults where there is no configuration, and says so in JSON', async () => {
    const { code, out } = await tune(labelledFile(), '--json', '--duplicate-precision', '0.9')
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ config: null, rows: 6, labelled: 5, withoutTicket: 0 })
    expect(answer.duplicate).toMatchObject({ wantedPrecision: 0.9, pairs: 1, reliable: false, left: 0 })
    expect(answer.duplicate.links).toContainEqual(
      expect.objectContaining({
        threshold: defaultDedupe.duplicate.link,
        found: 1,
        true: 1,
        wrong: 0,
        precision: 1,
        recall: 1,
      }),
    )
    expect(answer.incident).toMatchObject({ wantedPrecision: 0.95, pairs: 1, groups: 1 })
  })

  test('fails where a configuration was named and is not there', async () => {
    const { code, err } = await tune(labelledFile(), '--config', 'none.yaml')
    expect([code, err]).toEqual([78, expect.stringMatching(/^CONFIG_NOT_FOUND: /)])
  })

  test('names file and line of a row that is wrong', async () => {
    const { code, err } = await tune(labelledFile(['', '{"id":"x"}']))
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^EVAL_FILE: .+labelled\.jsonl, line 8 is not a report/),
    ])
  })

  test('fails where no two reports are labelled as belonging together', async () => {
    const row = { id: 'a', channel: 'sms', sourceId: 's', submittedAt: null, name: null, phone: null }
    const line = JSON.stringify({ ...row, title: null, body: '停水了', place: null, report: 'r' })
    writeFileSync(join(cwd, 'one.jsonl'), line)
    const { code, err } = await tune('one.jsonl')
    expect([code, err]).toEqual([1, expect.stringMatching(/^EVAL_NO_PAIRS: No two reports of one\.jsonl /)])
  })

  test('refuses a precision that is no share', async () => {
    const { code, err } = await tune(labelledFile(), '--incident-precision', '95')
    expect([code, err]).toEqual([1, expect.stringContaining('--incident-precision')])
  })
})
