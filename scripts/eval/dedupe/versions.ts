import { Converter } from 'opencc-js/cn2t'
import type { Verdict } from '../../cli/tune/pipeline-run.ts'
import type { EvalRow } from '../../cli/tune/rows.ts'
import { pseudoRandom } from './pseudo-random.ts'

type Told = Pick<EvalRow, 'title' | 'body'>
type Random = () => number
type Version = (title: string, body: string, random: Random) => Told

const traditional = Converter({ from: 'cn', to: 'tw' })
const ofHongKong = Converter({ from: 'cn', to: 'hk' })

/** What channels and operators make of a report, and how somebody sends it once more. */
const versions: Readonly<Record<string, Version>> = {
  equal: (title, body) => ({ title, body }),
  'title in the text': (title, body) => ({ title: null, body: `${title}\n${body}` }),
  'title and text exchanged': (title, body) => ({ title: body, body: title }),
  'another title': (_, body) => ({ title: '求助', body }),
  'head and tail of an operator': (title, body) => ({
    title,
    body: `市民来电反映：${body}，请相关部门核实处理并回复。`,
  }),
  'told of somebody': (_, body) => ({
    title: null,
    body: `市民反映，${body.replace(/我们|我|本人/gu, '其').replace(/您好|你好|谢谢|！/gu, '')}望处理。`,
  }),
  'cut at 70 characters': (title, body) => ({ title: null, body: `${title}。${body}`.slice(0, 70) }),
  'cut at 200 characters': (title, body) => ({ title, body: body.slice(0, 200) }),
  'cut in the middle': (title, body) => ({ title, body: body.slice(0, Math.ceil(body.length / 2)) }),
  'second half only': (title, body) => ({ title, body: body.slice(Math.floor(body.length / 2)) }),
  'a third of the sentences left out': (title, body, random) => {
    return {
      title,
      body:
        sentences(body)
          .filter(() => random() > 1 / 3)
          .join('') || body,
    }
  },
  'sentences in another order': (title, body) => ({ title, body: sentences(body).toReversed().join('') }),
  'something added': (title, body) => {
    return {
      title,
      body: `${body}补充：到现在已经好几天了，还是没有人来处理，也没有人打电话，请领导重视，谢谢！`,
    }
  },
  'other punctuation': (title, body) => {
    return { title, body: body.replace(/[，,]/gu, ' ').replace(/[。！？]/gu, '\n') }
  },
  'three characters in a hundred mistyped': (title, body, random) => {
    return { title, body: mistyped(body, random) }
  },
  'full width': (title, body) => ({ title: fullWidth(title), body: fullWidth(body) }),
  'traditional characters': (title, body) => ({ title: traditional(title), body: traditional(body) }),
  'traditional characters of Hong Kong': (title, body) => {
    return { title: ofHongKong(title), body: ofHongKong(body) }
  },
}

function sentences(text: string): readonly string[] {
  return text.split(/(?<=[。！？；\n])/u)
}

/** Characters dropped, doubled or replaced, but no figure. */
function mistyped(text: string, random: Random): string {
  const typed = (character: string) => {
    const chance = random()
    if (chance > 0.03 || /\d/u.test(character)) return character
    return chance < 0.01 ? '' : chance < 0.02 ? character + character : '的'
  }
  return [...text].map(typed).join('')
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/gu, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
}

/** A report that was made from an earlier one. */
export interface Made {
  readonly id: string
  readonly of: string
  readonly version: string
  readonly reporter: 'named' | 'unknown'
}

export interface Versioned {
  /** In order of arrival. */
  readonly rows: readonly EvalRow[]
  readonly made: readonly Made[]
}

/** Shorter texts are left as they are: a half of 「没水了」 is no report. */
const fewestCharacters = 40
const dayMs = 86_400_000
const mostDays = 12

/**
 * The reports, and of each that is long enough one version that arrives by another channel one to twelve days later,
 * under the same name or by somebody unknown. Each version and its original are labelled as one report; a report without
 * a label is taken to stand alone, so that repeats which nobody has labelled count as wrong.
 */
export function withVersions(rows: readonly EvalRow[]): Versioned {
  const names = Object.keys(versions)
  const random = pseudoRandom(1)
  const made: Made[] = []
  const arrivals: { readonly row: EvalRow; readonly at: number }[] = []
  let at = 0
  for (const row of rows) {
    at = row.submittedAt === null ? at : Date.parse(row.submittedAt)
    const labelled = { ...row, report: row.report ?? row.id, incident: undefined }
    arrivals.push({ row: labelled, at })
    if (row.body === null || row.body.length < fewestCharacters) continue
    const count = made.length
    const version = names[count % names.length] ?? ''
    const reporter = Math.floor(count / names.length) % 2 === 0 ? 'named' : 'unknown'
    const arrivesAt = at + (1 + (count % mostDays)) * dayMs
    const id = `${row.id} ${version}`
    made.push({ id, of: row.id, version, reporter })
    const person = reporter === 'named' ? {} : { name: null, phone: null }
    const told = versions[version]?.(row.title ?? '', row.body, random)
    const submittedAt = new Date(arrivesAt).toISOString()
    const { idIsNumber: _, ...unnumbered } = labelled
    const sent = { ...unnumbered, ...person, ...told, id, submittedAt, channel: otherChannel(row) }
    arrivals.push({ row: { ...sent, sourceId: `other-${sent.channel}` }, at: arrivesAt })
  }
  return { rows: arrivals.sort((a, b) => a.at - b.at).map(({ row }) => row), made }
}

function otherChannel({ channel }: EvalRow): EvalRow['channel'] {
  return channel === 'hotline' ? 'board' : 'hotline'
}

/** How many versions there were of each kind, and how many of them were found. */
export interface VersionCount {
  readonly version: string
  readonly reporter: Made['reporter']
  readonly made: number
  readonly found: number
}

/** Counts the versions that were linked to the master of their originals, by kind and reporter. */
export function countFound(
  made: readonly Made[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly VersionCount[] {
  const master = (id: string) => verdicts.get(id)?.masterId ?? id
  const groups = Map.groupBy(made, ({ version, reporter }) => `${reporter} ${version}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const found = group.filter(({ id, of }) => master(id) === master(of)).length
    return [{ version: first.version, reporter: first.reporter, made: group.length, found }]
  })
}
