import { link, rename, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { frameEnd } from '../wire/encode-command.ts'

/** One request as it came, without the end of its frame. */
export interface IncomingRequest {
  readonly bytes: Buffer
  readonly socket: Socket
}

/** The listening side: cuts frames as fail2ban's asynchat does, and hands them on in the order they came. */
export interface SimulatorSocket {
  listen(): Promise<void>
  /** Ends all connections and stops listening; the socket's file stays only when asked, as after a `kill -9`. */
  close(options: { keepFile: boolean }): Promise<void>
  /** Ends all connections and goes on listening. */
  dropConnections(): void
  readonly listening: boolean
}

const maxRequestBytes = 16 * 1024 * 1024
const closeWord = '<F2B_CLOSE_COMMAND>'

/** Creates the socket of a simulator at a path. */
export const createSimulatorSocket = (
  path: string,
  onRequest: (request: IncomingRequest) => void,
): SimulatorSocket => {
  const sockets = new Set<Socket>()
  let server: Server | null = null

  const onConnection = (socket: Socket) => {
    sockets.add(socket)
    let waiting: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk])
      for (let end = waiting.indexOf(frameEnd); end !== -1; end = waiting.indexOf(frameEnd)) {
        const bytes = waiting.subarray(0, end)
        waiting = waiting.subarray(end + frameEnd.length)
        if (bytes.toString('latin1') === closeWord) return void socket.end()
        onRequest({ bytes, socket })
      }
      if (waiting.length > maxRequestBytes) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }

  const dropConnections = () => {
    for (const socket of sockets) socket.destroy()
  }

  return {
    dropConnections,
    get listening() {
      return server !== null
    },
    async listen() {
      if (server) return
      await rm(path, { force: true })
      const created = createServer(onConnection)
      await new Promise<void>((resolve, reject) => {
        created.once('error', reject)
        created.listen({ path, backlog: 1 }, resolve)
      })
      server = created
    },
    async close({ keepFile }) {
      if (!server) return
      const closing = server
      server = null
      // Node removes the file when it stops listening; a second name keeps it
      const kept = `${path}.kept`
      if (keepFile) await link(path, kept)
      dropConnections()
      await new Promise((resolve) => closing.close(resolve))
      if (keepFile) await rename(kept, path)
    },
  }
}
