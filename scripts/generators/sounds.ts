import { pinyin } from 'pinyin-pro'

/** Beginnings and ends that many speakers do not tell apart, and slips of the pen do not either. */
const alike = [
  [/^([zcs])h/, '$1'],
  [/([aei]n)g$/, '$1'],
] as const

/** dedupe/sounds.json from the devDependency `pinyin-pro`: characters of GB 2312 by their commonest sound, without tone. */
export function renderSounds(): string {
  const bySound = Map.groupBy(charactersOfGb2312(), soundOf)
  const sounds = [...bySound].map(([sound, group]) => [sound, group.join('')] as const)
  return `${JSON.stringify(Object.fromEntries(sounds.sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`
}

function soundOf(character: string): string {
  const sound = pinyin(character, { toneType: 'none', v: true })
  return alike.reduce((heard, [pattern, as]) => heard.replace(pattern, as), sound)
}

function charactersOfGb2312(): string[] {
  const decoder = new TextDecoder('gb18030')
  const characters: string[] = []
  for (let row = 0xb0; row <= 0xf7; row += 1)
    for (let cell = 0xa1; cell <= 0xfe; cell += 1) {
      const character = decoder.decode(Uint8Array.of(row, cell))
      if (/^\p{Script=Han}$/u.test(character)) characters.push(character)
    }
  return characters
}
