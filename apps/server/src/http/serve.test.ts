import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { rawRequest } from '../../test/raw-request.ts'
import { ListenError, serve, type ServeOptions } from './serve.ts'

const options = (over: Partial<ServeOptions> = {}): ServeOptions => ({
  fetch: () => new Response('hello'),
  host: '127.0.0.1',
  port: 0,
  basePath: '/',
  publicUrl: null,
  trustProxy: [],
  ...over,
})

const failureOf = (over: Partial<ServeOptions>) =>
  serve(options(over)).then(
    () => new Error('it listened'),
    (error: unknown) => error as Error,
  )

it('takes a free port and returns its address', async () => {
  const server = await serve(options({ basePath: '/bans/' }))
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/bans/`)
  expect((await rawRequest(server.port)).text).toBe('hello')
  await server.stop(1000)
})

it('names the port and its variable where the port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const error = await failureOf({ port })
  expect(error).toBeInstanceOf(ListenError)
  expect(error.message).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use.*BANGUI_PORT`))
  other.close()
})

it('names the address and its variable where the machine has no such address', async () => {
  const error = await failureOf({ host: '192.0.2.123' })
  expect(error).toBeInstanceOf(ListenError)
  expect(error.message).toMatch(/no address 192.0.2.123.*BANGUI_HOST/)
})

it('lets a request under way end when it stops', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<Response>()
  const fetch = () => {
    asked.resolve()
    return answer.promise
  }
  const server = await serve(options({ fetch }))
  const request = rawRequest(server.port)
  await asked.promise
  const stopped = server.stop(5000)
  answer.resolve(new Response('in time'))
  expect((await request).text).toBe('in time')
  await stopped
  await expect(rawRequest(server.port)).rejects.toThrow('ECONNREFUSED')
})

it('cuts what has not ended at the deadline', async () => {
  const asked = Promise.withResolvers<void>()
  const fetch = () => {
    asked.resolve()
    return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }))
  }
  const server = await serve(options({ fetch }))
  const request = rawRequest(server.port).catch((error: unknown) => error as Error)
  await asked.promise
  await server.stop(20)
  expect(await request).toBeInstanceOf(Error)
})

it('answers a request that is none in the shape of every error', async () => {
  const server = await serve(options())
  const answer = await rawRequest(server.port, { path: '/a\\b', headers: { host: 'x/y' } })
  expect(answer.status).toBe(400)
  expect(answer.json().error!.data.reason).toBe('request_malformed')
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  await server.stop(1000)
})
