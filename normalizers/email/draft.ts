import { readKind } from '../kind.ts'
import { languageOf } from '../language.ts'
import type { NormalizeContext, TicketDraft } from '../normalizer.ts'
import { readPlace } from '../place/place.ts'
import type { Kind } from '../ticket.ts'
import { receivedAt, sentAt } from './mail-date.ts'
import { mailReporter } from './mail-reporter.ts'
import type { ParsedMail } from './mime.ts'
import { awaitedNames, threadNames } from './thread.ts'
import type { MailWords } from './words.ts'

export interface MailDraft {
  readonly draft: TicketDraft
  readonly threadKeys: readonly string[]
  readonly refersTo: readonly string[]
}

const noCells = {
  place: null,
  province: null,
  city: null,
  district: null,
  street: null,
  lat: null,
  lon: null,
}

/** The ticket's fields that a mail decides, each with where it came from. */
export function draftOf(mail: ParsedMail, words: MailWords, context: NormalizeContext): MailDraft {
  const thread = threadNames(mail)
  const personKey = (address: string) => context.reporterKey(`email:${address}`)
  const { waits, awaited } = awaitedNames(mail, thread, personKey)
  const who = mailReporter(mail, words, context)
  const received = receivedAt(mail.fields.get('received'), context.timeZone)
  const sent = sentAt(mail.fields.get('date') ?? [], received, context.timeZone)
  const text = [words.title, words.body].filter((part) => part !== null).join('\n')
  const { place, notes: placeNotes } = readPlace(noCells, text, context.homeDivision)
  const kind = kindOf(words.title)
  return {
    draft: {
      channel: context.channel,
      platform: context.platform,
      externalUrl: null,
      threadId: thread.root,
      title: words.title,
      body: words.body,
      language: languageOf(text),
      reporter: who.reporter,
      occurredAt: null,
      submittedAt: sent.value,
      receivedAt: received,
      place,
      kind,
      category: null,
      urgency: null,
      departments: null,
      handling: null,
      official: null,
      fields: {
        ...(words.title !== null && { title: 'Subject' }),
        ...(words.source !== null && { body: words.source }),
        ...who.fields,
        ...(sent.value !== null && { submittedAt: sent.from }),
        ...(received !== null && { receivedAt: 'Received' }),
        ...(thread.root !== null && { threadId: thread.root === thread.own ? 'Message-ID' : 'References' }),
        ...(place.method !== null && { place: place.method }),
        ...(kind !== 'other' && { kind: 'Subject' }),
      },
      notes: [...new Set([...mail.notes, ...words.notes, ...who.notes, ...sent.notes, ...placeNotes])],
    },
    threadKeys: thread.own === null ? waits : [thread.own, ...waits],
    refersTo: [...thread.refersTo, ...awaited],
  }
}

const tagged = /^[【[(（《「](.{2,6}?)[】\])）》」]|^(.{2,4})[:：]|(?:^|^我要|的)(.{2})信?[!！。]?$/

/** Only where the subject names the kind as such: 【投诉】…, 咨询：…, …的建议, 我要投诉. Words in passing mean nothing. */
function kindOf(title: string | null): Kind {
  const match = tagged.exec(title ?? '')
  const word = match?.[1] ?? match?.[2] ?? match?.[3]
  if (word === undefined) return 'other'
  const { kind, note } = readKind(word)
  return note === null ? kind : 'other'
}
