import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { messages } from './messages.ts'
import { capturedRun } from './testing/captured-run.ts'

const root = mkdtempSync(join(tmpdir(), 'yiwang-cli-'))
let cwd = root
let count = 0

beforeEach(() => {
  count += 1
  cwd = join(root, String(count))
  mkdirSync(cwd)
})
afterAll(() => rmSync(root, { recursive: true }))

const yiwang = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  capturedRun(argv, { cwd, env })

describe('help', () => {
  test('goes to standard output with exit 0, and names every command', async () => {
    const { code, out, err } = await yiwang(['--help'])
    expect([code, err]).toEqual([0, ''])
    const commands = [
      'init',
      'lint',
      'check',
      'pull',
      'run',
      'import',
      'status',
      'tickets',
      'explain',
      'quarantine',
    ]
    for (const name of [...commands, 'reconcile', 'republish', 'migrate', 'schema'])
      expect(out).toContain(`\n  ${name}`)
  })

  test.each([
    [['--help'], { LANG: 'zh_CN.UTF-8' }, '用法：'],
    [['--locale', 'zh', '--help'], {}, '用法：'],
    [['pull', '--help', '--locale=zh'], { LANG: 'en_US' }, '采集一次'],
    [['--locale', 'en', '--help'], { LC_ALL: 'zh_CN' }, 'Usage:'],
  ])('of %j with %j speaks the right language', async (argv, env, word) => {
    expect((await yiwang(argv, env as Record<string, string>)).out).toContain(word)
  })
})

test('the help of a reading command names the options that it takes', async () => {
  for (const command of ['tickets', 'tickets show', 'explain'])
    expect((await yiwang([...command.split(' '), '--help'])).out, command).toMatch(/--full.*--json/s)
})

test('help in English names each choice once', async () => {
  expect((await yiwang(['tickets', '--help'])).out).toContain('(choices: email, sms,')
})

test('a group of commands without one of them shows its help, and nothing else, as a failure', async () => {
  const { code, out, err } = await yiwang(['quarantine'])
  expect([code, out]).toEqual([1, ''])
  expect(err).toBe((await yiwang(['quarantine', '--help'])).out)
})

describe('help in Chinese', () => {
  test.each([
    [['tickets'], '（默认：50）'],
    [['tickets'], '（可选：email 电子邮件、sms 短信、'],
    [['tickets'], '（可选：new 新诉求、duplicate 重复、related 同一事件）'],
    [['schema'], '（可选：ticket、job、config；默认：ticket）'],
    [['quarantine', 'discard'], '原因，留作记录'],
  ])('of %j says defaults and choices in Chinese', async (argv, words) => {
    const { out } = await yiwang([...argv, '--help', '--locale', 'zh'])
    expect(out).toContain(words)
    expect(out).not.toMatch(/default|choices/)
  })
})

test('an id is told in quotes, so that an empty one or a space after it shows', async () => {
  expect((await yiwang(['init'])).code).toBe(0)
  expect((await yiwang(['tickets', 'show', 'T-1 '])).err).toMatch(
    /^ITEM_UNKNOWN: Nothing is known under "T-1 "\. /,
  )
  expect((await yiwang(['explain', ''])).err).toMatch(/^ITEM_UNKNOWN: Nothing is known under ""\. /)
})

test('help says which command it does not know', async () => {
  expect((await yiwang(['help', 'bogus'])).err).toMatch(/\nUnknown command "bogus"\.\n$/)
  expect((await yiwang(['help', 'pull'])).code).toBe(0)
})

test('a locale that we do not speak is refused in the language of the environment', async () => {
  const { err } = await yiwang(['--locale', 'fr', 'status'], { LANG: 'zh_CN.UTF-8' })
  expect(err).toBe('"--locale <locale>" 的值无效；可用：en, zh。\n')
})

