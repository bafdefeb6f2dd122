import { Converter } from 'opencc-js/t2cn'

const firstHan = 0x4e00
const lastHan = 0x9fff

/** dedupe/simplified.json from the devDependency `opencc-js`: traditional characters, and below each its simplified form. */
export function renderSimplified(): string {
  const characters: string[] = []
  for (let code = firstHan; code <= lastHan; code += 1) characters.push(String.fromCharCode(code))
  // One to a line, so that no rule for phrases applies.
  const general = Converter({ from: 't', to: 'cn' })
  // Some forms are written in Hong Kong only: 衞.
  const hongKong = Converter({ from: 'hk', to: 'cn' })
  // Twice, because a simplified form may be a traditional one itself: 薴 is 苧, and that is 苎.
  const forms: string[] = hongKong(general(general(characters.join('\n')))).split('\n')
  const pairs = characters
    .map((character, at) => ({ character, form: forms[at] ?? character }))
    .filter(({ character, form }) => form.length === 1 && form !== character)
  const traditional = pairs.map(({ character }) => character).join('')
  const simplified = pairs.map(({ form }) => form).join('')
  return `${JSON.stringify({ traditional, simplified }, null, 2)}\n`
}
