import { connect, createServer } from 'node:net'

/** A TCP port on 127.0.0.1 that was free a moment ago; `preferred` when that one is. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await tryListen(preferred)) !== null) return preferred
  const port = await tryListen(0)
  if (port === null) throw new Error('No free TCP port on 127.0.0.1.')
  return port
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const chosen = address !== null && typeof address === 'object' ? address.port : null
      server.close(() => resolve(chosen))
    })
  })
}

/** Whether something accepts connections on this TCP port of 127.0.0.1. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.once('connect', () => socket.destroy())
  })
}
