import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { getCACertificates } from 'node:tls'
import { promisify } from 'node:util'
import type { ImapFlow, ImapFlowOptions } from 'imapflow'
import { YiwangError } from '../../config/errors.ts'
import { errnoOf } from '../errno.ts'
import { type Endpoint, fetchFailure, imapFailure, isRefusal } from './failures.ts'
import { type Pace, watchPace } from './pace.ts'
import type { ImapSettings } from './settings.ts'

const maxTokenBytes = 65_536

/** A folder as it stands while it is held open. */
export interface OpenFolder {
  readonly client: ImapFlow
  readonly uidValidity: string
  readonly acceptsFlag: (flag: string) => boolean
  /** Why the server did not give these messages. */
  readonly fetchFailureOf: (thrown: unknown, uids: string) => YiwangError
  /** Why the last command gave no answer, where the library only says false. */
  readonly unanswered: () => unknown
  /**
   * What the server refused since the last call, although the library takes it for done: so it does where some of the
   * messages are gone. Null: nothing.
   */
  readonly takeRefusal: () => unknown
}

/** One authenticated connection. Every method throws only YiwangErrors, STOPPED after an abort. */
export interface Session {
  readonly alive: boolean
  /** Runs commands that need no folder. */
  run<Value>(work: (client: ImapFlow) => Promise<Value>, signal: AbortSignal): Promise<Value>
  /** Runs commands in a folder, read-only unless `write`; nobody else uses the connection meanwhile. */
  inFolder<Value>(
    path: string,
    work: (folder: OpenFolder) => Promise<Value>,
    signal: AbortSignal,
    access?: 'read' | 'write',
  ): Promise<Value>
  close(): void
}

/** Gives the living connection, a new one when the last was lost. */
export type Live = (signal: AbortSignal) => Promise<Session>

/**
 * Connects and logs in.
 * @throws SOURCE_UNREACHABLE, SOURCE_TLS, SOURCE_AUTH, SOURCE_TOKEN, SOURCE_UNSUPPORTED, STOPPED
 */
export async function connectSession(
  settings: ImapSettings,
  source: string,
  signal: AbortSignal,
): Promise<Session> {
  const port = settings.port ?? (settings.tls === 'implicit' ? 993 : 143)
  const endpoint: Endpoint = {
    source,
    host: `${settings.host}:${port}`,
    secrets: [...secretsOf(settings.password), ...(settings.user.includes('@') ? [settings.user] : [])],
    login: settings.tokenCommand === null ? 'password' : 'tokenCommand',
  }
  signalStopped(signal)
  const token = await accessToken(settings, source, signal)
  const { ImapFlow } = await import('imapflow')
  const mishaps = new Mishaps()
  const options = { ...(await clientOptions(settings, endpoint, token)), port, logger: mishaps }
  const secrets = [...endpoint.secrets, ...secretsOf(token)]
  const session = new ImapSession(new ImapFlow(options), mishaps, { ...endpoint, secrets }, settings)
  await session.run(async (client) => {
    await client.connect()
    // Folders are named as the server lists them. With a prefix the library would neither list nor open any outside of it.
    if (client.namespace !== undefined) client.namespace.prefix = ''
  }, signal)
  return session
}

/** What the library tells nobody but its log. Its other levels hold citizens' letters and are dropped. */
class Mishaps {
  last: unknown = null

  warn({ err }: { readonly err?: unknown }): void {
    this.last = err ?? this.last
  }

  trace(): void {}
  debug(): void {}
  info(): void {}
  error(): void {}
}

class ImapSession implements Session {
  readonly #client: ImapFlow
  readonly #mishaps: Mishaps
  readonly #endpoint: Endpoint
  readonly #pace: Pace
  /** Why the connection was lost, where that is known: commands under way only hear that there is none. */
  #lost: unknown = null

  constructor(client: ImapFlow, mishaps: Mishaps, endpoint: Endpoint, settings: ImapSettings) {
    this.#client = client
    this.#mishaps = mishaps
    this.#endpoint = endpoint
    this.#pace = { timeoutMs: settings.timeoutMs, maxBytes: literalLimit(settings) }
    client.on('error', (error) => {
      this.#lost ??= error
    })
  }

  get alive(): boolean {
    return this.#client.usable
  }

  run<Value>(work: (client: ImapFlow) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    return this.#runIn(undefined, work, signal)
  }

