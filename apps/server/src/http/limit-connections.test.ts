import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { serve, type ServeOptions } from './serve.ts'

async function start(over: Partial<ServeOptions> = {}) {
  const errors: Error[] = []
  const done = Promise.withResolvers<void>()
  const waiting: string[] = []
  const server = await serve({
    // `/wait` is a request that is being answered
    async fetch({ url }) {
      if (!url.endsWith('/wait')) return new Response('hello')
      waiting.push(url)
      await done.promise
      return new Response('late')
    },
    host: '127.0.0.1',
    port: 0,
    basePath: '/',
    publicUrl: null,
    trustProxy: [],
    limits: { total: 6, perPeer: 3 },
    onError: (error) => errors.push(error),
    ...over,
  })
  onTestFinished(async () => {
    done.resolve()
    await server.stop(100)
  })
  const open = async (localAddress = '127.0.0.1') => {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress })
    socket.on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    return socket
  }
  return { errors, open, waiting }
}

/** Sends a request over an open connection; whether it is answered. */
async function ask(socket: Socket, path = '/'): Promise<boolean> {
  const answered = new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true))
    socket.once('close', () => resolve(false))
  })
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return answered
}

const isClosed = (socket: Socket) => vi.waitFor(() => expect(socket.closed).toBe(true))

it('lets one address have a part of the connections, and others the rest', async () => {
  const { open } = await start()
  const crowd = []
  for (let connection = 0; connection < 20; connection += 1) crowd.push(await open())
  await Promise.all(crowd.slice(0, 17).map((socket) => isClosed(socket)))
  expect(await ask(await open('127.0.0.2'))).toBe(true)
})

it('closes the oldest connection that never sent a request for a new one of the same address', async () => {
  const { open } = await start()
  const used = await open()
  expect(await ask(used)).toBe(true)
  const unused = await open()
  const newer = await open()
  expect(await ask(await open())).toBe(true)
  await isClosed(unused)
  expect(await ask(used)).toBe(true)
  expect(await ask(newer)).toBe(true)
})

it('refuses a new connection where each of the address has a request, and says so', async () => {
  const { open, errors, waiting } = await start()
  for (let connection = 0; connection < 3; connection += 1) void ask(await open(), '/wait')
  await vi.waitFor(() => expect(waiting).toHaveLength(3))
  await isClosed(await open())
  expect(errors.map(({ message }) => message)).toEqual(['There are too many connections from 127.0.0.1.'])
  expect(await ask(await open('127.0.0.2'))).toBe(true)
})

it('makes room at the cost of the address with most connections where all are taken', async () => {
  const { open } = await start()
  const few = await open('127.0.0.3')
  const crowd = [await open(), await open(), await open()]
  const others = [await open('127.0.0.2'), await open('127.0.0.2')]
  expect(await ask(await open('127.0.0.4'))).toBe(true)
  await isClosed(crowd[0]!)
  for (const socket of [few, ...crowd.slice(1), ...others]) expect(await ask(socket)).toBe(true)
})

it('lets a trusted proxy have all connections', async () => {
  const { open } = await start({ trustProxy: ['127.0.0.0/24'] })
  const crowd = []
  for (let connection = 0; connection < 6; connection += 1) crowd.push(await open())
  for (const socket of crowd) expect(await ask(socket)).toBe(true)
})
