import type { Place, Problem } from './problem.ts'
import type { YamlEntry, YamlNode } from './yaml-tree.ts'

/**
 * The trees of several files as one: `sources` lists one after the other, any other setting from the one file that has it.
 * A setting in two files is a problem that names both places.
 */
export function mergeTrees(trees: readonly YamlNode[], start: Place, problems: Problem[]): YamlNode {
  const entries = new Map<string, YamlEntry>()
  for (const tree of trees) {
    if (tree.kind !== 'map') {
      problems.push({ place: tree.place, text: notAMap })
      continue
    }
    for (const [key, entry] of tree.entries) {
      const earlier = entries.get(key)
      if (earlier === undefined) entries.set(key, entry)
      else if (key === 'sources')
        entries.set(key, { ...earlier, node: joinLists(earlier.node, entry.node, problems) })
      else problems.push({ place: entry.keyPlace, text: givenTwice(key, earlier.keyPlace) })
    }
  }
  const place = trees[0]?.place ?? start
  return { kind: 'map', place, entries, scalar: null, text: '', secret: false, unset: false }
}

function joinLists(first: YamlNode, second: YamlNode, problems: Problem[]): YamlNode {
  const wrong = [first, second].find((node) => node.kind !== 'list')
  if (wrong !== undefined) {
    problems.push({ place: wrong.place, text: sourcesNotAList })
    return first
  }
  const all = [...first.entries.values(), ...second.entries.values()]
  return { ...first, entries: new Map(all.map((entry, index) => [String(index), entry])) }
}

const notAMap = {
  en: 'A configuration is a group of settings (name: value)',
  zh: '配置文件的内容应为一组设置（名称: 值）',
}

const sourcesNotAList = { en: '"sources" must be a list', zh: '"sources" 应为列表' }

const givenTwice = (key: string, { file, line, column }: Place) => ({
  en: `"${key}" is already set at ${file}:${line}:${column}; only "sources" may stand in several files`,
  zh: `"${key}" 已在 ${file}:${line}:${column} 处设置；只有 "sources" 可以分写在多个文件中`,
})