describe('a command line that makes no sense', () => {
  test.each([
    [['frobnicate'], "error: unknown command 'frobnicate'", '未知命令 "frobnicate"。'],
    [
      ['pull', '--al'],
      "error: unknown option '--al'\n(Did you mean --all?)",
      '未知选项 "--al"。（是否应为 --all？）',
    ],
    [['pul'], "error: unknown command 'pul'\n(Did you mean pull?)", '未知命令 "pul"。（是否应为 pull？）'],
    [
      ['quarantine', 'redrive', '--code', 'ROW_NOTEXT'],
      "error: option '--code <code>' argument 'ROW_NOTEXT' is invalid. ROW_NO_TEXT",
      '"--code <code>" 的值无效；可用：ROW_NO_TEXT。',
    ],
    [['explain'], "error: missing required argument 'id'", '缺少参数 "id"。'],
    [
      ['lint', 'a'],
      "error: too many arguments for 'lint'. Expected 0 arguments but got 1.",
      '"lint" 的参数过多。',
    ],
    [
      ['tickets', '--limit', '0'],
      "error: option '--limit <count>' argument '0' is invalid. 1, 2, 3 … 100000",
      '"--limit <count>" 的值无效；可用：1, 2, 3 … 100000。',
    ],
    [
      ['tickets', '--incident', 'T-YPFTAA3H8KNKRZPPQQDPZG40MS'],
      "error: option '--incident <id>' argument 'T-YPFTAA3H8KNKRZPPQQDPZG40MS' is invalid. I-…",
      '"--incident <id>" 的值无效；可用：I-…。',
    ],
    // A list stands in memory as a whole, and nothing stops it: half a million tickets ended in INTERNAL.
    ...[['tickets'], ['quarantine', 'list'], ['incidents'], ['import', 'FILE']].map(
      (words): [string[], string, string] => [
        [...words, '--limit', '100001'],
        "error: option '--limit <count>' argument '100001' is invalid. 1, 2, 3 … 100000",
        '"--limit <count>" 的值无效；可用：1, 2, 3 … 100000。',
      ],
    ),
    [
      ['schema', 'old'],
      "error: command-argument value 'old' is invalid for argument 'what'. Allowed choices are ticket, job, config.",
      '"old" 的值无效；可用：ticket, job, config。',
    ],
    [
      ['tickets', '--verdict', 'old'],
      "error: option '--verdict <verdict>' argument 'old' is invalid. Allowed choices are new, duplicate, related.",
      '"--verdict <verdict>" 的值无效；可用：new, duplicate, related。',
    ],
    [
      ['quarantine', 'discard', '--source', 'a', '--source', 'b'],
      "error: option '--source <id>' is given twice",
      '选项 "--source <id>" 重复给出。',
    ],
    [
      ['lint', '--config'],
      "error: option '-c, --config <path>' argument missing",
      '选项 "-c, --config <path>" 需要一个值。',
    ],
  ])('%j exits 1 and says why in either language', async (argv, en, zh) => {
    expect(await yiwang(argv)).toEqual({ code: 1, out: '', err: `${en}\n` })
    expect(await yiwang(['--locale', 'zh', ...argv])).toEqual({ code: 1, out: '', err: `${zh}\n` })
  })
})

