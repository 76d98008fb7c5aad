import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a test wants one call answered; unset: as the real service would. */
export type GeoReply = (response: ServerResponse, addresses: readonly string[]) => void

/** A service that speaks as ip-api.com's batch endpoint does, on a free port. */
export async function startGeoServer(countries: Readonly<Record<string, string>> = {}) {
  const calls: string[][] = []
  const requests: { method: string; url: string; headers: IncomingHttpHeaders }[] = []
  const test = { reply: undefined as GeoReply | undefined }
  const server = createServer((request, response) => {
    const answer = async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const addresses = JSON.parse(Buffer.concat(chunks).toString()) as string[]
      calls.push(addresses)
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
      if (test.reply) test.reply(response, addresses)
      else response.end(JSON.stringify(addresses.map((address) => rowOf(address, countries))))
    }
    // a caller whose time is over cuts the connection
    answer().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/batch`,
    calls,
    requests,
    test,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function rowOf(query: string, countries: Readonly<Record<string, string>>) {
  const countryCode = countries[query]
  if (countryCode === undefined) return { status: 'fail', message: 'reserved range', query }
  return { status: 'success', query, countryCode, as: 'AS64500 Example Net' }
}
