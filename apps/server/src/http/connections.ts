import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { nextTurn } from '@bangui/async'

/**
 * The connections of the HTTP server, in generations: those that are accepted from a moment on are of a later generation than
 * those of before. Established connections usually survive a ban, so only a later one shows that somebody still gets through.
 */
export interface Connections {
  /** Follows the connections of a server. */
  follow(server: Server): void
  /** Returns the generation of a connection; 0 where it is not followed. */
  generationOf(socket: Socket): number
  /**
   * Begins a generation and returns it. With `closing`, older connections end: at once where they are idle, else with their answer.
   */
  begin(options?: { readonly closing?: boolean }): Promise<number>
}

interface Connection {
  readonly socket: Socket
  readonly generation: number
  readonly answers: Set<ServerResponse>
  isEnding: boolean
}

/** Creates {@link Connections}. */
export function createConnections(): Connections {
  const connections = new Map<Socket, Connection>()
  let current = 1

  const answer = ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(socket)
    if (!connection) return
    connection.answers.add(response)
    response.shouldKeepAlive &&= !connection.isEnding
    response.once('close', () => {
      connection.answers.delete(response)
      // the headers of this answer may have promised that the connection stays
      if (connection.isEnding && connection.answers.size === 0) socket.destroySoon()
    })
  }

  const end = (connection: Connection) => {
    connection.isEnding = true
    if (connection.answers.size === 0) connection.socket.destroySoon()
    for (const response of connection.answers) if (!response.headersSent) response.shouldKeepAlive = false
  }

  return {
    follow(server) {
      server.on('connection', (socket: Socket) => {
        connections.set(socket, { socket, generation: current, answers: new Set(), isEnding: false })
        socket.once('close', () => connections.delete(socket))
      })
      server.on('request', answer)
    },
    generationOf: (socket) => connections.get(socket)?.generation ?? 0,
    async begin({ closing = false } = {}) {
      // what the kernel has accepted by now is handed out before
      await nextTurn()
      await nextTurn()
      const before = current
      current += 1
      const begun = current
      if (closing)
        for (const connection of connections.values()) if (connection.generation <= before) end(connection)
      return begun
    },
  }
}
