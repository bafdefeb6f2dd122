import { z } from 'zod'
import { channels, kinds, ticketEvents } from '../config/ticket-names.ts'

export type { Channel, Kind, TicketEvent } from '../config/ticket-names.ts'

/** RFC 3339 with offset, for example `2026-03-01T08:05:00+08:00`. */
const Moment = z.iso.datetime({ offset: true })

/** A value for routing that may be wrong: who said so, and how sure it is. */
const hint = <Value extends z.ZodType>(value: Value) =>
  z
    .strictObject({
      value,
      method: z
        .enum(['source', 'rule', 'model'])
        .describe('Where the value comes from: the source, a rule, or a statistical model.'),
      confidence: z.number().min(0).max(1).describe('1: certain.'),
    })
    .nullable()

const Reporter = z.strictObject({
  kind: z.enum(['person', 'organisation', 'unknown']),
  anonymous: z
    .boolean()
    .describe('True when the citizen asked not to be named; name and phone are given all the same.'),
  name: z.string().nullable(),
  phone: z.string().nullable().describe('E.164, or the digits of a service number that has no E.164 form.'),
  phoneRaw: z.string().nullable().describe('As the source gave it.'),
  email: z.string().nullable(),
  wechatId: z.string().nullable(),
  key: z
    .string()
    .nullable()
    .describe(
      'Keyed hash of the strongest identity given; equal keys from one store mean the same reporter.',
    ),
})

const Place = z.strictObject({
  text: z.string().nullable().describe('As the source gave it.'),
  province: z.string().nullable(),
  city: z.string().nullable(),
  district: z.string().nullable(),
  street: z.string().nullable(),
  code: z
    .string()
    .regex(/^\d{6}$/)
    .nullable()
    .describe('Administrative division, GB/T 2260.'),
  lat: z.number().min(-90).max(90).nullable(),
  lon: z.number().min(-180).max(180).nullable(),
  method: z
    .enum(['column', 'text', 'source', 'coordinates'])
    .nullable()
    .describe('How it was found; null where nothing was.'),
})

const Attachment = z.strictObject({
  name: z.string().nullable(),
  mediaType: z.string(),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  uri: z
    .string()
    .describe(
      'blob:sha256/<sha256>. The bytes are in the folder of `blobs`, as <first two figures>/<next two>/<sha256>, or in the GridFS bucket `blobs` under the name <sha256>.',
    ),
})

const FollowUp = z.strictObject({
  rawId: z.string(),
  externalId: z.string(),
  from: z
    .string()
    .nullable()
    .describe("Keyed hash of the writer, who need not be the ticket's reporter; null where unknown."),
  name: z
    .string()
    .nullable()
    .describe('Of the writer, like phone and email; in the same forms as in `reporter`.'),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  submittedAt: Moment.nullable(),
  title: z.string().nullable(),
  body: z.string().describe('Empty where the message has nothing but a title or attachments.'),
  attachments: z.array(Attachment),
  notes: z
    .array(z.string())
    .optional()
    .describe(
      'What was doubtful in its interpretation, as in `provenance`. Older follow-ups lack it; that means none.',
    ),
})

const score = z.number().min(0).max(1)

/** What a verdict rests on, beside its score. */
const evidence = {
  reasons: z
    .array(z.string())
    .describe('In Chinese words, for an officer; of what both reports said when the verdict was made.'),
  terms: z
    .array(z.string())
    .describe(
      'Distinctive words that it shares with the ticket it was compared with, as they stand in its text.',
    ),
  fields: z
    .array(z.enum(['text', 'title', 'reporter', 'place', 'matter', 'numbers']))
    .describe('Fields that support the verdict.'),
}

/** A link proposed to a person: too likely to be hidden, not certain enough to be made. */
const Suggestion = z.strictObject({
  verdict: z.enum(['duplicate', 'related']),
  ticketId: z.string(),
  score,
  ...evidence,
})

const Recurrence = z.strictObject({ ticketId: z.string(), score, ...evidence })

const Incident = z.strictObject({
  label: z.string().describe('A few words that tell what it is about.'),
  firstAt: Moment.describe('Time of its first report.'),
  lastAt: Moment.describe('Time of its last report.'),
  reports: z.int().min(1),
  reporters: z.int().min(0).describe('Distinct known reporters.'),
  channels: z.array(z.enum(channels)).describe('Distinct, sorted.'),
})

const DedupeEvent = z.strictObject({
  at: Moment,
  by: z.enum(['algorithm', 'person']),
  event: z.enum(['linked', 'unlinked']),
  masterId: z.string().nullable(),
  incidentId: z.string().nullable(),
})

