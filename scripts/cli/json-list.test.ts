import { expect, test } from 'vitest'
import { Cli } from './cli.ts'
import { textTable } from './text-table.ts'

const pages = [
  [
    { id: 'a', texts: ['one\ntwo', ''] },
    { id: 'b', texts: [] },
  ],
  [],
  [{ id: 'c' }],
]

function listing(taken: () => Promise<void>, columns: number | null = null) {
  const said = { out: '' }
  const context = {
    ...{ argv: [], env: {}, cwd: '/', progress: null, columns, outBytes: () => {}, err: () => {} },
    signal: new AbortController().signal,
    out: (text: string) => {
      said.out += text
    },
    taken,
  }
  return { cli: new Cli(context, 'en'), said }
}

async function* from<Value>(values: readonly Value[]) {
  yield* values
}

test.each([[pages], [[[]]], [[]]])(
  'a list that is written as it comes is the same document: %j',
  async (all) => {
    const { cli, said } = listing(async () => {})
    await cli.jsonList('tickets', from(all))
    expect(said.out).toBe(`${JSON.stringify({ tickets: all.flat() }, null, 2)}\n`)
  },
)

test('no page is asked for before the reader has taken the one before', async () => {
  const asked: number[] = []
  const takes: (() => void)[] = []
  const { cli } = listing(() => new Promise((resolve) => takes.push(resolve)))
  async function* counted() {
    for (const [index, page] of [[1], [2]].entries()) {
      asked.push(index)
      yield page
    }
  }
  const listed = cli.jsonList('numbers', counted())
  await expect.poll(() => takes.length).toBe(1)
  expect(asked).toEqual([0])
  takes[0]?.()
  await expect.poll(() => takes.length).toBe(2)
  expect(asked).toEqual([0, 1])
  takes[1]?.()
  await listed
})

test.each([null, 14])('a table of pages is that of all rows at once, %s columns wide', async (columns) => {
  const rows = [
    ['a', '一二三四', 'one\ntwo'],
    ['bcd', '五', ''],
    ['e', '', 'six and seven and eight'],
  ]
  const { cli, said } = listing(async () => {}, columns)
  await cli.table(() => from([rows.slice(0, 1), [], rows.slice(1)]))
  expect(said.out).toBe(
    textTable(rows, columns)
      .map((line) => `${line}\n`)
      .join(''),
  )
})

test('what fails before the first page leaves the document owed', async () => {
  const { cli, said } = listing(async () => {})
  cli.begin({ json: true })
  const failing = async function* (): AsyncGenerator<readonly unknown[]> {
    yield* []
    throw new Error('away')
  }
  await expect(cli.jsonList('tickets', failing())).rejects.toThrow('away')
  expect([said.out, cli.owesJson]).toEqual(['', true])
})
