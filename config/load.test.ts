import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { describeError, YiwangError } from './errors.ts'
import { checkSettings, loadSettings } from './load.ts'
import { defaultDedupe, defaultProcessing, defaultSource } from './schema.ts'
import type { ConnectorDeclaration } from './settings.ts'

const declaration = (
  kind: string,
  channel: ConnectorDeclaration['channel'],
  settings: z.ZodObject,
): [string, ConnectorDeclaration] => [
  kind,
  { kind, name: { en: kind, zh: kind }, summary: { en: '', zh: '' }, channel, settings, example: '' },
]

const specs = new Map([
  declaration(
    'files',
    'hotline',
    z.strictObject({
      path: z.string(),
      limit: z.int().min(1).max(9).default(3),
      strict: z.boolean().default(false),
      include: z.array(z.string()).default([]),
      recursive: z.boolean().optional(),
      afterArchive: z.enum(['keep', 'move']).default('keep'),
      archivePath: z.string().optional(),
      columns: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
      phone: z
        .string()
        .refine((text) => text.startsWith('+'), { error: (issue) => `${issue.input} is no number` })
        .optional(),
    }),
  ),
  declaration(
    'mailbox',
    'email',
    z.strictObject({
      host: z.string(),
      user: z.string().optional(),
      password: z.string(),
      caPath: z.string().optional(),
      folders: z.array(z.string()).optional(),
    }),
  ),
])

const root = mkdtempSync(join(tmpdir(), 'yiwang-config-'))
let folder = root
let count = 0

beforeEach(() => {
  count += 1
  folder = join(root, String(count))
  mkdirSync(folder)
})
afterAll(() => rmSync(root, { recursive: true }))

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

const source = 'sources:\n  - { id: a, connector: files, path: inbox }\n'
const load = (text: string, env = {}) => loadSettings(write('yiwang.yaml', text), env, specs)

/** The problems as `line:column text`. */
function problems(text: string, env = {}): readonly string[] {
  const checked = checkSettings(write('yiwang.yaml', text), env, specs)
  return checked.problems.map(({ place, text: { en } }) => `${place.line}:${place.column} ${en}`)
}

describe('a configuration that is right', () => {
  test('gets every default, and paths relative to its folder', () => {
    expect(load(source)).toEqual({
      path: join(folder, 'yiwang.yaml'),
      timeZone: 'Asia/Shanghai',
      store: { url: `sqlite:${folder}/var/yiwang.db` },
      blobs: { url: `file:${folder}/var/blobs` },
      redis: { url: 'redis://127.0.0.1:6379', prefix: 'yiwang' },
      outputs: [
        {
          ...{ queue: 'tickets', sources: [], channels: [], kinds: [], events: [] },
          ...{ attempts: 10, retryAfterMs: 5_000 },
        },
      ],
      dedupe: defaultDedupe,
      processing: { batchSize: 500, maxAttempts: 5, pullConcurrency: 4, leaseMs: 30_000 },
      log: { level: 'info' },
      sources: [
        {
          id: 'a',
          connector: 'files',
          name: null,
          enabled: true,
          channel: 'hotline',
          platform: null,
          timeZone: 'Asia/Shanghai',
          division: null,
          quietAfter: 'usual',
          schedule: null,
          settings: {
            path: join(folder, 'inbox'),
            limit: 3,
            strict: false,
            include: [],
            afterArchive: 'keep',
          },
        },
      ],
    })
  })

  test('gets the defaults that whoever makes settings without a file starts from', () => {
    const { processing, sources } = load(source)
    expect(processing).toEqual(defaultProcessing)
    expect(sources).toMatchObject([defaultSource])
  })

  test.each([
    ['sqlite:data/y.db', '', (f: string) => `file:${f}/data/blobs`],
    ['sqlite:/abs/y.db', 'blobs: file:kept', (f: string) => `file:${f}/kept`],
    ['mongodb://a:1,b:2/yiwang', '', () => 'gridfs:'],
    ['mongodb+srv://a/yiwang', 'blobs: file:/kept', () => 'file:/kept'],
  ])('with the store %s and "%s" keeps attachments where they belong', (store, line, expected) => {
    expect(load(`store: ${store}\n${line}\n${source}`).blobs.url).toBe(expected(folder))
  })

  test('may give an interval or a cron expression, whose zone is the source’s by default', () => {
    const { sources } = load(`
timeZone: Asia/Urumqi
sources:
  - { id: a, connector: files, path: x, schedule: { every: 5m } }
  - { id: b, connector: files, path: y, schedule: { cron: '*/5 * * * *' } }
  - { id: c, connector: files, path: z, timeZone: Asia/Tokyo, schedule: { cron: '0 8 * * 1-5' } }
  - { id: d, connector: files, path: w, schedule: { cron: '0 8 * * *', timeZone: UTC } }
`)
    expect(sources.map((one) => one.schedule)).toEqual([
      { everyMs: 300_000 },
      { cron: '*/5 * * * *', timeZone: 'Asia/Urumqi' },
      { cron: '0 8 * * 1-5', timeZone: 'Asia/Tokyo' },
      { cron: '0 8 * * *', timeZone: 'UTC' },
    ])
  })

  test.each([
    '*/60 * * * *',
    '0 */24 * * *',
    '*/30 0 8 * * *',
    '0 8 * * THU',
    '0 8 */31 */12 */7',
    '0 8 ? * MON#1',
  ])('may have the cron expression %s', (cron) => {
    const text = `sources: [{ id: a, connector: files, path: x, schedule: { cron: "${cron}" } }]`
    expect(load(text).sources[0]?.schedule).toEqual({ cron, timeZone: 'Asia/Shanghai' })
  })

  test('may repeat itself by anchors, aliases and merge keys, the map’s own keys winning', () => {
    const { sources } = load(`
sources:
  - &base { id: a, connector: files, path: one, columns: &cols { body: 内容 } }
  - { <<: *base, id: b, path: two, columns: *cols }
`)
    expect(sources[1]).toMatchObject({
      id: 'b',
      settings: { path: join(folder, 'two'), columns: { body: '内容' } },
    })
  })

  test('may give one anchor again: an alias means the last one above it', () => {
    const { sources } = load(`
sources:
  - { id: &name a, connector: files, path: *name }
  - { id: &name b, connector: files, path: *name }
  - { id: &name c, connector: files, path: d }
`)
    expect(sources.map(({ settings }) => settings.path)).toEqual(
      ['a', 'b', 'd'].map((name) => join(folder, name)),
    )
  })

  test('takes a number where a text is expected as it was written, and a text that reads as a number', () => {
    const [first] = load(
      'sources: [{ id: 007, connector: files, path: 1e3, limit: "5", strict: "true" }]',
    ).sources
    expect(first).toMatchObject({
      id: '007',
      settings: { path: join(folder, '1e3'), limit: 5, strict: true },
    })
  })

  test('may stand in a folder: lists of sources are joined by file name, other settings come from one file', () => {
    write('b.yml', 'sources: [{ id: b, connector: files, path: other }]')
    write('a.yaml', 'timeZone: UTC\nsources: [{ id: a, connector: files, path: in }]')
    write('c.yaml', '# nothing yet\n')
    write('notes.txt', 'not: [yaml')
    write('examples/d.yaml', 'not: [yaml')
    const settings = loadSettings(folder, {}, specs)
    expect(settings.sources.map((one) => [one.id, one.settings.path])).toEqual([
      ['a', join(folder, 'in')],
      ['b', join(folder, 'other')],
    ])
    expect(settings).toMatchObject({ path: folder, timeZone: 'UTC' })
  })

  test.each(['350000', '320600', '320613', '110101', '429004', '710000', '320602'])(
    'may name the division %s: a province, a city or what is or was a county',
    (code) => {
      const text = `sources: [{ id: a, connector: files, path: x, division: "${code}" }]`
      expect(load(text).sources[0]?.division).toBe(code)
    },
  )

  test('may have commas and dashes in texts that can mean nothing else', () => {
    const columns = '{ a: ["一，二"], b: 一，二, c: -一, d: "-一" }'
    const text = `sources:\n  - { id: a, connector: files, path: x, columns: ${columns} }\n`
    expect(load(text).sources[0]?.settings.columns).toEqual({
      a: ['一，二'],
      b: '一，二',
      c: '-一',
      d: '-一',
    })
  })

  test.each(['“阳光”与“清风”', '12345“热线”', '"“热线”"', '$一', '$$'])('may have the name %s', (name) => {
    const text = `sources:\n  - { id: a, connector: files, path: x, name: ${name} }\n`
    expect(load(text).sources[0]?.name).toBe(name.replaceAll('"', ''))
  })

  test('makes file names absolute in every setting that is named so', () => {
    const text = 'sources: [{ id: m, connector: mailbox, host: h, password: p, caPath: ca.pem }]'
    expect(load(text).sources[0]?.settings.caPath).toBe(join(folder, 'ca.pem'))
  })
})