describe('init', () => {
  test.each(['en', 'zh'])('writes a configuration in %s that lint accepts', async (locale) => {
    expect((await yiwang(['init', '--locale', locale])).code).toBe(0)
    expect(readFileSync(join(cwd, 'inbox/hotline/sample.csv'), 'utf8')).toContain('SAMPLE-0001')
    expect(await yiwang(['lint'])).toEqual({ code: 0, out: 'yiwang.yaml is valid; sources: 1.\n', err: '' })
  })

  test.each(['en', 'zh'])('tells in %s what to remove for a mailbox and columns', async (locale) => {
    await yiwang(['init', '--locale', locale])
    const config = join(cwd, 'yiwang.yaml')
    const text = readFileSync(config, 'utf8')
    const [, mark] = /(?:Remove|去掉).*?"(.+?)"/.exec(text) ?? []
    const settings = new RegExp(`^( +)${mark}( *(?:- )?[a-z]+: .*)$`, 'gm')
    writeFileSync(config, text.replace(settings, '$1$2'))
    expect(readFileSync(config, 'utf8')).toMatch(/^ +columns: .*^ +password: /ms)
    const { out, err } = await yiwang(['lint'], { MAYOR_INBOX_PASSWORD: 'x' })
    expect([out, err]).toEqual(['yiwang.yaml is valid; sources: 2.\n', ''])
  })

  test('writes into another folder, and never over a configuration', async () => {
    expect((await yiwang(['init', 'office'])).out).toContain('office/yiwang.yaml')
    writeFileSync(join(cwd, 'office/yiwang.yaml'), 'mine: true\n')
    const again = await yiwang(['init', 'office'])
    expect([again.code, again.out]).toEqual([78, ''])
    expect(again.err).toMatch(/^CONFIG_EXISTS: /)
    expect(readFileSync(join(cwd, 'office/yiwang.yaml'), 'utf8')).toBe('mine: true\n')
  })

  test('leaves a sample alone that is there already', async () => {
    mkdirSync(join(cwd, 'inbox/hotline'), { recursive: true })
    writeFileSync(join(cwd, 'inbox/hotline/sample.csv'), 'mine')
    expect((await yiwang(['init'])).code).toBe(0)
    expect(readFileSync(join(cwd, 'inbox/hotline/sample.csv'), 'utf8')).toBe('mine')
  })

  test('names next steps that work where the reader stands', async () => {
    const step = 'yiwang import --dry-run inbox/hotline/sample.csv'
    expect((await yiwang(['init', 'office'])).out).toContain(`"cd office && ${step}"`)
    expect((await yiwang(['init'])).out).toContain(` "${step}"`)
    expect((await yiwang(['init', "the mayor's office"])).out).toContain(
      `"cd 'the mayor'\\''s office' && ${step}"`,
    )
  })

  test('says when it cannot write', async () => {
    writeFileSync(join(cwd, 'office'), '')
    const { code, err } = await yiwang(['init', 'office'])
    expect(code).toBe(1)
    expect(err).toMatch(/^PATH_NOT_WRITTEN: .*office\/inbox\/hotline\/sample\.csv/)
  })
})

describe('lint', () => {
  const wrong = 'stor: x\nsources: [{ id: a, connector: hotline-export }]\n'

  test('lists every problem by file, line and column, with exit 78', async () => {
    writeFileSync(join(cwd, 'yiwang.yaml'), wrong)
    expect(await yiwang(['lint'])).toEqual({
      code: 78,
      out: '',
      err: [
        'yiwang.yaml:1:1: Unknown setting "stor"; did you mean "store"?',
        'yiwang.yaml:2:11: The setting "path" is missing',
        'Problems: 2.\n',
      ].join('\n'),
    })
  })

  test('gives the problems to programs', async () => {
    writeFileSync(join(cwd, 'yiwang.yaml'), wrong)
    const { code, out } = await yiwang(['lint', '--json', '--locale', 'zh'])
    const file = join(cwd, 'yiwang.yaml')
    expect(code).toBe(78)
    expect(JSON.parse(out)).toEqual({
      path: file,
      ok: false,
      sources: null,
      problems: [
        { file, line: 1, column: 1, text: '未知的设置 "stor"；是否应为 "store"？' },
        { file, line: 2, column: 11, text: '缺少设置 "path"' },
      ],
    })
  })

  test('without a configuration exits 78 and tells how to get one', async () => {
    const { code, err } = await yiwang(['lint'])
    expect(code).toBe(78)
    expect(err).toBe(
      `CONFIG_NOT_FOUND: No configuration at ${cwd}/yiwang.yaml. Run "yiwang init" to write one, or name another with --config.\n`,
    )
  })
})

