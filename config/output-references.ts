import type { CheckOptions } from './check-node.ts'
import { nearest } from './nearest.ts'
import { placeWithin, type YamlEntry, type YamlNode } from './yaml-tree.ts'

/** Reports queues that two outputs publish on, and filters on sources that there are not. */
export function refuseBadOutputs(root: YamlNode, sources: readonly YamlEntry[], options: CheckOptions): void {
  const outputs = children(root.entries.get('outputs')?.node).filter((output) => output.kind === 'map')
  refuseRepeatedQueues(outputs, options)
  const ids = sources.flatMap(({ node }) => node.entries.get('id')?.node.text ?? [])
  for (const output of outputs) {
    for (const named of children(output.entries.get('sources')?.node)) {
      if (named.kind !== 'scalar' || named.unset || ids.includes(named.text)) continue
      options.problems.push({ place: named.place, text: unknownSource(named, ids) })
    }
  }
}

function refuseRepeatedQueues(outputs: readonly YamlNode[], { problems }: CheckOptions): void {
  const seen = new Set<string>()
  for (const output of outputs) {
    const queue = output.entries.get('queue')?.node
    if (queue === undefined || queue.unset) continue
    if (seen.has(queue.text)) problems.push({ place: placeWithin(output, queue), text: repeatedQueue })
    seen.add(queue.text)
  }
}

function children(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? [...node.entries.values()].map((entry) => entry.node) : []
}

function unknownSource(named: YamlNode, ids: readonly string[]) {
  const meant = named.secret ? null : nearest(named.text, ids)
  return {
    en: `There is no source of this id${meant === null ? '' : `; did you mean "${meant}"?`}`,
    zh: `没有此标识的来源${meant === null ? '' : `；是否应为 "${meant}"？`}`,
  }
}

const repeatedQueue = {
  en: 'Another output already publishes on this queue; put the filters in one output',
  zh: '已有另一个输出发布到该队列；请把过滤条件写在同一个输出中',
}
