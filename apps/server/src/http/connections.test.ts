import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createConnections } from './connections.ts'

/** A server whose answers a test gives, with the generation of each request's connection. */
async function open() {
  const stack = new AsyncDisposableStack()
  const connections = createConnections()
  const asked: { readonly generation: number; readonly answer: ServerResponse }[] = []
  const server = createServer((request, answer) => {
    asked.push({ generation: connections.generationOf(request.socket), answer })
    server.emit('asked')
  })
  connections.follow(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => void server.close())
  return {
    connections,
    async client() {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.on('error', () => undefined)
      stack.defer(() => void socket.destroy())
      let received = ''
      socket.setEncoding('utf8').on('data', (text: string) => (received += text))
      return { socket, received: () => received }
    },
    /** Sends a request, and returns it as the server sees it. */
    async ask(socket: Socket) {
      const begun = once(server, 'asked')
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      await begun
      return asked.at(-1)!
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

it('a connection keeps the generation in which it was accepted', async () => {
  await using at = await open()
  const first = await at.client()
  expect((await at.ask(first.socket)).generation).toBe(1)
  expect(await at.connections.begin()).toBe(2)
  const second = await at.client()
  expect((await at.ask(second.socket)).generation).toBe(2)
  expect((await at.ask(first.socket)).generation).toBe(1)
})

it('idle connections end with the begin of a generation', async () => {
  await using at = await open()
  const { socket } = await at.client()
  const { answer } = await at.ask(socket)
  answer.end('done')
  await once(answer, 'close')
  const ended = once(socket, 'close')
  await at.connections.begin({ closing: true })
  await ended
  expect(socket.destroyed).toBe(true)
})

it('a busy connection ends with its answer, which says so', async () => {
  await using at = await open()
  const { socket, received } = await at.client()
  const { answer } = await at.ask(socket)
  await at.connections.begin({ closing: true })
  expect(socket.destroyed).toBe(false)
  const ended = once(socket, 'close')
  answer.end('done')
  await ended
  expect(received()).toMatch(/connection: close[^]*done/i)
})

it('a stream whose headers are sent ends its connection when it ends', async () => {
  await using at = await open()
  const { socket, received } = await at.client()
  const { answer } = await at.ask(socket)
  answer.flushHeaders()
  await at.connections.begin({ closing: true })
  const ended = once(socket, 'close')
  answer.end('last words')
  await ended
  expect(received()).toContain('last words')
})
