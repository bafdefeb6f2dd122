import type { LinkCounts, LinkWrite } from './store.ts'

/** What counting needs of a link. */
export type CountedLink = Pick<LinkWrite, 'reporterKey' | 'channel'>

/** The links to this master among those about to be written; of two by one ticket the later counts. */
export function linksAmong(links: readonly LinkWrite[], masterId: string): CountedLink[] {
  const last = new Map(links.map((link) => [link.ticketId, link]))
  return [...last.values()].filter((link) => link.masterId === masterId)
}

/** Counts over links to one master, each ticket given once. @param own the reporter of the master itself */
export function countLinks(links: readonly CountedLink[], own: string | null): LinkCounts {
  const reporters = new Set(links.map(({ reporterKey }) => reporterKey))
  reporters.delete(null)
  reporters.delete(own)
  return {
    reports: links.length,
    reporters: reporters.size,
    channels: [...new Set(links.map(({ channel }) => channel))].sort(),
  }
}
