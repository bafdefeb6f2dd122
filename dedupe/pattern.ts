/** A regular expression that is tried only where its first characters stand: tried everywhere it costs three times as much. */
export class Pattern {
  readonly source: string
  private readonly expression: RegExp
  /** One for each character code: 1 where a match may begin. */
  private readonly begins = new Uint8Array(0x10000)

  /** @param source without flags @param firsts every character that a match can begin with */
  constructor(source: string, firsts: string) {
    this.source = source
    this.expression = new RegExp(source, 'y')
    for (let at = 0; at < firsts.length; at += 1) this.begins[firsts.charCodeAt(at)] = 1
  }

  /** All matches from left to right, none within another: what `matchAll` finds. */
  matchesIn(text: string): readonly RegExpExecArray[] {
    const found: RegExpExecArray[] = []
    for (let at = 0; at < text.length; ) {
      const match = this.matchAt(text, at)
      if (match !== null) found.push(match)
      at += match?.[0].length || 1
    }
    return found
  }

  isIn(text: string): boolean {
    for (let at = 0; at < text.length; at += 1) if (this.matchAt(text, at) !== null) return true
    return false
  }

  private matchAt(text: string, at: number): RegExpExecArray | null {
    if (this.begins[text.charCodeAt(at)] === 0) return null
    this.expression.lastIndex = at
    return this.expression.exec(text)
  }
}

export const arabicFigures = '0123456789'
export const latinLetters = 'abcdefghijklmnopqrstuvwxyz'
