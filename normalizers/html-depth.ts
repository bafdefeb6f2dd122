const none: ReadonlySet<string> = new Set()
const names = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const voids = names('area base br col embed hr img input link meta param source track wbr')

/** Which open elements the start of another ends, as HTML parsers do where end tags are left out. */
const ends = new Map<string, ReadonlySet<string>>([
  ...'p div table ul ol h1 h2 h3 h4 blockquote pre hr form'
    .split(' ')
    .map((name) => [name, names('p')] as const),
  ['li', names('li')],
  ['td', names('td th')],
  ['th', names('td th')],
  ['tr', names('td th tr')],
  ['dt', names('dt dd')],
  ['dd', names('dt dd')],
  ['option', names('option')],
])

/** How far up an end tag looks for its start; a stray one ends nothing. */
const reach = 16

/**
 * Whether elements nest deeper than `limit`, in one linear pass. HTML parsers pay for nesting with the square
 * of its depth and recursion with the stack, so this is asked before parsing.
 *
 * @param counted the elements that count; all of them where none are named
 */
export function nestsDeeperThan(limit: number, html: string, counted?: ReadonlySet<string>): boolean {
  const open: string[] = []
  for (const [, slash, tag = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9:-]{0,40})/gi)) {
    const name = tag.toLowerCase()
    if (voids.has(name) || counted?.has(name) === false) continue
    if (slash === '') {
      const ended = ends.get(name) ?? none
      while (ended.has(open.at(-1) ?? '')) open.pop()
      open.push(name)
    } else {
      const at = open.lastIndexOf(name)
      if (at >= open.length - reach && at >= 0) open.length = at
    }
    if (open.length > limit) return true
  }
  return false
}
