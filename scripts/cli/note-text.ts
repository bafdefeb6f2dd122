import type { Locale, LocalText } from '../../config/locale.ts'
import { noteTexts } from '../../normalizers/notes.ts'

const texts = new Map<string, LocalText>(Object.entries(noteTexts))

/** A doubt of a ticket in the reader's language; one of another version stays as it was written. */
export function noteText(note: string, locale: Locale): string {
  const {
    header,
    code = '',
    detail,
  } = /^(?<header>header-)?(?<code>[a-z-]+)(?::(?<detail>.*))?$/s.exec(note)?.groups ?? {}
  const text = texts.get(code)
  if (text === undefined) return note
  if (locale === 'zh') return `${header ? '邮件头：' : ''}${text.zh}${detail ? `（${detail}）` : ''}`
  return `${header ? 'in the header: ' : ''}${text.en}${detail ? ` (${detail})` : ''}`
}
