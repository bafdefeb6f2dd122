import { BaseSource, Configuration } from '../../config/schema.ts'
import type { ConnectorDeclaration } from '../../config/settings.ts'
import { inputSchema } from '../cli/schemas.ts'
import { settingsTable } from './settings-table.ts'

/** config/REFERENCE.md: every setting, its type, default and meaning in both languages. */
export function renderReferencePage(specs: ReadonlyMap<string, ConnectorDeclaration>): string {
  const { sources: _, ...top } = Configuration.shape
  const parts = [
    '# Settings 配置参考',
    intro,
    '## The whole configuration 全局',
    settingsTable(inputSchema(Configuration.pick(keysOf(top)))),
    '## Every source 每个来源',
    'The entries of the list `sources`; the settings of the connector stand beside these.\n列表 `sources` 的各项；连接器自身的设置与这些并列。',
    settingsTable(inputSchema(BaseSource)),
    ...[...specs.values()].flatMap(connectorSection),
  ]
  return `${parts.join('\n\n')}\n`
}

const intro = [
  'Durations are written `250ms`, `60s`, `5m`, `2h`, `1d`; what ends in `Ms`, `Bytes` or `Days` is a plain number.',
  `\`\${NAME}\` stands for an environment variable, \`\${NAME:-default}\` for one that may be missing, \`$\${\` for the characters themselves.`,
  '',
  '时长写成 `250ms`、`60s`、`5m`、`2h`、`1d`；名称以 `Ms`、`Bytes`、`Days` 结尾的设置只写数字。',
  `\`\${NAME}\` 表示环境变量，\`\${NAME:-default}\` 表示可缺省的变量，\`$\${\` 表示这两个字符本身。`,
].join('\n')

function connectorSection(spec: ConnectorDeclaration): readonly string[] {
  return [
    `## ${spec.kind}: ${spec.name.en} ${spec.name.zh}`,
    `${spec.summary.en}\n\n${spec.summary.zh}`,
    settingsTable(inputSchema(spec.settings)),
    `\`\`\`yaml\nsources:\n${spec.example.trimEnd()}\n\`\`\``,
  ]
}

function keysOf<Shape extends object>(shape: Shape): { [Key in keyof Shape]: true } {
  return Object.fromEntries(Object.keys(shape).map((key) => [key, true])) as { [Key in keyof Shape]: true }
}
