import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'

/** An answer that ends with this is followed by the end of the connection. */
export const hangUp = '\0END'

const servers: Server[] = []
const sockets = new Set<Socket>()

/** Ends every server made here, and its connections. */
export function endFaultServers(): void {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  for (const server of servers.splice(0)) server.close()
}

/** A TCP server on a free port; gives the port. */
export async function listen(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  return await start(createServer(followed(onConnection)), host)
}

/** The same over TLS, once a client trusts the certificate. */
export async function listenTls(
  keyFile: string,
  certificateFile: string,
  onConnection: (socket: Socket) => void,
): Promise<number> {
  const identity = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) }
  return await start(createTlsServer(identity, followed(onConnection)), '127.0.0.1')
}

function followed(onConnection: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  }
}

async function start(server: Server, host: string): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

/** Passes everything on to a port; each connection is cut after so many bytes from there, others never. */
export function cuttingProxy(port: number, bytesPerConnection: readonly number[]): Promise<number> {
  let connections = 0
  return listen((socket) => {
    let left = bytesPerConnection[connections++] ?? Number.POSITIVE_INFINITY
    const upstream = dial(port, '127.0.0.1')
    upstream.on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    socket.pipe(upstream)
    upstream.on('data', (chunk: Buffer) => {
      socket.write(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) socket.end(() => socket.destroy())
    })
  })
}

type Answer = string | AsyncIterable<string> | null

/** A server with three messages, by script: what it answers to a command, null for the usual. It hangs up after BYE and `hangUp`. */
export function scriptedServer(answer: (command: string, tag: string) => Answer): Promise<number> {
  return listen((socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n')
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        const [tag = '', ...rest] = line.split(' ')
        const text = answer(rest.join(' '), tag) ?? usual(rest.join(' '), tag)
        if (typeof text !== 'string') pipeline(Readable.from(text), socket, () => {})
        else if (text.startsWith('* BYE')) socket.end(text)
        else if (text.endsWith(hangUp)) socket.end(text.slice(0, -hangUp.length))
        else socket.write(text)
      }
    })
  })
}

function usual(command: string, tag: string): string {
  const examine = '* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n'
  const sizes = [1, 2, 3].map((uid) => `* ${uid} FETCH (UID ${uid} RFC822.SIZE 20)\r\n`).join('')
  const answers: readonly (readonly [RegExp, string])[] = [
    [/^LOGIN/, '* CAPABILITY IMAP4rev1 IDLE\r\n'],
    [/^CAPABILITY/, '* CAPABILITY IMAP4rev1 IDLE\r\n'],
    [/^(LIST|LSUB)/, '* LIST () "/" INBOX\r\n'],
    [/^(EXAMINE|SELECT)/, examine],
    [/^STATUS/, '* STATUS INBOX (UIDNEXT 4 UIDVALIDITY 7)\r\n'],
    [/^UID SEARCH/, '* SEARCH 1 2 3\r\n'],
    [/^UID FETCH .*SIZE/, sizes],
  ]
  const [, untagged = ''] = answers.find(([form]) => form.test(command)) ?? []
  return `${untagged}${tag} OK done\r\n`
}

/** The answer that carries message `uid`. */
export function fetched(uid: number): string {
  const message = `Subject: lamp ${uid}\r\n\r\nx\r\n`
  return `* ${uid} FETCH (UID ${uid} BODY[] {${message.length}}\r\n${message})\r\n`
}

/** A port under an address that is not in its certificate. */
export function forward(port: number): Promise<number> {
  return listen((socket) => {
    const upstream = dial(port, '127.0.0.1')
    socket.on('close', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
    socket.pipe(upstream).pipe(socket)
  }, '127.0.0.2')
}