describe('environment variables', () => {
  const mail = (password: string) =>
    `sources: [{ id: m, connector: mailbox, host: h, password: ${password} }]`
  const password = (text: string, env: object) => load(mail(text), { ...env }).sources[0]?.settings.password

  test.each(['\n', '\r', '\r\n'])(
    'that end with a line break (%j) are refused, and nothing else is said',
    (end) => {
      const text = `redis: { url: "\${R}" }\nsources: [{ id: m, connector: mailbox, host: h, password: "\${P}" }]\n`
      expect(problems(text, { R: `redis://h${end}`, P: `sec\nret${end}` })).toEqual([
        '1:15 The environment variable R ends with a line break, as files and "echo" write it; take it away',
        '2:59 The environment variable P ends with a line break, as files and "echo" write it; take it away',
      ])
      expect(load(text, { R: 'redis://h', P: 'sec\nret' }).sources[0]?.settings.password).toBe('sec\nret')
    },
  )

  test('are filled in after parsing, so that a value cannot become YAML', () => {
    expect(password(`"\${P}"`, { P: 'x", host: evil # }' })).toBe('x", host: evil # }')
    expect(password(`"a\${P}b\${Q:-c}$\${P}"`, { P: '1', Q: '' })).toBe(`a1bc\${P}`)
    expect(password(`"\${P:-}"`, {})).toBe('')
    expect(password(`"\${P}"`, { P: `\${Q}` })).toBe(`\${Q}`)
  })

  test('serve numbers and booleans too', () => {
    const text = `sources: [{ id: a, connector: files, path: x, limit: "\${N}", strict: "\${S:-true}" }]`
    expect(load(text, { N: '7' }).sources[0]?.settings).toMatchObject({ limit: 7, strict: true })
  })

  test('that are not set are reported where they stand, all at once, and nothing else of their value', () => {
    expect(problems(`redis: { url: "\${R}" }\n${mail(`"\${P}"`)}`, { R: '' })).toEqual([
      `1:15 The environment variable R is not set, or empty; set it, or give a default as \${R:-default}`,
      `2:59 The environment variable P is not set, or empty; set it, or give a default as \${P:-default}`,
    ])
  })

  test('that are not set do not hide that the setting itself is misspelt', () => {
    expect(problems(`redis: { prefx: "\${R}" }\n${source}`)).toEqual([
      '1:10 Unknown setting "prefx"; did you mean "prefix"?',
      `1:17 The environment variable R is not set, or empty; set it, or give a default as \${R:-default}`,
    ])
  })

  test('need a name', () => {
    const text = `"\${" must be followed by a variable name and "}"; write "$\${" for the two characters themselves`
    expect(problems(mail(`"\${1}"`))).toEqual([`1:59 ${text}`])
    expect(problems(mail(`"a\${P"`))).toEqual([`1:59 ${text}`])
    // A default cannot hold another variable: it would end at that one's brace.
    expect(problems(mail(`"\${P:-\${Q}}"`), { Q: 'x' })).toEqual([`1:59 ${text}`])
  })

  test('never show their values in an error', () => {
    const text = `
log: { level: "\${S}" }
redis: { url: "\${S}" }
outputs: [{ queue: q, sources: ["\${S}"] }]
sources:
  - { id: "\${S}", connector: files, path: x, phone: "\${S}" }
  - { id: "\${S}", connector: "\${S}" }
`
    const secret = 'hunter2-hunter2'
    const path = write('yiwang.yaml', text)
    const thrown = capture(() => loadSettings(path, { S: secret }, specs))
    expect(thrown.message.split('\n').length).toBe(7)
    expect(thrown.message).toContain(`\${S} is no number`)
    expect(JSON.stringify([thrown.message, thrown.details])).not.toContain(secret)
  })
})

