import { YiwangError } from '../../config/errors.ts'

/** What an IMAP library's error says, as far as it says it. */
interface Fault {
  readonly message: string
  readonly code: string
  /** What the server said in BYE before it hung up. */
  readonly reason: string
  readonly responseStatus: string
  readonly responseText: string
  readonly response: string
  readonly executedCommand: string
  readonly serverResponseCode: string
  readonly authenticationFailed: boolean
  readonly tlsFailed: boolean
}

/** Where a connection leads and how it logs in, for the texts of errors. */
export interface Endpoint {
  readonly source: string
  /** Host and port, for a person. */
  readonly host: string
  /** Never to be shown, even if a server repeats them. */
  readonly secrets: readonly string[]
  /** The setting that it logs in by. */
  readonly login: 'password' | 'tokenCommand'
}

/** Refusals of a login that say nothing of the credential (RFC 5530 §3). */
const passingCodes: ReadonlySet<string> = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG'])

/**
 * An error of the IMAP library, of TLS or of the network, in the catalogue's terms and without secrets.
 * @param folder the one that was open or asked for.
 */
export function imapFailure(thrown: unknown, endpoint: Endpoint, folder?: string): YiwangError {
  if (thrown instanceof YiwangError) return thrown
  const fault = faultOf(thrown)
  const { source, host } = endpoint
  const say = (text: string) => cleanText(text, endpoint.secrets)
  const reason = say(wordsOf(fault))
  const answer = say(untagged(fault.response) || fault.responseText)
  // The library gives these no code: no credential would help.
  if (/^(Unsupported authentication mechanism|Login is disabled)$/.test(fault.message)) {
    return new YiwangError('SOURCE_UNSUPPORTED', { source, host, setting: endpoint.login, reason })
  }
  if (fault.authenticationFailed && !passingCodes.has(fault.serverResponseCode)) {
    return new YiwangError('SOURCE_AUTH', { source, host, answer: answer || say(fault.message) })
  }
  // Of a connection that is cut as STARTTLS begins the library says that TLS failed.
  const isCut = /^(ECONNRESET|EPIPE|ETIMEDOUT)$/.test(fault.code)
  if ((fault.tlsFailed && !isCut) || isTlsCode(fault.code)) {
    return new YiwangError('SOURCE_TLS', { source, host, reason: withoutProgrammersWords(reason) })
  }
  if (fault.responseStatus === 'NO' || fault.responseStatus === 'BAD') {
    // What follows the name may be an address, a secret, or a folder as the protocol spells it.
    const [, name = 'IMAP'] = /^\S+ ((?:UID )?[A-Z]+)/.exec(fault.executedCommand) ?? []
    const command = folder === undefined ? name : `${name} ${folder}`
    return new YiwangError('SOURCE_REFUSED', { source, host, command, answer })
  }
  return new YiwangError('SOURCE_UNREACHABLE', { source, host, reason: reason || 'connection lost' })
}

/**
 * Why messages were not given: SOURCE_REFUSED where the server said so, by NO, BAD, an answer that nobody
 * understands, or BYE, as Dovecot does of a mail that it cannot read.
 * @param command with the messages and the folder, for a person.
 */
export function fetchFailure(thrown: unknown, endpoint: Endpoint, command: string): YiwangError {
  const failure = imapFailure(thrown, endpoint)
  const fault = faultOf(thrown)
  const { source, host, secrets } = endpoint
  const words = cleanText(wordsOf(fault), secrets) || 'connection lost'
  if (failure.code === 'SOURCE_REFUSED')
    return new YiwangError('SOURCE_REFUSED', { source, host, command, answer: failure.details.answer ?? '' })
  if (isBye(fault) || isUnusableAnswer(fault))
    return new YiwangError('SOURCE_REFUSED', { source, host, command, answer: words })
  if (failure.code !== 'SOURCE_UNREACHABLE') return failure
  return new YiwangError('SOURCE_UNREACHABLE', { source, host, reason: `${command}: ${words}` })
}

function wordsOf(fault: Fault): string {
  return isBye(fault) ? `BYE ${fault.reason}` : [fault.code, fault.message].filter(Boolean).join(': ')
}

/** Whether the server said BYE before it hung up. */
function isBye({ reason, code }: Fault): boolean {
  return reason !== '' && /^(NoConnection|ClosedAfterConnect)/.test(code)
}

/** OpenSSL's reason stands between where it arose in its code; after a semicolon Node goes on with advice. */
function withoutProgrammersWords(reason: string): string {
  const [plain = reason] = reason.split(';')
  return plain.replace(/[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):.*/, '$1')
}

/** `NO [AUTHENTICATIONFAILED] …` of a whole answer. */
function untagged(answer: string): string {
  return answer.replace(/^\S+ (?=(NO|BAD)\b)/, '')
}

/** Whether the server answered a command with NO or BAD, and the connection goes on. */
export function isRefusal(thrown: unknown): boolean {
  return ['NO', 'BAD'].includes(faultOf(thrown).responseStatus)
}

/** Whether a folder that was asked about does not exist. */
export function isMissing(thrown: unknown): boolean {
  return faultOf(thrown).code === 'NotFound'
}

/** Whether the connection was given up because of what the server sent, so that asking again ends the same. */
function isUnusableAnswer({ code }: Fault): boolean {
  return /^(ParserError|LiteralTooLarge|ResponseTooLarge|LineTooLarge|MAX_IMAP_NESTING|InvalidResponse|ResponseProcessing)/.test(
    code,
  )
}

function isTlsCode(code: string): boolean {
  return (
    /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_PURPOSE|PATH_LENGTH/.test(
      code,
    ) || /^(ERR_SSL_|ERR_TLS_|EPROTO$|STARTTLS_INJECTION$|UPGRADE_TIMEOUT$)/.test(code)
  )
}

/** One line of at most 200 characters, secrets blotted out. */
function cleanText(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/[\s\p{C}]+/gu, ' ').trim()
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***')
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean
}

function faultOf(thrown: unknown): Fault {
  const given: Readonly<Record<string, unknown>> = Object(thrown)
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '')
  return {
    message: text('message'),
    code: text('code'),
    reason: text('reason'),
    responseStatus: text('responseStatus'),
    responseText: text('responseText'),
    response: text('response'),
    executedCommand: text('executedCommand'),
    serverResponseCode: text('serverResponseCode'),
    authenticationFailed: given.authenticationFailed === true,
    tlsFailed: given.tlsFailed === true,
  }
}