const Dedupe = z.strictObject({
  verdict: z.enum(['new', 'duplicate', 'related']),
  masterId: z.string().nullable().describe('Set for a duplicate: the ticket that it repeats.'),
  incidentId: z.string().nullable().describe('Shared by all tickets about one incident.'),
  incident: Incident.nullable().describe(
    'What was known of the incident when this revision was written: when others join it or leave it, a ticket is not written again. `yiwang incidents` knows the present.',
  ),
  score: score.nullable().describe('Of the link; null where there is none or a person made it.'),
  ...evidence,
  suggestion: Suggestion.nullable().describe('A likely link for a person to judge.'),
  recurrence: Recurrence.nullable().describe(
    'An earlier ticket about the same matter, too long ago to be the same incident.',
  ),
  algorithm: z.string().describe('Name and version of what decided.'),
  decidedBy: z.enum(['algorithm', 'person']).describe("The algorithm never changes a person's decision."),
  apartFrom: z.array(z.string()).describe('Tickets and incidents that a person said it does not belong to.'),
  history: z.array(DedupeEvent).describe('Links made and undone, oldest first.'),
  cut: z.boolean().describe('True when more tickets shared its words than it was compared with.'),
  reports: z.int().min(1).describe('This report and the duplicates linked to it.'),
  reporters: z.int().min(0).describe('Distinct known reporters among them.'),
  channels: z.array(z.enum(channels)).describe('Distinct channels among them, sorted.'),
})

const Official = z.strictObject({
  status: z.string().nullable().describe('As the source words it, for example 待办理.'),
  reply: z.string().nullable(),
  repliedAt: Moment.nullable(),
  department: z.string().nullable().describe('The one in charge.'),
})

const Provenance = z.strictObject({
  rawId: z.string().describe('The archived item that this revision was made from.'),
  connector: z.string().describe('Kind and version, for example hotline-export/1.'),
  normalizer: z.string().describe('Name and version, for example hotline/2.'),
  fields: z
    .record(z.string(), z.string())
    .describe('For each ticket field, where it came from, for example "column 诉求内容".'),
  notes: z
    .array(z.string())
    .describe(
      'What was doubtful in the interpretation, each a stable short code, optionally with detail after a colon.',
    ),
})

/** The canonical ticket, version 1. The single source of the type, the validation and the JSON Schema. */
export const Ticket = z.strictObject({
  schemaVersion: z.literal('1'),
  id: z
    .string()
    .regex(/^T-[0-9A-Z]{26}$/)
    .describe('Derived from sourceId and externalId.'),
  revision: z.int().min(1).describe('Rises by one with each change of the ticket.'),
  sourceId: z.string().describe('The source in the configuration.'),
  channel: z.enum(channels),
  platform: z.string().nullable().describe('Name of the system behind the source.'),
  externalId: z
    .string()
    .describe("The source's own id of the report, else a hash of what identifies it there."),
  externalUrl: z.string().nullable().describe('Page of the report at the source.'),
  threadId: z.string().nullable().describe('Of a mail: Message-ID of the first mail of its thread.'),
  title: z.string().nullable(),
  body: z.string().describe('Plain text, NFC, without quoted history and signature.'),
  language: z.string().nullable().describe('BCP 47, null where undetermined.'),
  reporter: Reporter,
  occurredAt: Moment.nullable().describe('When the matter happened.'),
  submittedAt: Moment.nullable().describe('When the citizen reported it.'),
  receivedAt: Moment.nullable().describe('When the channel received it.'),
  ingestedAt: Moment.describe('When it was archived here.'),
  place: Place,
  attachments: z.array(Attachment),
  kind: z.enum(kinds).describe('What the report asks for.'),
  category: hint(z.string()),
  urgency: hint(z.enum(['normal', 'urgent', 'emergency'])),
  departments: hint(z.array(z.string())),
  handling: hint(z.string()),
  dedupe: Dedupe,
  followUps: z
    .array(FollowUp)
    .describe('Later messages of the same thread, oldest first. A long thread goes on in another ticket.'),
  official: Official.nullable().describe('Status and reply, where the source carries them.'),
  provenance: Provenance,
})

/** What is put on an output queue: one job per ticket revision, job id `<ticketId>.<revision>`. */
export const TicketJob = z.strictObject({ event: z.enum(ticketEvents), ticket: Ticket })

export type Ticket = z.infer<typeof Ticket>
export type TicketJob = z.infer<typeof TicketJob>
export type Reporter = Ticket['reporter']
export type Place = Ticket['place']
export type AttachmentRef = Ticket['attachments'][number]
export type FollowUp = Ticket['followUps'][number]
