import { parse } from 'node:path'

/** File systems allow 255 bytes, not characters: a hanzi takes three. The rest is left for a temporary ending. */
const maxBytes = 240
/** A longer ending is part of the name. */
const maxExtensionBytes = 32

/** `<before><stem><after><extension>`, the stem of the name cut between characters where the whole would be too long. */
export function fittingName(before: string, name: string, after = ''): string {
  const ext = Buffer.byteLength(parse(name).ext) > maxExtensionBytes ? '' : parse(name).ext
  const stem = ext === '' ? name : name.slice(0, -ext.length)
  const left = maxBytes - Buffer.byteLength(before + after + ext)
  return `${before}${cut(stem, left)}${after}${ext}`
}

function cut(text: string, bytes: number): string {
  let left = bytes
  let end = 0
  for (const character of text) {
    left -= Buffer.byteLength(character)
    if (left < 0) break
    end += character.length
  }
  return text.slice(0, end)
}
