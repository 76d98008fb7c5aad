import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request that the receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** the body as JSON */
  readonly body: {
    readonly incident?: {
      id: string
      rule: string
      state: string
      title: string
      text: string
      url: string | null
    }
    readonly digest?: { title: string; text: string }
    readonly more?: number
  }
}

/** A real HTTP server that keeps what webhooks send. `answer` decides the status of each request. */
export async function createWebhookReceiver(
  answer: (request: Received, count: number) => number | Promise<number> = () => 200,
) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const one: Received = {
        headers: request.headers,
        text: body,
        body: JSON.parse(body) as Received['body'],
      }
      received.push(one)
      response.writeHead(await answer(one, received.length)).end('thank you')
    })
  })
  server.on('connection', (socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
