/**
 * The tables of one set of keys, youngest first. Keys arrive in random order: in the small first table
 * they share pages, and merged in order they are written to a bigger one many to a page.
 */
export function keyLevels(table: string): readonly string[] {
  return [`${table}_1`, `${table}_2`, `${table}_3`]
}
