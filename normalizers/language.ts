/** Letters that are looked at; the beginning of a report tells its language. */
const sampleLength = 400

/**
 * BCP 47 tag of the language that a text's script decides; null where it does not (Latin, Cyrillic,
 * Arabic are written by many languages).
 */
export function languageOf(text: string): string | null {
  const sample = text.length > sampleLength ? text.slice(0, sampleLength) : text
  if (/[\u3041-\u3096\u30a1-\u30fa]/.test(sample)) return 'ja'
  if (/[\uac00-\ud7a3]/.test(sample)) return 'ko'
  if (/[\u4e00-\u9fff\u3400-\u4dbf]/.test(sample)) return 'zh'
  if (/[\u0f40-\u0fbc]/.test(sample)) return 'bo'
  return /[\u1820-\u18aa]/.test(sample) ? 'mn' : null
}
