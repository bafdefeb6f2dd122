/** How much is looked at: the beginning of a report tells its language. */
const sampleLength = 400

/**
 * BCP 47 tag of the language that a text's script decides; null where it does not (Latin, Cyrillic and
 * Arabic letters are shared by many languages). A の on a shop sign makes no Japanese of Chinese.
 */
export function languageOf(text: string): string | null {
  const sample = text.length > sampleLength ? text.slice(0, sampleLength) : text
  const hasHan = /[\u4e00-\u9fff\u3400-\u4dbf]/.test(sample)
  const other = /[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3\u0f40-\u0fbc\u1820-\u18aa]/.exec(sample)?.[0]
  if (other === undefined) return hasHan ? 'zh' : null
  const kana = sample.match(/[\u3041-\u3096\u30a1-\u30fa]/g)?.length ?? 0
  if (kana * 8 > sample.length) return 'ja'
  if (hasHan) return 'zh'
  if (other >= '\uac00') return 'ko'
  if (other >= '\u3041') return 'ja'
  return other >= '\u1820' ? 'mn' : 'bo'
}
