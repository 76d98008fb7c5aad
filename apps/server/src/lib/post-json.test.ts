import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { postJson, type PostOptions } from './post-json.ts'

let reply: (response: ServerResponse) => void = (response) => void response.end('{}')
let calls = 0

const server = createServer((request, response) => {
  calls += 1
  request.resume()
  reply(response)
})

afterEach(async () => {
  calls = 0
  reply = (response) => void response.end('{}')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function post(host: string, over: Partial<PostOptions> = {}) {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = new URL(`http://${host}:${port}/`)
  return postJson({ url, body: [], timeout: 20_000, maxBytes: 100, allowPrivate: true, ...over })
}

describe('posting', () => {
  it('gives the status, the headers and the text of the answer', async () => {
    reply = (response) => void response.writeHead(429, { 'x-ttl': '7' }).end('later')
    const answer = await post('localhost')
    expect([answer.status, answer.header('x-ttl'), answer.header('x-rl'), answer.text]).toEqual([
      429,
      '7',
      undefined,
      'later',
    ])
  })

  it('follows no redirect', async () => {
    reply = (response) => void response.writeHead(307, { location: '/there' }).end()
    expect((await post('127.0.0.1')).status).toBe(307)
    expect(calls).toBe(1)
  })

  it('reads no more than it may', async () => {
    reply = (response) => void response.end('x'.repeat(101))
    await expect(post('127.0.0.1')).rejects.toThrow('longer than 100 bytes')
  })

  it('ends when its time is over or nobody waits', async () => {
    reply = () => undefined
    await expect(post('127.0.0.1', { timeout: 20 })).rejects.toThrow()
    await expect(post('127.0.0.1', { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})

describe('a private address', () => {
  it.each(['127.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', 'localhost'])(
    'is not reached as %s unless that is allowed',
    async (host) => {
      await expect(post(host, { allowPrivate: false })).rejects.toThrow('BANGUI_ALLOW_PRIVATE_URLS')
      expect(calls).toBe(0)
    },
  )
})
