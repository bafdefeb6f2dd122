import { readEmail } from '../reporter.ts'
import { cleanLine, foldWidth } from '../text.ts'
import { senderNames } from './header-block.ts'
import { fitsSender } from './phone-owner.ts'
import { isOffice, type MailPerson, type OwnPhone, ownPhone } from './senders.ts'

/** Who wrote a letter that somebody else hands on. */
export interface HandedOn {
  readonly author: MailPerson
  readonly phone: OwnPhone | null
}

const senderLine = new RegExp(`^[>*|\\s]*(?:${senderNames})[*\\s|]*[:|][*\\s|]*(\\S.*)$`, 'i')
const address = /[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}/
/** Apple's programs quote what they forward. */
const quoteMarks = /^[> \t]*>[ \t]?/gm
const maxLine = 400

/** The first sender named in a forwarded text who is no office: offices hand on what others handed on. Null where none is. */
export function authorOfForwarded(forwarded: string): HandedOn | null {
  const lines = foldWidth(forwarded).replace(quoteMarks, '').split('\n')
  for (const [at, line] of lines.entries()) {
    const author = line.length > maxLine ? null : personIn(senderLine.exec(line)?.[1] ?? '')
    if (author === null || isOffice(author)) continue
    const phone = ownPhone(lines.slice(at + 1).join('\n'), null)
    return { author, phone: phone !== null && isOfAuthor(phone, author) ? phone : null }
  }
  return null
}

/** The office may sign below what it hands on, with a landline. */
function isOfAuthor({ phone, name }: OwnPhone, author: MailPerson): boolean {
  return /^\+861[3-9]/.test(phone) || fitsSender(name, author.name) === 'yes'
}

function personIn(field: string): MailPerson | null {
  const mailbox = readEmail(address.exec(field)?.[0] ?? null)
  if (mailbox === null) return null
  const rest = field.replace(address, ' ').replace(/&\w{2,4};|mailto:|["'“”<>()[\];|*]/gi, ' ')
  return { name: cleanLine(rest), address: mailbox }
}

/** The one writer of all attached mails; null where they have several, or an office wrote one. */
export function authorOfAll(letters: readonly HandedOn[]): HandedOn | null {
  const [first] = letters
  if (first === undefined || first.author.address === null) return null
  const isOne = letters.every(({ author }) => author.address === first.author.address)
  return isOne && !isOffice(first.author) ? first : null
}