describe('a configuration that is wrong', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'an unknown setting near a known one',
      `stor: sqlite:x\n${source}`,
      ['1:1 Unknown setting "stor"; did you mean "store"?'],
    ],
    [
      'an unknown setting like no other',
      `dedupe: { foo: 1 }\n${source}`,
      [`1:11 Unknown setting "foo"; known here: ${Object.keys(defaultDedupe).join(', ')}`],
    ],
    [
      'a base setting misspelt in a source',
      'sources:\n  - { id: a, connector: files, path: x, shedule: { every: 1m } }',
      ['2:41 Unknown setting "shedule"; did you mean "schedule"?'],
    ],
    [
      'a connector setting misspelt',
      'sources:\n  - { id: a, connector: files, pth: x }',
      ['2:5 The setting "path" is missing', '2:32 Unknown setting "pth"; did you mean "path"?'],
    ],
    [
      'an unknown connector',
      'sources:\n  - { id: a, connector: file }\n  - { id: b, connector: pigeon }\n  - { id: c }',
      [
        '2:25 No such connector; did you mean "files"?',
        '3:25 No such connector; known connectors: files, mailbox',
        '4:5 The setting "connector" is missing',
      ],
    ],
    [
      'a connector that is no text',
      'sources:\n  - { id: a, connector: 12345 }\n  - { id: b, connector: true }\n  - { id: c, connector: 1e3 }',
      ['2:25', '3:25', '4:25'].map((at) => `${at} No such connector; known connectors: files, mailbox`),
    ],
    [
      'the name of the connector misspelt',
      'sources:\n  - { id: a, conector: files, path: x }\n  - { id: b, \u200Bconnector: files, path: x }',
      [
        '2:5 The setting "connector" is missing',
        '2:14 Unknown setting "conector"; did you mean "connector"?',
        '3:5 The setting "connector" is missing',
        '3:14 Unknown setting "<U+200B>connector"; did you mean "connector"?',
      ],
    ],
    [
      'a schedule that is no group',
      'sources:\n  - { id: a, connector: files, path: x, schedule: 5m }',
      ['2:51 Write { every: 5m } or { cron: "0 8 * * *" }'],
    ],
    [
      'a schedule that says nothing, and one misspelt',
      'sources:\n  - { id: a, connector: files, path: x, schedule: {} }\n  - { id: b, connector: files, path: y, schedule: { crno: "0 8 * * *" } }',
      [
        '2:51 Write { every: 5m } or { cron: "0 8 * * *" }',
        '3:51 Write { every: 5m } or { cron: "0 8 * * *" }',
        '3:53 Unknown setting "crno"; did you mean "cron"?',
      ],
    ],
    ['no sources', 'timeZone: UTC', ['1:1 The setting "sources" is missing']],
    ['an empty file', '', ['1:1 The setting "sources" is missing']],
    [
      'a list at the top',
      '- a',
      ['1:1 A configuration is a group of settings (name: value)', '1:1 The setting "sources" is missing'],
    ],
    [
      'sources as a group',
      'sources: { id: a }',
      ['1:10 "sources" must be a list, not a group of settings (name: value)'],
    ],
    ['an empty list of sources', 'sources: []', ['1:10 "sources" must have at least 1 entry']],
    [
      'a source that is a text',
      'sources: [a]',
      ['1:11 "sources[]" must be a group of settings (name: value), not a text'],
    ],
    [
      'an empty group',
      `redis:\n${source}`,
      ['1:7 "redis" is empty; it must be a group of settings (name: value)'],
    ],
    [
      'a repeated source id',
      `${source}  - { id: a, connector: files, path: x }`,
      [`3:11 This source id is already used at FOLDER/yiwang.yaml:2:11`],
    ],
    [
      'a source id and a path that a merge key repeats, told at the source that takes them over',
      'sources:\n  - &a { id: a, connector: files, path: in }\n  - <<: *a\n    id: b\n  - <<: *a\n    path: x\n  - *a\n',
      [
        '3:5 Source "a" reads these files or folders already; every report would come twice',
        '5:5 This source id is already used at FOLDER/yiwang.yaml:2:14',
        '7:5 This source id is already used at FOLDER/yiwang.yaml:2:14',
        '7:5 Source "b" reads these files or folders already; every report would come twice',
      ],
    ],
    [
      'a queue that a merge key repeats',
      `outputs:\n  - &q { queue: q }\n  - { <<: *q, kinds: [help] }\n${source}`,
      ['3:5 Another output already publishes on this queue; put the filters in one output'],
    ],
    [
      'a source id with capitals',
      'sources:\n  - { id: Hotline, connector: files, path: x }',
      ['2:11 A source id is up to 63 of a-z, 0-9 and "-", and does not begin with "-"'],
    ],
    [
      'a schedule of both kinds',
      'sources:\n  - { id: a, connector: files, path: x, schedule: { every: 1m, cron: "* * * * *" } }',
      ['2:64 "cron" cannot be used together with the other settings here'],
    ],
    [
      'an interval without a unit, and one too short',
      'sources:\n  - { id: a, connector: files, path: x, schedule: { every: 60 } }\n  - { id: b, connector: files, path: x, schedule: { every: 10ms } }\n  - { id: c, connector: files, path: x, schedule: { every: 31d } }',
      [
        '2:60 Write a duration as 250ms, 60s, 5m, 2h or 1d',
        '3:60 At least 1s, at most 30d',
        '4:60 At least 1s, at most 30d',
      ],
    ],
    ...[
      '61 * * * *',
      '0 22-2 * * *',
      '8 * * *',
      '0 0 8 * * * 2030',
      '@daily',
      '',
      '0 8 31 4,6 *',
      'H 8 * * *',
      'H/5 * * * *',
      '0 8 * * H(1-5)',
    ].map((cron): [string, string, string[]] => [
      `the cron expression ${cron} that is none`,
      `sources:\n  - { id: a, connector: files, path: x, schedule: { cron: "${cron}" } }`,
      [
        '2:59 Not a cron expression of five fields (minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-7) or six (with seconds first), or one whose day never comes; ranges go upwards, 22-23,0-2 for 22-2',
      ],
    ]),
    ...['*/90 * * * *', '0 */25 * * *', '*/61 * * * * *', '0,10-50/90 8 * * *'].map(
      (cron): [string, string, string[]] => [
        `the cron expression ${cron}, whose step its field does not hold`,
        `sources:\n  - { id: a, connector: files, path: x, schedule: { cron: "${cron}" } }`,
        [
          '2:59 A step cannot be larger than its field: 60 minutes, 24 hours, 31 days, 12 months; for an interval such as 90 minutes write { every: 90m }',
        ],
      ],
    ),
    [
      'a time zone by offset',
      `timeZone: "+08:00"\n${source}`,
      ['1:11 Not a time zone; write one as Asia/Shanghai'],
    ],
    [
      'a time zone by an abbreviation that means Chicago',
      `timeZone: CST\n${source}`,
      ['1:11 Not a time zone; write one as Asia/Shanghai'],
    ],
    [
      'queue names that BullMQ refuses, a queue twice, and an unknown filter',
      `outputs:\n  - { queue: a:b }\n  - { queue: yiwang-pull }\n  - { queue: q, sources: [b] }\n  - { queue: q, kinds: [complain] }\n${source}`,
      [
        '2:14 Up to 100 of letters, digits, "_", "." and "-"; not digits alone, and not beginning with "yiwang-"',
        '3:14 Up to 100 of letters, digits, "_", "." and "-"; not digits alone, and not beginning with "yiwang-"',
        '4:27 There is no source of this id; did you mean "a"?',
        '5:14 Another output already publishes on this queue; put the filters in one output',
        '5:25 "kinds[]" must be one of consultation, help, complaint, report, suggestion, praise, other; did you mean "complaint"?',
      ],
    ],
    [
      'numbers outside their range',
      `processing: { batchSize: 0, maxAttempts: 101, pullConcurrency: 1.5 }\n${source}`,
      [
        '1:26 "batchSize" must be at least 1',
        '1:42 "maxAttempts" must be at most 100',
        '1:64 "pullConcurrency" must be a whole number, not one with a fraction',
      ],
    ],
    [
      'numbers that are none',
      `dedupe: { windowDays: .inf, incidentDays: .nan }\nprocessing: { batchSize: 1e400 }\n${source}`,
      [
        '1:23 "windowDays" must be a number, not one that is too large, .inf or .nan',
        '1:43 "incidentDays" must be a number, not one that is too large, .inf or .nan',
        '2:26 "batchSize" must be a number, not one that is too large, .inf or .nan',
      ],
    ],
    [
      'thresholds that contradict each other',
      `dedupe:\n  duplicate: { link: 0.3, review: 0.9 }\n  incident: { link: 0.2 }\n${source}`,
      [
        '2:35 "review" cannot be above "link": what is linked by itself needs no suggestion',
        '3:13 "review" cannot be above "link": what is linked by itself needs no suggestion',
      ],
    ],
    [
      'a threshold that everything passes',
      `dedupe: { incident: { link: 0, review: 0 } }\n${source}`,
      ['1:29 "link" must be more than 0'],
    ],
    [
      'a store of another make',
      `store: postgres://x\n${source}`,
      ['1:8 Write sqlite:path/to/file.db or mongodb://host/database'],
    ],
    ...[
      'redis://127.0.0.1:6379/abc',
      'redis://127.0.0.1:99999',
      'redis://not a url',
      'redis://:ge#heim@h',
      'redis://h?tls=true',
    ].map((url): [string, string, string[]] => [
      `the address ${url}`,
      `redis: { url: '${url}' }\n${source}`,
      [
        '1:15 Not an address of Redis; write redis://user:password@host:6379/0, with TLS rediss://, where 0 is the number of the database, behind ? only db, family or path, in the password @ as %40, / as %2F, ? as %3F, # as %23, : as %3A, % as %25',
      ],
    ]),
    ...['mongodb://u:gehe@im@h/db', 'mongodb://u:gehe/im@h/db', 'mongodb+srv://h:1/db'].map(
      (url): [string, string, string[]] => [
        `the address ${url}`,
        `store: '${url}'\n${source}`,
        [
          '1:8 Not an address of MongoDB; write mongodb://user:password@host:27017/database, in the password @ as %40, / as %2F, ? as %3F, # as %23, : as %3A, % as %25',
        ],
      ],
    ),
    ...['mongodb://h', 'mongodb://u:p@h:1,i/', 'mongodb+srv://h/?retryWrites=true', 'mongodb://h?w=1'].map(
      (url): [string, string, string[]] => [
        `the address ${url}, which names no database`,
        `store: '${url}'\n${source}`,
        [
          '1:8 Name the database, as in mongodb://host/yiwang, with ?authSource=admin behind it where the user is in admin; addresses without a name meant the database test',
        ],
      ],
    ),
    [
      'GridFS without MongoDB',
      `blobs: 'gridfs:'\n${source}`,
      ['1:8 "gridfs:" needs a mongodb:// store; write file:path/to/folder'],
    ],
    [
      'blobs of another kind, told in a form that YAML takes',
      `blobs: s3://x\n${source}`,
      ['1:8 Write file:path/to/folder, or "gridfs:" with the quotes'],
    ],
    [
      'GridFS with a store that is not known yet',
      `store: \${STORE_URL}\nblobs: 'gridfs:'\n${source}`,
      [
        `1:8 The environment variable STORE_URL is not set, or empty; set it, or give a default as \${STORE_URL:-default}`,
      ],
    ],
    [
      'a division that is no code',
      'sources:\n  - { id: a, connector: files, path: x, division: 3501 }',
      ['2:51 A division is a six-digit code of GB/T 2260, in quotes'],
    ],
    [
      'the postcode of Nantong as its division',
      'sources:\n  - { id: a, connector: files, path: x, division: 226000 }',
      ['2:51 No province or city has this code of GB/T 2260; a postcode is none'],
    ],
    [
      'a wrong value deep in a union of a record',
      'sources:\n  - { id: a, connector: files, path: x, columns: { body: [a, [b]] } }',
      ['2:62 "body[]" must be a text, not a list'],
    ],
    ['the same key twice', 'timeZone: UTC\ntimeZone: UTC\n', ['2:1 This key was already given above']],
    [
      'the same key after an empty one',
      'redis:\n  url:\n  url: x\n',
      ['3:3 This key was already given above'],
    ],
    [
      'a quote that runs to the end of the file',
      `timeZone: "UTC\nstore: sqlite:x\n${source}`,
      ['1:11 This quote is never closed'],
    ],
    ...[
      ['sources:\n  - id：a\n    connector: files\n', '2:7', 'FF1A'],
      ['sources:\n  - id: a\n    connector:\u3000files\n', '3:15', '3000'],
      ['sources:\n  - id: a\n\u00A0\u00A0 connector: files\n    path: x\n', '3:1', '00A0'],
      ['timeZone：Asia/Shanghai\nsources: []\n', '1:9', 'FF1A'],
      // Nothing is told of what only follows from it.
      ['sources：\n  - id: a\n    connector: files\n    path: x\n', '1:8', 'FF1A'],
      ['＃ 说明\ntimeZone: UTC\n', '1:1', 'FF03'],
      ['outputs:\n  － queue: a\n  - queue: b\n', '2:3', 'FF0D'],
      ['redis: { url: x， prefix: y }\n', '1:16', 'FF0C'],
      ['redis: ｛ url: x ｝\n', '1:8', 'FF5B'],
      ['sources:\n  - include: ["*.csv"，"*.xls"]\n', '2:22', 'FF0C'],
      ['sources:\n  - columns: { body: ["诉求内容"、"补充"] }\n', '2:29', '3001'],
      ["sources:\n  - include: ['*.csv'；'*.xls']\n", '2:22', 'FF1B'],
      ['redis: { "url"："x" }\n', '1:15', 'FF1A'],
      ['redis: { url: "x"， prefix: y }\n', '1:18', 'FF0C'],
    ].map(([text = '', at, name]): [string, string, string[]] => [
      `the character U+${name} where YAML has another`,
      text,
      [
        `${at} This character (U+${name}) only looks like one of YAML's; type the half-width one, and a space after ":" and "-"`,
      ],
    ]),
    [
      'an open quote around such a character',
      `timeZone: "时区：\n${source}`,
      ['1:11 This quote is never closed'],
    ],
    ...[
      ['redis:\n  url: x\n    prefix: y\n', '3:5'],
      ['sources:\n  - id: a\n      connector: files\n      path: x\n', '3:7'],
    ].map(([text = '', at]): [string, string, string[]] => [
      `a line too deep at ${at}`,
      text,
      [`${at} This line is indented further than its group; all lines of a group begin in one column`],
    ]),
    [
      'a source that is not deep enough',
      'sources:\n  - id: a\n   connector: files\n    path: x\n',
      ['3:4 The indentation does not fit the lines around it, or a bracket is not closed'],
    ],
    [
      'a first line that is too deep',
      'redis:\n    url: x\n  prefix: y\ndedupe:\n    similar: true\n  windowDays: 1\n',
      ['3:3 The indentation does not fit the lines around it, or a bracket is not closed'],
    ],
    [
      'a dash missing, and nothing of the lines that are right',
      'outputs:\n    queue: a\n  - queue: b\n  - queue: c\n',
      ['3:3 The indentation does not fit the lines around it, or a bracket is not closed'],
    ],
    [
      'a tab, and nothing of the lines that are right',
      'sources:\n  - id: a\n    include:\n\t- x\n    columns: { body: x }\n    path: x\n  - id: b\n',
      ['4:1 Tabs cannot indent YAML; use spaces'],
    ],
    ...[
      ['redis: {\n\turl: x\n}\n', '2:1'],
      ['sources:\n  - id: a\n  \tconnector: files\n', '3:3'],
      ['outputs:\n  - kinds: [\n    \thelp,\n    ]\n', '3:5'],
    ].map(([text = '', at]): [string, string, string[]] => [
      `a tab at ${at} that the parser does not complain of`,
      text,
      [`${at} Tabs cannot indent YAML; use spaces`],
    ]),
    ...[
      ['schedule: { cron: "0 8 * * *" timeZone: UTC }', '2:35'],
      ['columns: { body: a phone: b }', '2:24'],
      ['columns: { body: a, phone: b c email: c }', '2:36'],
      ['columns: {\n      body: a\n      phone: b\n    }', '4:7'],
    ].map(([text = '', at]): [string, string, string[]] => [
      `a comma missing at ${at}`,
      `sources:\n  - ${text}\n`,
      [`${at} A comma is missing before the next name`],
    ]),
    [
      'a comma missing between texts in quotes',
      'sources:\n  - include: ["*.csv""*.xls"]\n',
      ['2:22 Something is missing here: a closing quote or bracket, a comma, or the space after ":"'],
    ],
    [
      'lines with dashes inside brackets',
      'sources: [\n  - id: a\n    path: x\n]\n',
      ['2:3 Lines with "-" or "key:" cannot stand inside [ ] or { }'],
    ],
    [
      'no space after a dash',
      'sources:\n  -id: a\n   connector: files\n   path: x\n',
      ['2:3 The space after "-" is missing'],
    ],
    [
      'no space after a colon',
      'sources:\n  - id:a\n    connector: files\n    path: x\n',
      ['2:5 A key must stand on one line; is a ":" missing, or the space after it?'],
    ],
    [
      'no space after a colon inside brackets',
      `redis: {prefix:a}\n${source}`,
      ['1:9 Unknown setting "prefix:…"; after a name come a half-width ":" and a space'],
    ],
    [
      'a full-width colon inside brackets',
      `redis: { prefix：a }\n${source}`,
      ['1:10 Unknown setting "prefix：…"; after a name come a half-width ":" and a space'],
    ],
    ...['cron: * * * * *', 'cron: */5 * * * *', 'cron: */5 * * * *, timeZone: UTC'].map(
      (cron): [string, string, string[]] => [
        `"${cron}" without quotes`,
        `sources:\n  - { id: a, connector: files, path: x, schedule: { ${cron} } }`,
        ['2:59 A text that begins with "*" needs quotes'],
      ],
    ),
    [
      'a cron expression without quotes in a line of its own',
      'sources:\n  - id: a\n    schedule:\n      cron: */5 * * * *\n      timeZone: UTC\n',
      ['4:13 A text that begins with "*" needs quotes'],
    ],
    ...['|geheim', '>geheim'].map((password): [string, string, string[]] => [
      `the password ${password} without quotes`,
      `sources:\n  - id: m\n    password: ${password}\n    host: h\n`,
      ['3:15 A plain text cannot begin with this character; put it in quotes'],
    ]),
    [
      'a password that begins with "&" and has no quotes',
      'sources:\n  - id: m\n    connector: mailbox\n    host: h\n    password: &ge/heim\n',
      ['5:15 A plain text cannot begin with this character; put it in quotes'],
    ],
    ...[
      ['{ id: “a”, connector: files, path: x }', '2:11'],
      ['{ id: a, connector: “files”, path: x }', '2:25'],
      ['{ id: a, connector: files, path: ‘x’ }', '2:38'],
      ['{ id: a, connector: files, path: x, include: [＂*.csv＂] }', '2:51'],
    ].map(([text, at]): [string, string, string[]] => [
      `quotes at ${at} that are none`,
      `sources:\n  - ${text}\n`,
      [`${at} YAML takes these quotes for a part of the text; type half-width ones`],
    ]),
    ...['$MAILBOX_PASSWORD', '"$MAILBOX_PASSWORD"', '￥{PASSWORD}', '$｛Password｝', '＄{P｝'].map(
      (password): [string, string, string[]] => [
        `${password} for a variable`,
        `sources:\n  - id: m\n    connector: mailbox\n    host: h\n    password: ${password}\n`,
        [
          `5:15 An environment variable is written \${NAME}, all three marks half-width; where $NAME itself is meant, write \${NAME:-$NAME}`,
        ],
      ],
    ),
    ...['sqlite:~/y.db', '~/inbox'].map((path): [string, string, string[]] => [
      `${path}, which only a shell understands`,
      `store: ${path}\nsources: [{ id: a, connector: files, path: x }]\n`,
      [`1:8 "~" is not the home folder here; write \${HOME}/… or the whole path`],
    ]),
    [
      'a variable without braces in a path',
      'store: sqlite:$HOME/y.db\nsources: [{ id: a, connector: files, path: $HOME/in }]\n',
      [
        `1:8 An environment variable is written \${NAME}, all three marks half-width; where $NAME itself is meant, write \${NAME:-$NAME}`,
        `2:44 An environment variable is written \${NAME}, all three marks half-width; where $NAME itself is meant, write \${NAME:-$NAME}`,
      ],
    ],
    ['a tab as indentation', 'redis:\n\turl: x\n', ['2:1 Tabs cannot indent YAML; use spaces']],
    [
      'an open bracket',
      'sources: [\n',
      ['2:1 The indentation does not fit the lines around it, or a bracket is not closed'],
    ],
    ...[
      ['folders: [INBOX，投诉]', '2:15'],
      ['columns: { body: [诉求内容，补充], phone: [电话] }', '2:23'],
      ['include: [x.csv， "y.xls"]', '2:15'],
    ].map(([text = '', at]): [string, string, string[]] => [
      `a full-width comma in the list at ${at}`,
      `sources:\n  - ${text}\n`,
      [
        `${at} A full-width comma parts no entries; type a half-width one, or put the text in quotes if it is a part of it`,
      ],
    ]),
    ...['-诉求内容\n        -补充', '-诉求内容', '-诉求内容\n        - 补充', '-"诉求内容"'].map(
      (lines): [string, string, string[]] => [
        `no space after the dash of ${lines}`,
        `sources:\n  - columns:\n      body:\n        ${lines}\n`,
        ['4:9 The space after "-" is missing'],
      ],
    ),
    ...['base', '[*base, base]', ''].map((name): [string, string, string[]] => [
      `"${name}" for what is merged`,
      `redis: &base { url: x }\nprocessing: { <<: ${name} }\n`,
      ['2:15 After "<<:" comes *name, where &name marks a group of settings'],
    ]),
    ['an open quote', 'timeZone: "UTC', ['1:11 This quote is never closed']],
    [
      'a second document',
      'a: 1\n---\nb: 2\n',
      ['2:1 A second document (---) in one file; write one document per file'],
    ],
    [
      'a tag',
      'timeZone: !zone UTC\n',
      ['1:11 Tags (!name) are not supported; put a text that begins with "!" in quotes'],
    ],
    [
      'a tag that YAML itself knows',
      `timeZone: !!binary VVRD\n${source}`,
      ['1:20 Tags (!name) are not supported; put a text that begins with "!" in quotes'],
    ],
    [
      'an alias without an anchor',
      'timeZone: *zone\n',
      [
        '1:11 This alias (*name) has no anchor (&name) before it, or refers to itself; a text that begins with "*" needs quotes',
      ],
    ],
    [
      'an alias of itself',
      'redis: &r { url: *r }',
      [
        '1:18 This alias (*name) has no anchor (&name) before it, or refers to itself; a text that begins with "*" needs quotes',
      ],
    ],
    ['a key that is no text', '? [a]\n: 1\n', ['1:3 This cannot be a key; a key is a text']],
    ['a list for a key', `${source}# so\n[a]: 4\n`, ['4:1 This cannot be a key; a key is a text']],
    ['the key __proto__', `__proto__: { a: 1 }\n${source}`, ['1:1 This cannot be a key; a key is a text']],
  ]

  test.each(cases)('with %s is refused at the place', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected.map((one) => one.replace('FOLDER', folder)))
  })

  test('of two enabled sources that read the same files names the second', () => {
    const text = (more: string) => `
sources:
  - { id: a, connector: files, path: in }
  - { id: b, connector: files, path: ./in/${more} }
  - { id: c, connector: files, path: in, enabled: false }
`
    expect(problems(text(''))).toEqual([
      '4:38 Source "a" reads these files or folders already; every report would come twice',
    ])
    for (const more of [', enabled: false', 'deeper']) expect(problems(text(more))).toEqual([])
  })

  test('of two sources, one reading a folder and one a file in it, names the second unless the first passes it over', () => {
    write('in/day.csv', '')
    const text = (first: string, file = 'in/day.csv') => `
sources:
  - { id: a, connector: files, path: in${first} }
  - { id: b, connector: files, path: ${file} }
`
    const refused = ['4:38 Source "a" reads these files or folders already; every report would come twice']
    for (const first of ['', ', include: ["*.CSV"]']) expect(problems(text(first))).toEqual(refused)
    expect(problems(text('', 'in/no.csv'))).toEqual([])
    expect(problems(text(', include: ["*.xls"]'))).toEqual([])
  })

  test('of two sources on one path takes them if each names its own part, one reading all and one within it not', () => {
    const text = (first: string, second: string) => `
sources:
  - { id: a, connector: files, path: in${first} }
  - { id: b, connector: files, path: in${second} }
`
    const refused = [
      expect.stringContaining(
        'Source "a" reads these files or folders already; every report would come twice',
      ),
    ]
    expect(problems(text(', include: ["*.csv"]', ', include: ["*.xlsx"]'))).toEqual([])
    expect(problems(text(', include: ["*.csv"]', ', include: ["*.csv"]'))).toEqual(refused)
    expect(problems(text('', ', include: ["*.csv"]'))).toEqual(refused)
    expect(problems(text(', include: ["*.csv"]', ''))).toEqual(refused)
    expect(problems(text(', recursive: true', '/deeper'))).toEqual(refused)
    expect(problems(text('/deeper', ', recursive: true'))).toEqual(refused)
    expect(problems(text(', recursive: true', 'side'))).toEqual([])
  })

  test('that keeps its store in a folder of exports names the source that would read it', () => {
    const text = (more: string) =>
      `store: sqlite:in/yiwang.db\nsources:\n  - { id: a, connector: files, path: in${more} }\n`
    expect(problems(text(''))).toEqual([
      '3:38 The store lies in this folder, and its files would come in at every pull; give it a folder of its own',
    ])
    for (const more of ['/exports', ', include: ["*.csv"]', ', enabled: false'])
      expect(problems(text(more))).toEqual([])
  })

  test('that moves files to where a source reads them names the folder', () => {
    const text = (first: string, second = '') => `
sources:
  - { id: a, connector: files, path: in, afterArchive: move, archivePath: ${first} }
  - { id: b, connector: files, path: other${second} }
`
    const refused = (id: string) => [
      `3:75 Source "${id}" reads this folder, and would read the moved files again; name another one`,
    ]
    expect(problems(text('in/'))).toEqual(refused('a'))
    expect(problems(text('other'))).toEqual(refused('b'))
    expect(problems(text('other/done', ', recursive: true'))).toEqual(refused('b'))
    for (const second of ['', ', enabled: false', ', include: ["*.xls"]'])
      expect(problems(text('other/done', second))).toEqual([])
    expect(problems(text('other', ', enabled: false'))).toEqual([])
    expect(problems(text('in/done, recursive: true'))).toEqual([])
    expect(problems(text('in').replace('afterArchive: move', 'strict: true'))).toEqual([])
  })

  test('that moves files to the default folder, where another source reads, names that', () => {
    write('in/day.csv', '')
    const text = (path: string, other: string) => `
sources:
  - { id: a, connector: files, path: ${path}, afterArchive: move }
  - { id: b, connector: files, path: ${other} }
`
    const told =
      'Source "b" reads the folder "archived" that files are moved to, and would read them again; name another one as "archivePath"'
    expect(problems(text('in', 'in/archived'))).toEqual([`3:56 ${told}`])
    expect(problems(text('in/day.csv', 'in/archived'))).toEqual([`3:64 ${told}`])
    expect(problems(text('in', 'archived'))).toEqual([])
    expect(problems(text('in', 'in/archived').replace('move', 'keep'))).toEqual([])
  })

  test('that moves files by a merge key to where another source reads names the source that takes it over', () => {
    const text = `
sources:
  - &a { id: a, connector: files, path: in, afterArchive: move, archivePath: done }
  - { <<: *a, id: b, path: done }
`
    const refused = 'Source "b" reads this folder, and would read the moved files again; name another one'
    expect(problems(text)).toEqual([`3:78 ${refused}`, `4:5 ${refused}`])
  })

  test('of two enabled sources that read a folder of the same mailbox names the second', () => {
    const text = (folders: string, more = '') => `
sources:
  - { id: a, connector: mailbox, host: mx.example.org, user: u, password: p, folders: [INBOX, 投诉] }
  - { id: b, connector: mailbox, host: MX.example.org, user: u, password: p, folders: ${folders}${more} }
`
    for (const folders of ['[Other, 投诉]', '[inbox]'])
      expect(problems(text(folders))).toEqual([
        '4:87 Source "a" reads these files or folders already; every report would come twice',
      ])
    expect(problems(text('[Other]'))).toEqual([])
    expect(problems(text('[inbox]', ', enabled: false'))).toEqual([])
    expect(problems(text('[inbox]').replace(/MX/, 'mail'))).toEqual([])
  })

  test('of several files names the one whose sources are no list', () => {
    write('a.yaml', source)
    write('b.yaml', 'sources: { id: mail }\n')
    const found = checkSettings(folder, {}, specs).problems
    expect(found.map(({ place, text }) => [place.file, place.line, text.en])).toEqual([
      [join(folder, 'b.yaml'), 1, '"sources" must be a list'],
    ])
  })

  test('of several files names both places of a setting given twice, and of a source id', () => {
    write('a.yaml', `timeZone: UTC\n${source}`)
    write('b.yaml', `${source}timeZone: UTC\n`)
    const found = checkSettings(folder, {}, specs).problems
    expect(found.map(({ place, text }) => [place.file, place.line, place.column, text.en])).toEqual([
      [join(folder, 'b.yaml'), 2, 11, `This source id is already used at ${folder}/a.yaml:3:11`],
      [
        join(folder, 'b.yaml'),
        3,
        1,
        `"timeZone" is already set at ${folder}/a.yaml:1:1; only "sources" may stand in several files`,
      ],
    ])
  })

  test('reports the broken syntax of every file, and nothing that might only follow from it', () => {
    write('a.yaml', 'sources: [')
    write('b.yaml', 'a: 1\na: 2\n')
    write('c.yaml', 'nonsense: 1')
    expect(checkSettings(folder, {}, specs).problems.map(({ place }) => place.file)).toEqual([
      join(folder, 'a.yaml'),
      join(folder, 'b.yaml'),
    ])
  })

  test('as GB18030 is told to become UTF-8, at the first byte that is not', () => {
    const bytes = Buffer.concat([Buffer.from('timeZone: UTC\nname: '), Buffer.from([0xd6, 0xd0, 0xce, 0xc4])])
    const [found] = checkSettings(write('yiwang.yaml', bytes), {}, specs).problems
    expect(found?.place).toMatchObject({ line: 2, column: 7 })
    expect(found?.text.zh).toBe('文件从此处起不是 UTF-8 编码；请在编辑器中另存为 UTF-8')
  })

  test('throws CONFIG_INVALID with one line per problem, in either language', () => {
    const path = write('yiwang.yaml', `stor: x\n${source}`)
    const thrown = capture(() => loadSettings(path, {}, specs))
    expect([thrown.code, thrown.kind]).toEqual(['CONFIG_INVALID', 'config'])
    expect(thrown.message).toContain(`\n  ${path}:1:1: Unknown setting "stor"; did you mean "store"?\n`)
    expect(describeError(thrown.code, thrown.details, 'zh')).toContain(
      `\n  ${path}:1:1: 未知的设置 "stor"；是否应为 "store"？\n`,
    )
  })

  test('names a mistake once that an alias repeats', () => {
    const base = `&base { id: a, connector: mailbox, host: h, password: "\${NOPE}" }`
    expect(problems(`sources:\n  - ${base}\n  - { <<: *base, id: b, password: p }\n`)).toEqual([
      expect.stringMatching(/^2:\d+ The environment variable NOPE is not set/),
    ])
  })

  test('that is a pipe or a device is CONFIG_UNREADABLE', () => {
    const { code, details } = capture(() => loadSettings('/dev/null', {}, specs))
    expect([code, details.reason]).toEqual(['CONFIG_UNREADABLE', 'neither a file nor a folder'])
  })

  test('that is not there, or a folder without one, is CONFIG_NOT_FOUND', () => {
    expect(capture(() => loadSettings(join(folder, 'none.yaml'), {}, specs)).code).toBe('CONFIG_NOT_FOUND')
    expect(capture(() => loadSettings(folder, {}, specs)).code).toBe('CONFIG_NOT_FOUND')
  })

  test('with a link to nothing in its folder names the link', () => {
    write('a.yaml', source)
    symlinkSync('moved.yaml', join(folder, 'b.yaml'))
    const thrown = capture(() => loadSettings(folder, {}, specs))
    expect([thrown.code, thrown.details]).toEqual([
      'CONFIG_UNREADABLE',
      { path: join(folder, 'b.yaml'), reason: 'a link that leads nowhere' },
    ])
  })

  test('larger than a configuration can be is refused unread', () => {
    expect(problems(`#${'x'.repeat(1024 * 1024)}`)).toEqual([
      '1:1 The file is larger than 1 MiB; is it a configuration?',
    ])
  })
})

