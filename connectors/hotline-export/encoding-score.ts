/** Share of replacement characters above which a text is not taken for damaged, but for wrongly decoded. */
export const maxDamage = 0.01

/**
 * How much bytes look like Chinese text in an encoding, 0 to 1: the share of non-ASCII characters
 * that are common there, less a penalty for undecodable bytes. Null when nothing speaks either way.
 */
export function encodingScore(encoding: string, sample: Uint8Array): number | null {
  const common = commonIn(encoding)
  let seen = 0
  let good = 0
  let bad = 0
  for (const character of new TextDecoder(encoding).decode(sample)) {
    if (character < '\u0080') continue
    seen += 1
    if (character === '\ufffd') bad += 1
    else if (common.has(character)) good += 1
  }
  return seen === 0 ? null : Math.max(0, good / seen - Math.min(1, (bad / seen) * 5))
}

const sets = new Map<string, ReadonlySet<string>>()

function commonIn(encoding: string): ReadonlySet<string> {
  const known = sets.get(encoding)
  if (known !== undefined) return known
  const made =
    encoding === 'utf-8' ? new Set([...commonIn('gb18030'), ...commonIn('big5')]) : level1(encoding)
  sets.set(encoding, made)
  return made
}

/**
 * Symbols and first-level hanzi: GB 2312 rows 1-3 and 16-55, Big5 A1-C6. Both standards put the
 * common characters there; text decoded in the wrong one scatters over the rare ones.
 */
function level1(encoding: string): ReadonlySet<string> {
  const isBig5 = encoding === 'big5'
  const decoder = new TextDecoder(encoding)
  const found = new Set<string>()
  for (let lead = 0xa1; lead <= (isBig5 ? 0xc6 : 0xd7); lead += 1) {
    if (!isBig5 && lead > 0xa3 && lead < 0xb0) continue
    for (let trail = isBig5 ? 0x40 : 0xa1; trail <= 0xfe; trail += 1) {
      found.add(decoder.decode(Uint8Array.of(lead, trail)))
    }
  }
  found.delete('\ufffd')
  return found
}