  inFolder<Value>(
    path: string,
    work: (folder: OpenFolder) => Promise<Value>,
    signal: AbortSignal,
    access: 'read' | 'write' = 'read',
  ): Promise<Value> {
    const workLocked = async (client: ImapFlow) => {
      const lock = await client.getMailboxLock(path, { readOnly: access === 'read' })
      try {
        return await work(this.#openFolder(path))
      } finally {
        lock.release()
      }
    }
    return this.#runIn(path, workLocked, signal)
  }

  close(): void {
    this.#client.close()
  }

  async #runIn<Value>(
    folder: string | undefined,
    work: (client: ImapFlow) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    signalStopped(signal)
    this.#mishaps.last = null
    const stop = () => this.#client.close()
    signal.addEventListener('abort', stop)
    const endWatch = watchPace(this.#client, this.#pace, (reason) => {
      this.#lost ??= reason
      stop()
    })
    try {
      return await work(this.#client)
    } catch (thrown) {
      // A refusal leaves the connection as it was; after anything else the next use makes a new one.
      if (!isRefusal(thrown)) stop()
      signalStopped(signal)
      throw imapFailure(this.#lost ?? thrown, this.#endpoint, folder)
    } finally {
      endWatch()
      signal.removeEventListener('abort', stop)
    }
  }

  #openFolder(path: string): OpenFolder {
    const mailbox = this.#client.mailbox
    if (mailbox === false) throw new Error('The folder was closed by the server.')
    // Flags are the same in any case (RFC 3501 §9).
    const kept =
      mailbox.permanentFlags && new Set([...mailbox.permanentFlags].map((flag) => flag.toLowerCase()))
    return {
      client: this.#client,
      uidValidity: String(mailbox.uidValidity),
      acceptsFlag: (flag) =>
        kept === undefined ||
        kept.has(flag.toLowerCase()) ||
        // So a server says that it takes new keywords; the flags of the standard it names each (RFC 3501 §7.1).
        (!flag.startsWith('\\') && kept.has('\\*')),
      fetchFailureOf: (thrown, uids) =>
        fetchFailure(this.#lost ?? thrown, this.#endpoint, `UID FETCH ${uids} ${path}`),
      unanswered: () => this.#mishaps.last ?? new Error('no answer'),
      takeRefusal: () => {
        const { last } = this.#mishaps
        this.#mishaps.last = null
        return isRefusal(last) ? last : null
      },
    }
  }
}

async function clientOptions(
  settings: ImapSettings,
  endpoint: Endpoint,
  token: string | null,
): Promise<ImapFlowOptions> {
  const { host, user, password, tls, timeoutMs } = settings
  const login = token === null ? { pass: password ?? '' } : { accessToken: token }
  return {
    host,
    secure: tls === 'implicit',
    doSTARTTLS: tls === 'starttls',
    auth: { user, ...login },
    tls: await authorities(settings, endpoint),
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    connectionTimeout: timeoutMs,
    // Shorter than socketTimeout, whose error does not say what was awaited.
    greetingTimeout: 0.9 * timeoutMs,
    socketTimeout: timeoutMs,
    // A server may send somewhat more than the size that it announced; beyond this it is not believed.
    maxLiteralSize: literalLimit(settings),
    maxResponseSize: literalLimit(settings) + 1024 * 1024,
  }
}

function literalLimit({ maxMessageBytes }: ImapSettings): number {
  return 2 * maxMessageBytes + 1024 * 1024
}

/** A private authority is trusted besides those that Node trusts. */
async function authorities({ caPath }: ImapSettings, { source, host }: Endpoint): Promise<{ ca?: string[] }> {
  if (caPath === null) return {}
  const ca = await readFile(caPath, 'utf8').catch((thrown: unknown) => {
    throw new YiwangError('SOURCE_PATH', { source, path: caPath, reason: errnoOf(thrown) })
  })
  // TLS leaves out in silence what it does not know, such as a certificate in DER form.
  if (!/^-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/m.test(ca))
    throw new YiwangError('SOURCE_TLS', { source, host, reason: `no PEM certificate in ${caPath}` })
  return { ca: [...getCACertificates('default'), ca] }
}

async function accessToken(
  { tokenCommand, timeoutMs }: ImapSettings,
  source: string,
  signal: AbortSignal,
): Promise<string | null> {
  if (tokenCommand === null) return null
  const [command = '', ...args] = tokenCommand
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      timeout: timeoutMs,
      // What does not heed a politer one would be waited for without end.
      killSignal: 'SIGKILL',
      signal,
      maxBuffer: maxTokenBytes,
    })
    const token = stdout.trim()
    if (token === '') throw new Error('it printed no token')
    if (!/^[\x21-\x7e]+$/.test(token)) throw new Error('it printed more than a token, or what is none')
    return token
  } catch (thrown) {
    signalStopped(signal)
    throw new YiwangError('SOURCE_TOKEN', { source, reason: tokenFault(thrown, timeoutMs) })
  }
}

/** What the command printed stays out, and so do its arguments, which the message repeats: they may be secrets. */
function tokenFault(thrown: unknown, timeoutMs: number): string {
  const { killed, code, signal, message } = Object(thrown) as {
    readonly [name in 'killed' | 'code' | 'signal' | 'message']?: unknown
  }
  if (killed === true) return `no end within ${timeoutMs} ms`
  if (typeof code === 'number') return `exit status ${code}`
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it printed more than ${maxTokenBytes} bytes`
  if (typeof signal === 'string') return `ended by ${signal}`
  return typeof code === 'string' ? code : String(message)
}

function secretsOf(secret: string | null): readonly string[] {
  return secret === null ? [] : [secret, Buffer.from(secret).toString('base64')]
}

function signalStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new YiwangError('STOPPED')
}
