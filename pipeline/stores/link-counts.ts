import type { LinkCounts, LinkWrite } from './store.ts'

/** What counting needs of a link; `reporterKey` as {@link countedReporter} gives it. */
export interface CountedLink {
  readonly ticketId: string
  readonly reporterKey: string | null
  readonly channel: LinkWrite['channel']
}

/** The reporter that a link adds to its master's count; null for an unknown one and for the master's own. */
export function countedReporter(link: LinkWrite): string | null {
  return link.reporterKey === link.masterReporterKey ? null : link.reporterKey
}

/** The links to this master among those about to be written; of two by one ticket the later counts. */
export function linksAmong(links: readonly LinkWrite[], masterId: string): CountedLink[] {
  const last = new Map(links.map((link) => [link.ticketId, link]))
  return [...last.values()]
    .filter((link) => link.masterId === masterId)
    .map((link) => ({ ticketId: link.ticketId, reporterKey: countedReporter(link), channel: link.channel }))
}

/** Counts over links to one master, each ticket given once. */
export function countLinks(links: readonly CountedLink[]): LinkCounts {
  const reporters = new Set(links.map(({ reporterKey }) => reporterKey).filter((key) => key !== null))
  return {
    reports: links.length,
    reporters: reporters.size,
    channels: [...new Set(links.map(({ channel }) => channel))].sort(),
  }
}
