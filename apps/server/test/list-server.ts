import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type ListReply = (response: ServerResponse, request: IncomingMessage) => void

/** A server of blocklists, with faults where a test wants some. */
export async function startListServer() {
  const lists = new Map<string, string | Buffer | ListReply>()
  const requests: { readonly path: string; readonly conditional: boolean; readonly status: number }[] = []
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    const path = request.url ?? '/'
    const list = lists.get(path)
    const etag =
      typeof list === 'string' ? `"${Buffer.from(list).toString('base64url').slice(-40)}${list.length}"` : ''
    const conditional = request.headers['if-none-match'] !== undefined
    const end = (status: number, body: string | Buffer = '') => {
      requests.push({ path, conditional, status })
      response.writeHead(status, etag === '' ? {} : { etag }).end(body)
    }
    if (list === undefined) end(404)
    else if (typeof list === 'function') {
      requests.push({ path, conditional, status: 0 })
      list(response, request)
    } else if (etag !== '' && request.headers['if-none-match'] === etag) end(304)
    else end(200, list)
  })
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    /** what each path answers; other paths answer 404 */
    lists,
    requests,
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
