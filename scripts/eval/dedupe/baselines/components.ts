/** Connected components of texts numbered from 0. */
export class Components {
  private readonly parents: Int32Array

  constructor(size: number) {
    this.parents = Int32Array.from({ length: size }, (_, index) => index)
  }

  /** The smallest number in the component. */
  rootOf(index: number): number {
    let root = index
    for (;;) {
      const parent = this.parents[root] ?? root
      if (parent === root) break
      root = parent
    }
    for (let at = index; at !== root; ) {
      const next = this.parents[at] ?? root
      this.parents[at] = root
      at = next
    }
    return root
  }

  join(a: number, b: number): void {
    const [low, high] = [this.rootOf(a), this.rootOf(b)].sort((x, y) => x - y)
    if (low !== undefined && high !== undefined) this.parents[high] = low
  }

  /** Each text's component by its smallest member; null for a text alone. */
  clusters(): readonly (number | null)[] {
    const roots = Array.from(this.parents, (_, index) => this.rootOf(index))
    const sizes = new Map<number, number>()
    for (const root of roots) sizes.set(root, (sizes.get(root) ?? 0) + 1)
    return roots.map((root) => ((sizes.get(root) ?? 0) > 1 ? root : null))
  }
}
