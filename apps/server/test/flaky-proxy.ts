import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A reverse proxy that can be told to fail. */
export interface FlakyProxy extends AsyncDisposable {
  readonly url: string
  target: string
  /** answers every request with 502 and cuts what is open */
  broken: boolean
  /** requests that were answered with 502 */
  readonly refused: number
  /** requests under a path that are open now */
  open(path: string): number
}

/** Listens on a free port and passes everything on to `target`. */
export async function startFlakyProxy(target: string): Promise<FlakyProxy> {
  const state = { target, broken: false, refused: 0 }
  const open = new Set<{ url: string }>()
  const server = createServer((incoming, outgoing) => {
    const entry = { url: incoming.url ?? '' }
    open.add(entry)
    outgoing.once('close', () => open.delete(entry))
    for (const side of [incoming, outgoing]) side.on('error', () => outgoing.destroy())
    const fail = () => {
      state.refused += 1
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end()
    }
    if (state.broken) return fail()
    const { method = 'GET', headers, url = '/' } = incoming
    const upstream = request(new URL(url, state.target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
      outgoing.on('close', () => upstream.destroy())
    })
    upstream.on('error', fail)
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    get target() {
      return state.target
    },
    set target(value) {
      state.target = value
    },
    get broken() {
      return state.broken
    },
    set broken(value) {
      state.broken = value
      if (value) server.closeAllConnections()
    },
    get refused() {
      return state.refused
    },
    open: (path) => [...open].filter((entry) => entry.url.startsWith(path)).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
