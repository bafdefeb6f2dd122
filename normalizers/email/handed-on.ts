import { readEmail, readName } from '../reporter.ts'
import { cleanLine, foldWidth } from '../text.ts'
import { headerBlockAt, senderNames } from './header-block.ts'
import { fitsSender } from './phone-owner.ts'
import { isOffice, isProgram, type MailPerson, type OwnPhone, ownPhone } from './senders.ts'

/** Who wrote a letter that somebody else hands on. */
export interface HandedOn {
  readonly author: MailPerson
  readonly phone: OwnPhone | null
}

const senderLine = new RegExp(`^[>*|\\s]*(?:${senderNames})[*\\s|]*[:|][*\\s|]*(\\S.*)$`, 'i')
const address = /[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}/
const maxLine = 400

/**
 * The first sender named in a forwarded text who is no office: offices hand on what others handed on. Null where none is.
 *
 * @param addressOf looks up the address of somebody of whom only the name is written
 */
export function authorOfForwarded(
  forwarded: string,
  addressOf: (name: string) => string | null,
): HandedOn | null {
  const lines = foldWidth(forwarded).split('\n')
  for (const [at, line] of lines.entries()) {
    const field = line.length > maxLine ? undefined : senderLine.exec(line)?.[1]
    if (field === undefined) continue
    const author = personIn(field) ?? namedIn(field, lines, at, addressOf)
    if (author === null || isOffice(author)) continue
    const letter = lines
      .slice(at + 1)
      .map(unquoted)
      .join('\n')
    const phone = ownPhone(letter, null)
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
  return { name: nameIn(field.replace(address, ' ')), address: mailbox }
}

function nameIn(field: string): string | null {
  return cleanLine(field.replace(/&\w{2,4};|mailto:|["'“”<>()[\];|*]/gi, ' '))
}

/** Names of two to four characters that are no person's, and clerks by their title. */
const officials =
  /(?:[局办科处所室委部站院厅]|中心|[信邮]箱|热线|街道|社区|政府|平台|大队|[科局处所站市区县镇乡厅]长|主任|书记|秘书|科员|干事|客服)$/

/** Foxmail writes only the name, which may be anything unless a program wrote the lines and it is a person's. */
function namedIn(
  field: string,
  lines: readonly string[],
  at: number,
  addressOf: (name: string) => string | null,
): MailPerson | null {
  const { kind, name } = readName(nameIn(field))
  if (kind !== 'person' || name === null || officials.test(name)) return null
  if (isProgram({ name, address: null }) || !isInHeader(lines, at)) return null
  return { name, address: addressOf(name) }
}

/** How many lines are looked at above and below a sender. */
const around = { above: 4, below: 12 }

/** Whether a line stands in the header of an original that a program must have written. */
function isInHeader(lines: readonly string[], at: number): boolean {
  const first = Math.max(0, at - around.above)
  const near = lines.slice(first, at + around.below).map((line) => {
    return unquoted(line.slice(0, maxLine))
      .replace(/&nbsp;/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  })
  return headerBlockAt(near, at - first)?.isCertain ?? false
}

function unquoted(line: string): string {
  return line.replace(/^[>\s]+/, '')
}

/** The one writer of all attached mails; null where they have several, or an office wrote one. */
export function authorOfAll(letters: readonly HandedOn[]): HandedOn | null {
  const [first] = letters
  if (first === undefined || first.author.address === null) return null
  const isOne = letters.every(({ author }) => author.address === first.author.address)
  return isOne && !isOffice(first.author) ? first : null
}
