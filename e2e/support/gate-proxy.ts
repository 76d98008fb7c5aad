import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can close for new connections, as a ban closes it: established ones go on. */
export interface GateProxy extends AsyncDisposable {
  readonly url: string
  /** closes as soon as the server ends a connection, which BanGUI does right after it has loaded a change */
  closesWithServer: boolean
  readonly isClosed: boolean
  /** Lets new connections through again. */
  open(): void
}

/** Listens on a free port and pipes each connection to one of its own to `target`. */
export async function startGateProxy(target: string): Promise<GateProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const state = { isClosed: false }
  const follow = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    follow(client)
    if (state.isClosed) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(Number(port), hostname)
    follow(upstream)
    client.pipe(upstream)
    upstream.pipe(client)
    upstream.once('end', () => (state.isClosed ||= proxy.closesWithServer))
    upstream.once('close', () => client.destroySoon())
    client.once('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: GateProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    closesWithServer: false,
    get isClosed() {
      return state.isClosed
    },
    open() {
      proxy.closesWithServer = false
      state.isClosed = false
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
