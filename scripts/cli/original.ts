import type { ArchivedItem } from '../../normalizers/normalizer.ts'

const shownCharacters = 2_000

/** The beginning of an item as text, by the charset that it declares; what is no text shows as �. */
export function originalText({ body, mediaType }: Pick<ArchivedItem, 'body' | 'mediaType'>): string {
  const charset = /charset="?([\w.:-]+)/i.exec(mediaType)?.[1] ?? 'utf-8'
  const text = decoderFor(charset).decode(body.subarray(0, shownCharacters * 4))
  const shown = text.slice(0, shownCharacters).replace(/[^\P{Cc}\n\t]/gu, '�')
  return text.length > shownCharacters || body.byteLength > shownCharacters * 4 ? `${shown}…` : shown
}

function decoderFor(charset: string) {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
