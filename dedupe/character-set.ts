/** One bit for each set, so that a text read for several of them stays within a few lines of the processor's cache. */
const table = new Uint16Array(0x10000)
const mostSets = 16
let sets = 0

/** Characters that are looked for in many texts. Made once each, when the program starts: there are at most sixteen. */
export class CharacterSet {
  private readonly bit: number

  constructor(characters: string) {
    if (sets === mostSets) throw new Error('there are more sets of characters than the table has bits')
    this.bit = 1 << sets
    sets += 1
    for (let at = 0; at < characters.length; at += 1) {
      const code = characters.charCodeAt(at)
      table[code] = (table[code] ?? 0) | this.bit
    }
  }

  /** @param code of a UTF-16 unit; NaN, as beyond the end of a text, is in no set */
  has(code: number): boolean {
    return ((table[code] ?? 0) & this.bit) !== 0
  }

  /** The first place from `from` on where one of them stands; the text's length where none does. */
  next(text: string, from: number): number {
    const { bit } = this
    let at = from
    while (at < text.length && ((table[text.charCodeAt(at)] ?? 0) & bit) === 0) at += 1
    return at
  }
}
