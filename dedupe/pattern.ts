import { CharacterSet } from './character-set.ts'

/** A regular expression that is tried only where it may match: tried everywhere it costs three times as much. */
export class Pattern {
  readonly source: string
  private readonly expression: RegExp
  private readonly firsts: CharacterSet
  private readonly seconds: CharacterSet | null

  /**
   * @param source without flags
   * @param firsts every character that a match can begin with
   * @param seconds every character that can come after the first, in the match or behind it; null: any, or none
   */
  constructor(source: string, firsts: string, seconds: string | null = null) {
    this.source = source
    this.expression = new RegExp(source, 'y')
    this.firsts = new CharacterSet(firsts)
    this.seconds = seconds === null ? null : new CharacterSet(seconds)
  }

  /** All matches from left to right, none within another: what `matchAll` finds. */
  matchesIn(text: string): readonly RegExpExecArray[] {
    const found: RegExpExecArray[] = []
    for (let at = this.firsts.next(text, 0); at < text.length; ) {
      const match = this.matchAt(text, at)
      if (match !== null) found.push(match)
      at = this.firsts.next(text, at + (match?.[0].length || 1))
    }
    return found
  }

  isIn(text: string): boolean {
    for (let at = this.firsts.next(text, 0); at < text.length; at = this.firsts.next(text, at + 1))
      if (this.matchAt(text, at) !== null) return true
    return false
  }

  /** @param at where it may begin */
  private matchAt(text: string, at: number): RegExpExecArray | null {
    if (this.seconds !== null && !this.seconds.has(text.charCodeAt(at + 1))) return null
    this.expression.lastIndex = at
    return this.expression.exec(text)
  }
}

export const arabicFigures = '0123456789'
export const latinLetters = 'abcdefghijklmnopqrstuvwxyz'