describe('a command that was asked for a document', () => {
  const document = async (argv: readonly string[]) => {
    const { code, out, err } = await yiwang([...argv, '--json'])
    return { code, err, ...JSON.parse(out) }
  }

  test('says in one what it failed with before it had anything to tell', async () => {
    const { code, err, problem } = await document(['pull'])
    expect([code, problem]).toEqual([
      78,
      { code: 'CONFIG_NOT_FOUND', kind: 'config', message: err.trimEnd() },
    ])
    writeFileSync(
      join(cwd, 'yiwang.yaml'),
      'store: sqlite:a.db\nsources: [{ id: a, connector: hotline-export, path: x }]\n',
    )
    expect(await document(['check', 'b'])).toMatchObject({ code: 78, problem: { code: 'SOURCE_UNKNOWN' } })
    expect(await document(['import', 'none'])).toMatchObject({
      code: 1,
      problem: { code: 'PATH_UNREADABLE' },
    })
  })

  test('gives only one when it fails after that', async () => {
    writeFileSync(
      join(cwd, 'yiwang.yaml'),
      'store: sqlite:a.db\nsources: [{ id: a, connector: hotline-export, path: x }]\n',
    )
    await yiwang(['status'])
    const database = new DatabaseSync(join(cwd, 'a.db'))
    database.exec('DROP TABLE outbox')
    database.close()
    const { code, problem, sources } = await document(['pull'])
    expect([code, problem.code]).toEqual([1, 'INTERNAL'])
    expect(sources).toMatchObject([{ sourceId: 'a', error: { code: 'SOURCE_PATH' } }])
  })
})

describe('the configuration is looked for', () => {
  const good = 'sources: [{ id: a, connector: hotline-export, path: x }]\n'
  const linted = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { code, out } = await yiwang(['lint', '--json', ...argv], env)
    return code === 0 ? JSON.parse(out).path : code
  }

  test('by --config, then YIWANG_CONFIG, then ./yiwang.yaml, then ./config', async () => {
    mkdirSync(join(cwd, 'config/examples'), { recursive: true })
    writeFileSync(join(cwd, 'config/examples/a.yaml'), 'nothing: here')
    expect(await linted([])).toBe(78)
    writeFileSync(join(cwd, 'config/a.yml'), good)
    expect(await linted([])).toBe(join(cwd, 'config'))
    writeFileSync(join(cwd, 'yiwang.yaml'), good)
    expect(await linted([])).toBe(join(cwd, 'yiwang.yaml'))
    writeFileSync(join(cwd, 'b.yaml'), good)
    expect(await linted([], { YIWANG_CONFIG: 'b.yaml' })).toBe(join(cwd, 'b.yaml'))
    expect(await linted(['-c', 'config'], { YIWANG_CONFIG: 'b.yaml' })).toBe(join(cwd, 'config'))
  })

  test('and under an empty name, as an unset variable gives it, no other is taken', async () => {
    writeFileSync(join(cwd, 'yiwang.yaml'), good)
    const none = {
      code: 78,
      out: '',
      err: expect.stringMatching(/^CONFIG_NOT_FOUND: No configuration at ""\. /),
    }
    expect(await yiwang(['--config', '', 'lint'], { YIWANG_CONFIG: 'yiwang.yaml' })).toEqual(none)
    expect(await yiwang(['--config=', 'dedupe', 'tune', 'a.jsonl'])).toEqual(none)
  })

  test.each(['yiwang.yaml', 'config'])('and a %s that may not be looked at is named', async (name) => {
    symlinkSync(name, join(cwd, name))
    const { code, err } = await yiwang(['lint'])
    expect([code, err]).toEqual([
      78,
      `CONFIG_UNREADABLE: The configuration ${join(cwd, name)} cannot be read (ELOOP). Check its permissions and its owner, and of a link where it leads.\n`,
    ])
  })
})

describe('schema', () => {
  test.each([
    [[], 'Canonical ticket, version 1'],
    [['ticket'], 'Canonical ticket, version 1'],
    [['job'], 'Job on an output queue'],
    [['config', '--json'], 'Yiwang configuration'],
  ])('%j prints one JSON Schema', async (argv, title) => {
    const { code, out, err } = await yiwang(['schema', ...argv])
    expect([code, JSON.parse(out).title, err]).toEqual([0, title, ''])
  })
})

test('every text of the table has the same places in both languages', () => {
  const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()
  for (const [key, { en, zh }] of Object.entries(messages)) {
    expect([key, places(zh)]).toEqual([key, places(en)])
    expect(en).not.toMatch(/\p{Script=Han}/u)
  }
})
