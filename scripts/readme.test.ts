import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSettings } from '../config/load.ts'
import { connectorSpecs } from '../connectors/registry.ts'
import { Cli } from './cli/cli.ts'
import { buildProgram } from './cli/program.ts'

const root = join(import.meta.dirname, '..')
const pages = ['README.md', 'README.zh-CN.md', 'scripts/README.md']
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

function found(page: string, pattern: RegExp): readonly string[] {
  return [...readFileSync(join(root, page), 'utf8').matchAll(pattern)].map((match) => match[1] ?? '')
}

test.each(pages)('what %s links to is there', (page) => {
  const links = found(page, /\]\((?!https?:)([^)#]+)/g)
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([])
})

test.each(pages)('the scripts that %s names are there', (page) => {
  const scripts = found(page, /\.\/(scripts\/\w+)/g)
  expect(scripts.filter((script) => !existsSync(join(root, script)))).toEqual([])
  const runs = found(page, /npm run ([\w:-]+)/g)
  expect(runs.filter((run) => manifest.scripts[run] === undefined)).toEqual([])
})

test.each(['README.md', 'README.zh-CN.md'])('%s lists exactly the commands of the command line', (page) => {
  const context = {
    ...{ argv: [], env: {}, cwd: root, progress: null, columns: null, signal: new AbortController().signal },
    ...{ out: () => {}, outBytes: () => {}, taken: async () => {}, err: () => {} },
  }
  const program = buildProgram(new Cli(context, 'en'))
  const commands = program.commands.map((command) => command.name()).sort()
  expect([...new Set(found(page, /^\| `yiwang (\w+)/gm))].toSorted()).toEqual(commands)
})

test.each(['README.md', 'README.zh-CN.md'])(
  'the consumer in %s listens where tickets go by default',
  (page) => {
    const { redis, outputs } = loadSettings(join(root, 'config/examples/minimal.yaml'), {}, connectorSpecs)
    expect(found(page, /prefix: '(.*?)'/g)).toEqual([redis.prefix])
    expect(found(page, /new Worker\('(.*?)'/g)).toEqual(outputs.map(({ queue }) => queue))
  },
)

test.each(['README.md', 'README.zh-CN.md'])(
  'the consumer in %s installs the client of Redis too, which BullMQ does not bring',
  (page) => expect(found(page, /`npm install (bullmq.*?)`/g)).toEqual(['bullmq ioredis']),
)

test.each(['README.md', 'README.zh-CN.md'])('the source in %s reads the folder that init makes', (page) => {
  const [made] = found('scripts/cli/init-files.ts', /^ {4}path: (.*)$/gm)
  expect(found(page, /^ {4}path: (.*)$/gm)).toEqual([made])
})

test.each(['README.md', 'README.zh-CN.md'])(
  'with the line for cron in %s only what goes to standard error is mailed, and no mail comes of a calm pull',
  (page) =>
    expect(found(page, /`(\*\/5 .*?)`/g)).toEqual([expect.stringMatching(/ yiwang pull >\/dev\/null$/)]),
)

test.each(['README.md', 'README.zh-CN.md'])(
  'the service in %s is not given up by systemd, which does that after five starts within ten seconds',
  (page) => expect(Number(found(page, /^RestartSec=(\d+)$/gm))).toBeGreaterThan(2),
)
