import { ratio } from './ratio.ts'

/** One labelled row, in order of arrival, for one of the two tasks. */
export interface Judged {
  readonly channel: string
  /** The cluster that a person put it in; null: alone. */
  readonly gold: string | null
  /** The cluster that was predicted; null: alone. */
  readonly predicted: string | null
  /** Rows that share this value are not compared with each other at all; null: compared with all. */
  readonly apart: string | null
}

/** Counts over unordered pairs of rows. */
export interface PairCounts {
  /** Pairs that belong together. */
  pairs: number
  /** Pairs that were put together. */
  found: number
  /** Pairs that were, and rightly. */
  true: number
}

/** The same counts, and what follows from them. */
export interface PairScore extends Readonly<PairCounts> {
  readonly missed: number
  readonly wrong: number
  /** Null where nothing was found. */
  readonly precision: number | null
  /** Null where there was nothing to find. */
  readonly recall: number | null
}

/** B-cubed (Bagga and Baldwin 1998): precision and recall averaged over rows, each against its own clusters. */
export interface BCubed {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export interface Score extends PairScore {
  readonly bcubed: BCubed
}

export interface ChannelScore extends PairScore {
  readonly channels: string
}

/** The score of one task, in all and by channel. */
export interface Tables {
  readonly score: Score
  /** By the channel of the later row of a pair. */
  readonly byChannel: readonly ChannelScore[]
  /** By both channels, in alphabetical order: `board + sms`. */
  readonly byChannelPair: readonly ChannelScore[]
}

/** Scores one task in time linear in the rows: pairs are counted by cluster and channel, never listed. */
export function scoreTask(rows: readonly Judged[]): Tables {
  const gold = new ClusterCounts()
  const predicted = new ClusterCounts()
  const both = new ClusterCounts()
  const cells = new Map<string, Cell>()
  const channels = [...new Set(rows.map(({ channel }) => channel))]
  for (const row of rows) {
    const keys = keysOf(row)
    for (const earlier of channels) {
      const name = `${row.channel}\0${earlier}`
      const cell = cells.get(name) ?? { later: row.channel, earlier, counts: { pairs: 0, found: 0, true: 0 } }
      cells.set(name, cell)
      cell.counts.pairs += gold.others(keys.gold, row.apart, earlier)
      cell.counts.found += predicted.others(keys.predicted, row.apart, earlier)
      cell.counts.true += both.others(keys.both, row.apart, earlier)
    }
    gold.add(keys.gold, row)
    predicted.add(keys.predicted, row)
    both.add(keys.both, row)
  }
  const all = [...cells.values()]
  return {
    score: {
      ...pairScore(sum(all.map(({ counts }) => counts))),
      bcubed: bcubed(rows, gold, predicted, both),
    },
    byChannel: table(all, ({ later }) => later),
    byChannelPair: table(all, ({ later, earlier }) => [later, earlier].sort().join(' + ')),
  }
}

/** Counts with what follows from them. */
function pairScore(counts: Readonly<PairCounts>): PairScore {
  const { pairs, found } = counts
  return {
    pairs,
    found,
    true: counts.true,
    missed: pairs - counts.true,
    wrong: found - counts.true,
    precision: ratio(counts.true, found),
    recall: ratio(counts.true, pairs),
  }
}

/** Cluster keys of a row; null where it stands alone and so has no pair. */
function keysOf({ gold, predicted }: Judged) {
  return { gold, predicted, both: gold === null || predicted === null ? null : `${gold}\0${predicted}` }
}

/** How many rows of each channel a cluster holds so far, in all and within each set of rows kept apart. */
class ClusterCounts {
  private readonly counts = new Map<string, Map<string, number>>()

  add(cluster: string | null, { apart, channel }: Judged): void {
    if (cluster === null) return
    this.increase(cluster, channel)
    if (apart !== null) this.increase(`${cluster}\0\0${apart}`, channel)
  }

  /** Rows in the cluster that are compared with a row of the set `apart`, itself not taken off. */
  others(cluster: string | null, apart: string | null, channel: string): number {
    if (cluster === null) return 0
    const all = this.counts.get(cluster)?.get(channel) ?? 0
    const same = apart === null ? 0 : (this.counts.get(`${cluster}\0\0${apart}`)?.get(channel) ?? 0)
    return all - same
  }

  /** Size of the cluster as a row of it sees it: itself, and all that it is compared with. */
  size(cluster: string | null, apart: string | null): number {
    if (cluster === null) return 1
    const total = (key: string) => [...(this.counts.get(key)?.values() ?? [])].reduce((sum, n) => sum + n, 0)
    return apart === null ? total(cluster) : total(cluster) - total(`${cluster}\0\0${apart}`) + 1
  }

  private increase(key: string, channel: string): void {
    const byChannel = this.counts.get(key) ?? new Map<string, number>()
    this.counts.set(key, byChannel)
    byChannel.set(channel, (byChannel.get(channel) ?? 0) + 1)
  }
}

function bcubed(
  rows: readonly Judged[],
  gold: ClusterCounts,
  predicted: ClusterCounts,
  both: ClusterCounts,
): BCubed {
  let precision = 0
  let recall = 0
  for (const row of rows) {
    const keys = keysOf(row)
    const right = both.size(keys.both, row.apart)
    precision += right / predicted.size(keys.predicted, row.apart)
    recall += right / gold.size(keys.gold, row.apart)
  }
  precision = rows.length === 0 ? 1 : precision / rows.length
  recall = rows.length === 0 ? 1 : recall / rows.length
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) }
}

interface Cell {
  readonly later: string
  readonly earlier: string
  readonly counts: PairCounts
}

function table(cells: readonly Cell[], nameOf: (cell: Cell) => string): readonly ChannelScore[] {
  return [...Map.groupBy(cells, nameOf)]
    .map(([channels, members]) => ({ channels, ...pairScore(sum(members.map(({ counts }) => counts))) }))
    .filter(({ pairs, found }) => pairs + found > 0)
    .sort((a, b) => (a.channels < b.channels ? -1 : 1))
}

function sum(all: readonly PairCounts[]): PairCounts {
  const total = { pairs: 0, found: 0, true: 0 }
  for (const counts of all) {
    total.pairs += counts.pairs
    total.found += counts.found
    total.true += counts.true
  }
  return total
}
