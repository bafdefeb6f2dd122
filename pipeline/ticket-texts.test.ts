import { describe, expect, it } from 'vitest'
import { ticket, ticketWrite } from './stores/suite/fixtures.ts'
import { HandedTexts, textBatch, textsOf } from './ticket-texts.ts'

const key = (name: string, revision = 1) => ({ ticketId: ticket(name).id, revision })

/** What one commit of these tickets hands over. */
function batchOf(...tickets: readonly ReturnType<typeof ticket>[]) {
  const texts = textsOf(tickets)
  const batch = textBatch(
    tickets.map((of, index) => ({ ...ticketWrite(of), text: texts[index] ?? new Uint8Array() })),
  )
  if (batch === null) throw new Error('nothing to hand over')
  return batch
}

describe('texts of tickets', () => {
  it.each([
    ['of usual size', 2],
    ['larger than the memory kept for them', 900_000],
  ])('%s are the JSON of each in UTF-8', (_size, characters) => {
    const tickets = ['路灯不亮', '😀', 'a'].map((text) => ticket(text, { body: text.repeat(characters) }))
    const texts = textsOf(tickets).map((text) => Buffer.from(text).toString())
    expect(texts).toEqual(tickets.map((of) => JSON.stringify(of)))
  })

  it('are not overwritten by the next ones', () => {
    const [first] = textsOf([ticket('a')])
    textsOf([ticket('b')])
    expect(Buffer.from(first ?? []).toString()).toBe(JSON.stringify(ticket('a')))
  })

  it('that do not stand in one buffer are not handed over', () => {
    expect(textBatch([])).toBeNull()
    const apart = ['a', 'b'].map((name) => ({
      ...ticketWrite(ticket(name)),
      text: textsOf([ticket(name)])[0] ?? new Uint8Array(),
    }))
    expect(textBatch(apart)).toBeNull()
  })
})

describe('handed texts', () => {
  it('stand for one revision, the newest', () => {
    const texts = new HandedTexts()
    texts.take(batchOf(ticket('a')))
    texts.take(batchOf(ticket('a', { revision: 2 })))
    expect(texts.get(key('a', 1))).toBeUndefined()
    expect(JSON.parse(String(texts.get(key('a', 2)))).revision).toBe(2)
    texts.drop([key('a', 1)])
    expect(texts.get(key('a', 2))).toBeDefined()
  })

  it('take no more than there is room for, and again when some have been published', () => {
    const texts = new HandedTexts()
    const big = (name: string) => batchOf(ticket(name, { body: 'x'.repeat(9_000_000) }))
    for (const name of ['a', 'b', 'c']) texts.take(big(name))
    expect(['a', 'b', 'c'].map((name) => texts.get(key(name)) !== undefined)).toEqual([true, true, false])
    texts.drop([key('a')])
    texts.take(big('c'))
    expect(texts.get(key('c'))).toBeDefined()
    texts.clear()
    expect(texts.get(key('c'))).toBeUndefined()
  })
})
