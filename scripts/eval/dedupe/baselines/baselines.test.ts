import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Components } from './components.ts'
import { countGrams, plainText } from './grams.ts'
import { minhashClusters, signatureOf, similarity } from './minhash.ts'
import { simhashClusters } from './simhash.ts'
import { TfIdf } from './tfidf.ts'

const long =
  '槐荫里小区三号楼的电梯从上周一开始停运，物业说配件要从外地调，六楼的老人已经五天没有下楼，请尽快督促维修并公布时间'
const edited = `${long}，谢谢领导`
const other = '八路公交车早高峰等了四十分钟还没有来，孩子上学迟到，希望公交公司增加班次'

const baselines = {
  simhash: (texts: readonly string[]) => simhashClusters(texts),
  minhash: (texts: readonly string[]) => minhashClusters(texts),
  tfidf: (texts: readonly string[]) => new TfIdf(texts).clusters(),
}

for (const [name, clusters] of Object.entries(baselines)) {
  describe(name, () => {
    it('joins equal texts and leaves a different one alone', () => {
      expect(clusters([other, long, long])).toEqual([null, 1, 1])
    })

    it('never joins empty texts', () => {
      expect(clusters(['', '', 'x'])).toEqual([null, null, null])
    })

    it('joins equal texts shorter than a shingle', () => {
      expect(clusters(['停', '水', '停'])).toEqual([0, null, 0])
    })

    it('handles 20,000 equal texts without comparing each with each', () => {
      expect(new Set(clusters(Array.from({ length: 20_000 }, () => long)))).toEqual(new Set([0]))
    })
  })
}

describe('minhash', () => {
  it('joins a text with a sentence added', () => {
    expect(minhashClusters([long, edited])).toEqual([0, 0])
  })

  it('is symmetric, bounded, and 1 for a text and itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        const [left, right] = [signatureOf(a), signatureOf(b)]
        if (left === null || right === null) throw new Error('a text of one character has a signature')
        expect(similarity(left, left)).toBe(1)
        expect(similarity(left, right)).toBe(similarity(right, left))
        expect(similarity(left, right)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('TfIdf', () => {
  it('is symmetric, and 1 for equal texts', () => {
    const tfidf = new TfIdf([long, edited, other, long])
    expect(tfidf.similarity(0, 3)).toBeCloseTo(1)
    expect(tfidf.similarity(0, 1)).toBeCloseTo(tfidf.similarity(1, 0))
    expect(tfidf.similarity(0, 1)).toBeGreaterThan(0.8)
    expect(tfidf.similarity(0, 2)).toBeLessThan(0.2)
  })
})

describe('Components', () => {
  it('names a component by its smallest member, whatever the order of joining', () => {
    const components = new Components(5)
    components.join(4, 3)
    components.join(3, 1)
    expect(components.clusters()).toEqual([null, 1, null, 1, 1])
  })
})

describe('grams', () => {
  it('fold width, case and white space', () => {
    expect(plainText({ title: 'Ａ1 栋', body: null })).toBe('a1栋')
  })

  it('count characters outside the basic plane as one', () => {
    expect([...countGrams('a😡b', 2).keys()]).toEqual(['a😡', '😡b'])
  })
})
