import { catalogue, type ErrorKind } from '../../config/errors.ts'
import { cell } from './markdown.ts'

const kinds: Readonly<Record<ErrorKind, string>> = {
  config: 'config: change a file; not retried; exit code 78 / 修改配置；不重试；退出码 78',
  auth: 'auth: renew a credential; retried slowly, a command ends with exit code 1 / 更新凭据；低频重试，命令以退出码 1 结束',
  transient:
    'transient: passes; what runs by itself tries again, a command ends with exit code 1 / 暂时性故障；后台任务自动重试，命令以退出码 1 结束',
  data: 'data: the input is not what it should be; an item is quarantined, a command ends with exit code 1 / 输入有误；条目被隔离，命令以退出码 1 结束',
  bug: 'bug: ours; retried a few times, then quarantined / 程序缺陷；重试数次后隔离',
}

/** config/ERRORS.md: every code of the catalogue, what it means and what to do, in both languages. */
export function renderErrorsPage(): string {
  const entries = Object.entries(catalogue).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const sections = entries.map(([code, { kind, what, todo }]) =>
    [
      `## ${code}`,
      '',
      `*${kinds[kind]}*`,
      '',
      '| | What happened 发生了什么 | What to do 如何处理 |',
      '|---|---|---|',
      `| en | ${cell(what.en)} | ${cell(todo.en)} |`,
      `| zh | ${cell(what.zh)} | ${cell(todo.zh)} |`,
    ].join('\n'),
  )
  const head = [
    '# Errors 错误代码',
    '',
    '`{name}` stands for a detail of the case at hand. Codes are never reused.',
    '`{name}` 表示具体情况中的细节。代码不会重复使用。',
  ].join('\n')
  return `${[head, ...sections].join('\n\n')}\n`
}

/** config/error-codes.txt: every code that was ever published, one per line. A code once in it stays. */
export function renderErrorCodes(published: string): string {
  const codes = new Set([...published.split('\n').filter((line) => line !== ''), ...Object.keys(catalogue)])
  return `${[...codes].toSorted().join('\n')}\n`
}
