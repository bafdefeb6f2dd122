import { districts, people, slots, topics } from './report-texts.ts'

/** One row of a hotline export, before it is written in a file's own way. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly phone: string
  readonly anonymous: boolean
  readonly kind: string
  readonly category: string
  readonly department: string
  readonly title: string
  readonly text: string
  /** Local time as written by the clerks, `YYYY-MM-DD HH:mm:ss`. */
  readonly at: string
  readonly district: string
  readonly place: string
  readonly status: string
  readonly reply: string
}

/** Picks from a list; the same seed gives the same picks, so that the samples can be made again byte for byte. */
export type Pick = <Value>(values: readonly Value[]) => Value

/** A small linear congruential generator (Numerical Recipes' constants): enough for samples. */
export function pickerOf(seed: number): Pick {
  let state = seed
  return (values) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const value = values[Math.floor((state / 2 ** 32) * values.length)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }
}

/** `count` different reports whose texts are not among `used`; adds them to it. */
export function makeRows(pick: Pick, idPrefix: string, count: number, used: Set<string>): readonly Row[] {
  const rows: Row[] = []
  while (rows.length < count) {
    const row = makeRow(pick, `${idPrefix}${String(rows.length + 1).padStart(4, '0')}`, rows.length)
    if (!used.has(row.text)) rows.push(row)
    used.add(row.text)
  }
  return rows
}

function makeRow(pick: Pick, id: string, index: number): Row {
  const topic = pick(topics)
  const text = fill(pick(topic.texts), pick)
  const [name, sex] = pick(people)
  const done = pick([true, false, false])
  const digits = Array.from({ length: 4 }, () =>
    pick(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']),
  ).join('')
  return {
    id,
    name: pick([name, `${surnameOf(name)}${sex === '男' ? '先生' : '女士'}`]),
    phone: `1380013${digits}`,
    anonymous: false,
    kind: topic.kind,
    category: topic.category,
    department: topic.department,
    title: topic.title,
    text,
    at: `2025-03-${two(2 + Math.floor(index / 3))} ${two(8 + (index % 11))}:${two((index * 17) % 60)}:${two((index * 29) % 60)}`,
    district: pick([...districts, '']),
    place: /[\p{Script=Han}]{2,4}(?:路|大道)\d*号?/u.exec(text)?.[0] ?? '',
    status: done ? '已办结' : pick(['待办理', '办理中']),
    reply: done ? `经${topic.department}核实，已安排处理，并电话告知市民。` : '',
  }
}

function fill(template: string, pick: Pick): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => pick(slots[name] ?? [place]))
}

function surnameOf(name: string): string {
  return name.startsWith('欧阳') ? '欧阳' : [...name].slice(0, 1).join('')
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
