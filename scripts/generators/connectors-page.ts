import type { LocalText } from '../../config/locale.ts'
import type { ConnectorSpec, Need } from '../../connectors/connector.ts'
import { cell, table } from './markdown.ts'

const needs: Readonly<Record<Need, LocalText>> = {
  folder: { en: 'a folder', zh: '文件夹' },
  login: { en: 'a login', zh: '登录账号' },
  'public-url': { en: 'a public URL', zh: '公网地址' },
  browser: { en: 'a browser', zh: '浏览器' },
}

type Declared = Pick<
  ConnectorSpec,
  'kind' | 'version' | 'name' | 'summary' | 'channel' | 'normalizer' | 'needs' | 'risks'
>

/** connectors/CONNECTORS.md: what can be read, what each connector needs, and what can go wrong with it. */
export function renderConnectorsPage(specs: ReadonlyMap<string, Declared>): string {
  const all = [...specs.values()]
  const overview = table(
    ['Connector', 'Reads 读取', 'Channel 渠道', 'Normalizer', 'Needs 需要'],
    all.map((spec) => [
      `\`${spec.kind}\` ${spec.version}`,
      cell(`${spec.name.en} ${spec.name.zh}`),
      `\`${spec.channel}\``,
      `\`${spec.normalizer}\``,
      spec.needs.map((need) => `${needs[need].en} ${needs[need].zh}`).join('; '),
    ]),
  )
  const sections = all.map((spec) => {
    const risks = spec.risks.map(({ en, zh }) => `- ${en}\n  ${zh}`).join('\n')
    return [
      `## ${spec.kind}`,
      `${spec.summary.en}\n\n${spec.summary.zh}`,
      ...(risks === '' ? [] : [risks]),
    ].join('\n\n')
  })
  const settings = 'The settings of each: [config/REFERENCE.md](../config/REFERENCE.md). 各项设置见该页。'
  return `${['# Connectors 连接器', settings, overview, ...sections].join('\n\n')}\n`
}
