/** Numbers in [0, 1), the same at every run (a linear congruential generator, after ISO C's example). */
export function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x80000000
  }
}
