/** Distinct terms, each with its place in the order in which they came: a hash table of flat arrays. */
export class TermPlaces {
  size = 0
  /** Terms by place, as far as `size`. */
  private terms: Uint32Array = new Uint32Array()
  /** A term's place plus one; 0: free. At least half are free. */
  private slots = new Uint32Array()
  private mask = 0

  /** The places of terms that are distinct already, as they stand. */
  static of(terms: Uint32Array): TermPlaces {
    const places = new TermPlaces()
    places.begin(terms)
    for (let at = 0; at < terms.length; at += 1) places.add(terms[at] ?? 0)
    return places
  }

  /** Begins anew. @param terms room for all terms that will be added: they are written there */
  begin(terms: Uint32Array): void {
    const slots = 2 ** Math.ceil(Math.log2(terms.length * 2 + 2))
    if (this.slots.length < slots) this.slots = new Uint32Array(slots)
    else this.slots.fill(0, 0, slots)
    this.mask = slots - 1
    this.terms = terms
    this.size = 0
  }

  /** The term's place, a new one where it was not known. @param term a hash of 32 bits */
  add(term: number): number {
    let slot = term & this.mask
    for (;;) {
      const known = this.slots[slot] ?? 0
      if (known === 0) break
      if (this.terms[known - 1] === term) return known - 1
      slot = (slot + 1) & this.mask
    }
    const place = this.size
    this.terms[place] = term
    this.size = place + 1
    this.slots[slot] = place + 1
    return place
  }

  /** The term's place; -1 where it is not known. */
  placeOf(term: number): number {
    for (let slot = term & this.mask; ; slot = (slot + 1) & this.mask) {
      const known = this.slots[slot] ?? 0
      if (known === 0) return -1
      if (this.terms[known - 1] === term) return known - 1
    }
  }
}
