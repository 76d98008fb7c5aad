import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A reverse proxy that buffers event streams, as many do by default. */
export interface HoldingProxy extends AsyncDisposable {
  readonly url: string
  /** how many bytes of an event stream are buffered before they are forwarded; null forwards each at once */
  holds: number | null
  /** open event streams */
  readonly streams: number
}

/** Listens on a free port and forwards everything to `target`, but event streams only when they have ended. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const open = new Set<() => void>()
  let holds: number | null = Number.POSITIVE_INFINITY
  const server = createServer((incoming, outgoing) => {
    for (const side of [incoming, outgoing]) side.on('error', () => outgoing.destroy())
    const { method = 'GET', headers, url = '/' } = incoming
    const upstream = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.on('close', () => upstream.destroy())
      answer.on('error', () => outgoing.destroy())
      if (!answer.headers['content-type']?.startsWith('text/event-stream')) {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
        return
      }
      const flush = passOn(answer, outgoing, () => holds)
      open.add(flush)
      outgoing.on('close', () => open.delete(flush))
    })
    upstream.on('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    get holds() {
      return holds
    },
    set holds(bytes) {
      holds = bytes
      if (bytes === null) for (const flush of open) flush()
    },
    get streams() {
      return open.size
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Forwards a response in portions, the head with the first one. Returns a function that sends what is held. */
function passOn(answer: IncomingMessage, outgoing: ServerResponse, holds: () => number | null): () => void {
  let held: Buffer[] = []
  const flush = () => {
    if (held.length === 0) return
    if (!outgoing.headersSent) outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    outgoing.write(Buffer.concat(held))
    held = []
  }
  answer.on('data', (chunk: Buffer) => {
    held.push(chunk)
    const size = held.reduce((sum, { length }) => sum + length, 0)
    if (size >= (holds() ?? 0)) flush()
  })
  answer.on('end', () => {
    flush()
    outgoing.end()
  })
  return flush
}
