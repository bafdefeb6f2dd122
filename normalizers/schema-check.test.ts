import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkOf } from './schema-check.ts'
import { Ticket } from './ticket.ts'

const attachment = {
  name: null,
  mediaType: 'image/png',
  bytes: 7,
  sha256: 'a'.repeat(64),
  uri: 'blob:sha256/a',
}

const whole: Ticket = {
  ...{ schemaVersion: '1', id: `T-${'0'.repeat(26)}`, revision: 1, sourceId: 'hotline', channel: 'hotline' },
  ...{
    platform: null,
    externalId: 'GD-1',
    externalUrl: null,
    threadId: null,
    title: '路灯不亮',
    body: '不亮',
  },
  language: 'zh',
  reporter: {
    ...{ kind: 'person', anonymous: false, name: '王小明', phone: '+8613800138000', phoneRaw: '13800138000' },
    ...{ email: null, wechatId: null, key: 'k' },
  },
  ...{ occurredAt: null, submittedAt: '2026-03-01T08:05:00+08:00', receivedAt: null },
  ingestedAt: '2026-03-01T08:05:00Z',
  place: {
    ...{
      text: '鼓楼区',
      province: '福建省',
      city: '福州市',
      district: '鼓楼区',
      street: null,
      code: '350102',
    },
    ...{ lat: 26.1, lon: null, method: 'column' },
  },
  attachments: [attachment],
  kind: 'help',
  category: { value: '路灯', method: 'source', confidence: 0.5 },
  ...{ urgency: null, departments: { value: ['城管'], method: 'rule', confidence: 1 }, handling: null },
  dedupe: {
    ...{ verdict: 'new', masterId: null, incidentId: 'I-1', score: 0.5, reasons: ['无'], terms: ['路灯'] },
    ...{ fields: ['text', 'place'], recurrence: null, algorithm: 'similar/1', decidedBy: 'person' },
    ...{ apartFrom: ['T-2'], cut: false },
    incident: {
      ...{ label: '路灯', firstAt: '2026-03-01T08:00:00+08:00', lastAt: '2026-03-02T08:00:00+08:00' },
      ...{ reports: 2, reporters: 1, channels: ['hotline'] },
    },
    suggestion: { verdict: 'duplicate', ticketId: 'T-1', score: 0.5, reasons: [], terms: [], fields: [] },
    history: [
      {
        ...{ at: '2026-03-01T08:00:00+08:00', by: 'person', event: 'unlinked' },
        ...{ masterId: null, incidentId: null },
      },
    ],
    ...{ reports: 1, reporters: 1, channels: ['hotline'] },
  },
  followUps: [
    {
      ...{ rawId: 'R-1', externalId: 'x', from: null, name: null, email: null, phone: null },
      ...{ submittedAt: null, title: null, body: '', attachments: [attachment], notes: ['signature-cut'] },
    },
  ],
  official: { status: null, reply: null, repliedAt: '2026-03-01T08:05:00+08:00', department: null },
  provenance: {
    ...{ rawId: 'R-1', connector: 'hotline-export/1', normalizer: 'hotline/1' },
    ...{ fields: { body: 'column 内容' }, notes: ['phone-short'] },
  },
}

/** Every place in a value, from the outside in. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]))]
}

/** A copy with another value at one place; undefined takes it away. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to
  const copy = Array.isArray(value) ? [...value] : { ...Object(value) }
  const inner = changed(copy[key], rest, to)
  if (inner === undefined) delete copy[key]
  else copy[key] = inner
  return copy
}

/** Of a record zod passes over the key "__proto__"; the check does not. */
const anyJson = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__":'))

const values = fc.oneof(
  fc.constantFrom(undefined, null, '', '1', 'new', 'hotline', 'T-', '2026-02-30T00:00:00Z', [], {}, [null]),
  fc.constantFrom(0, -1, 1.5, 91, Number.NaN, true, { value: 1 }, { extra: '' }, attachment, [attachment, 1]),
  anyJson,
)

describe('a check made from a schema', () => {
  it('accepts a whole ticket, and says of every change to it what the schema says', () => {
    const isTicket = checkOf(Ticket)
    expect(isTicket(whole)).toBe(true)
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(whole)), values, (place, to) => {
        const ticket = changed(whole, place, to)
        expect(isTicket(ticket)).toBe(Ticket.safeParse(ticket).success)
      }),
      { numRuns: 3_000 },
    )
  })

  it('refuses a key that the schema does not know, at every depth', () => {
    const isTicket = checkOf(Ticket)
    for (const place of [['more'], ['reporter', 'more'], ['followUps', '0', 'attachments', '0', 'more']]) {
      expect(isTicket(changed(whole, place, 1))).toBe(false)
    }
  })

  it('refuses in a record whatever is no text, also under a key that zod passes over', () => {
    const fields: unknown = JSON.parse('{"__proto__":1}')
    expect(checkOf(Ticket)(changed(whole, ['provenance', 'fields'], fields))).toBe(false)
  })

  it.each([
    ['a shortest text', z.string().min(3)],
    ['a pattern and a shortest text', z.string().regex(/^a/).min(3)],
    ['two patterns', z.string().regex(/^a/).regex(/b$/)],
    ['a text that is changed', z.string().trim().toLowerCase()],
    ['a condition of our own', z.string().refine((text) => text === 'abc')],
    ['a moment after which nothing may come', z.iso.datetime().max(3)],
    ['a longest list', z.array(z.string()).max(1)],
    ['an object that lets other keys be', z.object({ a: z.string() })],
    ['a key that may be missing', z.strictObject({ a: z.string().optional() })],
    ['keys of one kind', z.record(z.string().regex(/^a/), z.string())],
    ['one of several', z.union([z.string(), z.number()])],
  ])('leaves nothing out of %s', (_name, schema) => {
    const check = checkOf(schema)
    const texts = fc.constantFrom('', 'a', 'ab', 'abc', 'b', ' a ', '2026-03-01T08:05:00Z')
    const bodies = fc.oneof(texts, fc.array(texts), fc.dictionary(texts, texts), anyJson)
    fc.assert(
      fc.property(bodies, (value) => {
        expect(check(value)).toBe(schema.safeParse(value).success)
      }),
    )
  })
})
