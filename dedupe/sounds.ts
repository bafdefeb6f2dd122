import { Buffer } from 'node:buffer'
import sounds from './sounds.json' with { type: 'json' }

const soundOf: ReadonlyMap<string, string> = new Map(
  Object.entries(sounds).flatMap(([sound, characters]) =>
    [...characters].map((each) => [each, sound] as const),
  ),
)

/** For each character the first of those that sound like it; itself where its sound is not known. */
const firstAlike = Uint16Array.from({ length: 0x10000 }, (_, code) => code)
for (const characters of Object.values(sounds))
  for (const each of characters) firstAlike[each.charCodeAt(0)] = characters.charCodeAt(0)

/** A text by its sounds, one character for each: equal where two texts sound alike. */
export function soundsOf(text: string): string {
  const bytes = Buffer.from(text, 'utf16le')
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, text.length)
  for (let at = 0; at < codes.length; at += 1) codes[at] = firstAlike[codes[at] ?? 0] ?? 0
  return bytes.toString('utf16le')
}

/** Whether two characters sound alike, as 绣 and 秀 do: what is typed by sound is mistaken so. */
export function soundAlike(one: string, other: string): boolean {
  const sound = soundOf.get(one)
  return sound !== undefined && sound === soundOf.get(other)
}