describe('hostile input', () => {
  const limits = /^\d+:\d+ The file nests too deeply, or its aliases grow/

  test('nested beyond reason is refused', () => {
    expect(problems('['.repeat(100_000))[0]).toMatch(limits)
    expect(problems(`a: ${'['.repeat(100)}${']'.repeat(100)}`)).toEqual([expect.stringMatching(limits)])
  })

  test('that grows by aliases is refused once, quickly', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
    )
    const started = process.threadCpuUsage()
    expect(problems(`a0: &a0 [x]\n${levels.join('\n')}`)).toEqual([expect.stringMatching(limits)])
    expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(5000)
  })

  test('of thousands of aliases is read at once', () => {
    const fields = Array.from({ length: 6000 }, (_, at) => `  k${at}: { <<: *base, b: *name }`)
    const started = process.threadCpuUsage()
    expect(problems(`a: &base { c: &name x }\nd:\n${fields.join('\n')}`).length).toBeGreaterThan(0)
    expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(5000)
  })

  test('never makes the loader throw anything but a YiwangError', () => {
    const words = fc.constantFrom(
      ...[
        'sources',
        'id',
        'connector',
        'files',
        'path',
        ': ',
        ':',
        '- ',
        '\n',
        '\n  ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '&a ',
        '*a',
      ],
      ...[
        '<<',
        '"',
        "'",
        '|',
        '>',
        '#',
        '!x ',
        '? ',
        '---\n',
        `\${A}`,
        `\${B:-1}`,
        `\${`,
        '~',
        '1',
        'true',
        'schedule',
        '\t',
        '%',
        '\0',
      ],
      ...['outputs', 'queue', 'columns', 'constructor', '__proto__', 'log', 'level', 'limit'],
    )
    const text = fc.oneof(
      fc.array(words, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    const path = write('yiwang.yaml', '')
    const holds = (given: string) => {
      writeFileSync(path, given)
      const thrown = capture(() => loadSettings(path, { A: 'value' }, specs))
      expect(thrown.code).toBe('CONFIG_INVALID')
    }
    fc.assert(fc.property(text, holds), { numRuns: 400 })
  })

  test('of the right shape never throws anything but a YiwangError either', () => {
    const path = write('yiwang.yaml', '')
    const value = fc.jsonValue({ maxDepth: 3 })
    const key = fc.constantFrom(
      'timeZone',
      'store',
      'blobs',
      'redis',
      'outputs',
      'dedupe',
      'processing',
      'log',
    )
    const sourceKey = fc.constantFrom('id', 'connector', 'schedule', 'path', 'columns', 'division', 'enabled')
    const sources = fc.array(
      fc.dictionary(sourceKey, fc.oneof(value, fc.constantFrom('a', 'files', { every: '1m' }))),
    )
    const holds = (top: object, list: readonly object[]) => {
      writeFileSync(path, JSON.stringify({ ...top, sources: list }))
      const thrown = capture(() => loadSettings(path, {}, specs))
      expect(thrown.code).toBe('CONFIG_INVALID')
    }
    fc.assert(fc.property(fc.dictionary(key, value), sources, holds), { numRuns: 250 })
  })
})

/** What was thrown; a run that throws nothing counts as invalid, so that properties can hold for luck too. */
function capture(run: () => unknown): YiwangError {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof YiwangError) return thrown
    throw thrown
  }
  return new YiwangError('CONFIG_INVALID', { problems: 'none' })
}
