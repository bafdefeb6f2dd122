import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultDedupe } from '../config/schema.ts'
import { matchText } from '../normalizers/text.ts'
import { decide } from './decide.ts'
import { plainText } from './fold.ts'
import { keysOf, textKeys } from './keys.ts'
import { bandHashes, bands } from './minhash.ts'
import { anyReport, by, comparer, profile, report } from './testing/reports.ts'

/** The text, the text of one person, the reporter, their name, the bands of like texts, and the rarest terms. */
const mostKeys = 26
const noise = '江滨路12号工地每晚十一点后仍在打桩，噪音很大，孩子无法入睡，影响了整栋楼的休息'
const other = '体育馆南门的售票机坏了，排队要一个小时'
const keysIn = (body: string) => keysOf(comparer(report(body))).map(({ key }) => key)
const sharedBy = (one: string, other: string) => keysIn(one).filter((key) => keysIn(other).includes(key))

describe('keys', () => {
  it('are at most 26 distinct integers that an index can keep, the same for the same report', () => {
    fc.assert(
      fc.property(anyReport, (one) => {
        const keys = keysOf(comparer(by('张强', one)))
        const values = keys.map(({ key }) => key)
        expect(keys.length).toBeLessThanOrEqual(mostKeys)
        expect(new Set(values).size).toBe(values.length)
        expect(values.every((key) => Number.isSafeInteger(key) && key >= 0 && key < 2 ** 48)).toBe(true)
        expect(keys.every(({ worth, limit }) => worth >= 0 && limit > 0)).toBe(true)
        expect(keysOf(comparer(by('张强', one)))).toEqual(keys)
      }),
    )
  })

  it('of equal texts are equal, in whatever width, script or punctuation', () => {
    const same = '江濱路１２號工地每晚十一點後仍在打樁！噪音很大　孩子無法入睡，影響了整棟樓的休息。'
    expect(sharedBy(noise, same)).toContain(textKeys(plainText(report(noise), matchText))[0]?.key)
  })

  it('of one reporter share one, and one for the full name, whatever is said', () => {
    const shared = (name: string) => {
      const keys = (body: string) => {
        const { reporter, ...one } = report(body)
        return keysOf(comparer({ ...one, reporter: { ...reporter, name, key: 'hash of a phone' } }))
      }
      const known = keys('体育馆售票机坏了').map(({ key }) => key)
      return keys(noise).filter(({ key }) => known.includes(key)).length
    }
    expect([shared('张强'), shared('晴空万里')]).toEqual([2, 1])
  })

  it('of somebody who gives the full name in one report are those of who is known by it in the other', () => {
    const called = keysOf(comparer(by('张强', report('体育馆售票机坏了')))).map(({ key }) => key)
    const sharedWith = (body: string) => keysIn(body).filter((key) => called.includes(key)).length
    expect(sharedWith(`${noise}，我是枫林里业主张强`)).toBe(1)
    expect(sharedWith(`${noise}，业主张强打人`)).toBe(0)
  })

  it('of one name share one where no more is known of the reporter, but not of what many are called', () => {
    const sharedKeys = (name: string) => {
      const named = (body: string) => {
        const by = report(body)
        return keysOf(comparer({ ...by, reporter: { ...by.reporter, name } })).map(({ key }) => key)
      }
      return named(noise).filter((key) => named(other).includes(key)).length
    }
    expect(sharedKeys('晴空万里')).toBe(1)
    expect(sharedKeys('张先生')).toBe(0)
  })

  it('tell first of what stands more than once', () => {
    const names =
      '江河 湖海 翠微 松柏 竹梅 兰菊 锦绣 银杏 玉泉 石榴 云溪 霞飞 星湖 明珠 紫荆 丹桂 枫林 瑞景'.split(' ')
    const estates = names.map((name) => `${name}小区的地下车库进水`)
    const all = estates.join('，')
    for (const estate of estates) {
      const name = estate.slice(0, 4)
      expect(sharedBy(`${all}，${name}又进水`, name).length).toBeGreaterThanOrEqual(
        sharedBy(all, name).length,
      )
      expect(sharedBy(`${all}，${name}又进水`, name)).not.toEqual([])
    }
    expect(estates.filter((estate) => sharedBy(all, estate.slice(0, 4)).length === 0)).not.toEqual([])
  })

  it('of a reworded text are partly shared, of another matter not', () => {
    expect(sharedBy(noise, `您好，${noise}，谢谢`).length).toBeGreaterThan(5)
    expect(sharedBy(noise, other)).toEqual([])
  })
})

const formulaic = '您好，请有关部门核实处理，谢谢。'

describe.each([
  ['nothing', ''],
  ['only punctuation', '，。！？  \n…'],
  ['one character', '水'],
  ['only emoji', '😀😡🙏'.repeat(50)],
  ['half of a surrogate pair', '\ud83d路灯'],
  ['one character a million times', '啊'.repeat(1 << 20)],
  ['1 MiB of one line', `${noise}，`.repeat(1 << 15).slice(0, 1 << 20)],
  ['1 MiB of ever new words', everNew(1 << 20)],
  ['1 MiB of digits', '7'.repeat(1 << 20)],
  ['only what every report says', formulaic.repeat(40)],
])('a text of %s', (_, body) => {
  it('has few keys, is compared and decided about', () => {
    const one = comparer(report(body, 1))
    const keys = keysOf(one)
    expect(keys.length).toBeLessThanOrEqual(mostKeys)
    if (plainText(report(body), matchText) === '') expect(keys).toEqual([])
    for (const text of [body, other]) {
      const candidate = { profile: profile(report(text)), masterId: null, incidentId: null, apartFrom: [] }
      const { verdict, compared } = decide(one, [candidate], defaultDedupe, false)
      expect(compared).toBe(1)
      if (text !== body) expect(verdict).toBe('new')
    }
  })
})

/** Han characters in an order that hardly repeats a pair. */
function everNew(length: number): string {
  return Array.from({ length }, (_, at) =>
    String.fromCharCode(0x4e00 + ((at * 7919 + (at >> 7) * 31) % 20_000)),
  ).join('')
}

const terms = fc.uniqueArray(fc.nat({ max: 0xffffffff }), { minLength: 24, maxLength: 200 })

describe('bandHashes', () => {
  it('does not depend on the order of terms', () => {
    fc.assert(
      fc.property(terms, (some) => {
        expect(bandHashes(some.toReversed())).toEqual(bandHashes(some))
        expect(bandHashes(some)).toHaveLength(bands)
        expect(bandHashes(some).every((hash) => hash >= 0 && hash <= 0xffffffff)).toBe(true)
      }),
    )
  })

  it('is empty for texts too short to tell likeness by', () => {
    expect(bandHashes(Array.from({ length: 23 }, (_, at) => at * 977))).toEqual([])
  })

  it('gives a shared band to most texts alike by 0.8, and to few alike by 0.1', () => {
    const likeAt = (shared: number, seed: number) => {
      const own = (from: number) => Array.from({ length: 90 }, (_, at) => (seed * 1000 + from + at) * 40503)
      const one = bandHashes(own(0))
      return bandHashes(own(90 - shared)).some((band, number) => band === one[number])
    }
    const cases = Array.from({ length: 200 }, (_, seed) => seed)
    expect(cases.filter((seed) => likeAt(80, seed)).length).toBeGreaterThan(180)
    expect(cases.filter((seed) => likeAt(16, seed)).length).toBeLessThan(20)
  })
})
