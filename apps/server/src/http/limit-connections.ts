import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { parseAddress, throttleKey } from '@bangui/shared'
import { plainAddress } from './client-address.ts'

export interface ConnectionLimits {
  /** connections in all */
  readonly total: number
  /** connections of one address (IPv6: of its /64); a proxy that is trusted may have them all */
  readonly perPeer: number
}

/** Far above what the live streams need, far below what a machine can bear. */
export const defaultLimits: ConnectionLimits = { total: 4096, perPeer: 1024 }

export interface LimitOptions {
  readonly limits: ConnectionLimits
  readonly isTrustedProxy: (address: string) => boolean
  /** called for connections that were refused */
  readonly onRefused: (error: Error) => void
}

interface Connection {
  readonly socket: Socket
  readonly peer: string
  /** a request came over it */
  used: boolean
  /** requests that are being answered */
  requests: number
}

/**
 * Prevents one address from taking all connections of a server. At a limit, a new connection replaces one without a
 * request, of the same address or else of the address with most connections; if there is none, the new connection is
 * refused.
 */
export function limitConnections(server: Server, { limits, isTrustedProxy, onRefused }: LimitOptions): void {
  /** the oldest first */
  const connections = new Map<Socket, Connection>()

  const drop = (connection: Connection) => {
    connections.delete(connection.socket)
    connection.socket.destroy()
  }

  const makeRoom = (peer: string, maxOfPeer: number): boolean => {
    const all = [...connections.values()]
    const own = all.filter((connection) => connection.peer === peer)
    const isPeerFull = own.length >= maxOfPeer
    if (!isPeerFull && all.length < limits.total) return true
    const idle = isPeerFull ? findIdle(own) : findIdleOfLargest(all)
    if (idle) drop(idle)
    else onRefused(new Error(`There are too many connections${isPeerFull ? ` from ${peer}` : ''}.`))
    return idle !== undefined
  }

  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    const peer = peerOf(address)
    if (!makeRoom(peer, isTrustedProxy(address) ? limits.total : limits.perPeer)) {
      socket.destroy()
      return
    }
    connections.set(socket, { socket, peer, used: false, requests: 0 })
    socket.once('close', () => connections.delete(socket))
  })

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(socket)
    if (!connection) return
    connection.used = true
    connection.requests += 1
    response.once('close', () => {
      connection.requests -= 1
    })
  })
}

/** A connection that never sent a request is replaced first: a browser keeps those that it has used. Then the oldest. */
function findIdle(connections: readonly Connection[]): Connection | undefined {
  const idle = connections.filter(({ requests }) => requests === 0)
  return idle.find(({ used }) => !used) ?? idle[0]
}

function findIdleOfLargest(connections: readonly Connection[]): Connection | undefined {
  const byPeer = [...Map.groupBy(connections, ({ peer }) => peer).values()]
  const largestFirst = byPeer.sort((one, other) => other.length - one.length)
  return largestFirst.map((own) => findIdle(own)).find((idle) => idle !== undefined)
}

/** Returns the key under which the connections of an address are counted. */
function peerOf(address: string): string {
  const parsed = parseAddress(address)
  return parsed ? throttleKey(parsed) : address
}
