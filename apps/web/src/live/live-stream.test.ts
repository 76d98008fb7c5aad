// @vitest-environment node
import { type Live, WatchInput } from '@bangui/shared'
import { initTRPC, tracked, TRPCError } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { EventSource } from 'eventsource'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { runtimeOf } from '../../test/fixtures.ts'
import { createApi } from '../api/create-api.ts'
import { createConnection } from './connection.ts'
import type { ConnectionState } from './connection-status.ts'
import { createLiveSource } from './source.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

const patience = { timeout: 8_000, interval: 10 }

/** A server with one stream: every 20 ms a message with the next id after the requested one. */
function createStreamServer(options: { signedIn: () => boolean }) {
  const asked: (string | null | undefined)[] = []
  const t = initTRPC.create({
    isDev: false,
    errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, reason: error.message } }),
    sse: { ping: { enabled: true, intervalMs: 100 }, client: { reconnectAfterInactivityMs: 1_000 } },
  })
  const router = t.router({
    live: t.router({
      watch: t.procedure.input(WatchInput).subscription(async function* ({ input, signal }) {
        if (!options.signedIn()) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'no_session' })
        asked.push(input?.lastEventId)
        for (let id = Number(input?.lastEventId ?? 0) + 1; ; id += 1) {
          if (signal?.aborted) return
          const message: Live = { type: 'runtime', host: 'local', runtime: runtimeOf({ revision: id }) }
          yield tracked(String(id), message)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }),
    }),
  })
  return { asked, handler: createHTTPHandler({ router, basePath: '/trpc/' }) }
}

async function listen(handler: RequestListener, port = 0): Promise<Server> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  cleanUps.push(() => stop(server))
  return server
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

async function setUp() {
  let signedIn = true
  const streams = createStreamServer({ signedIn: () => signedIn })
  const server = await listen(streams.handler)
  const { port } = server.address() as AddressInfo
  const revisions: number[] = []
  const states: ConnectionState[] = []
  let signedOut = 0
  const api = createApi({
    url: `http://127.0.0.1:${port}/trpc`,
    EventSource,
  })
  const connection = createConnection({
    source: createLiveSource(api),
    page: () => () => undefined,
    onMessage: (message) => message.type === 'runtime' && revisions.push(message.runtime.revision),
    onState: (state) => states.push(state),
    onSignedOut: () => (signedOut += 1),
  })
  cleanUps.push(connection.close)
  await expect.poll(() => revisions.length, patience).toBeGreaterThan(2)
  const moreThan = (count: number) => expect.poll(() => revisions.length, patience).toBeGreaterThan(count)
  return {
    streams,
    server,
    port,
    revisions,
    states,
    moreThan,
    signedOut: () => signedOut,
    signOut: () => (signedIn = false),
  }
}

const inOrder = (revisions: readonly number[]) => revisions.every((each, index) => each === index + 1)

describe('the live stream', () => {
  it('goes on after a restart of the server where it stopped, without gap or repeat', async () => {
    const { streams, server, port, revisions, moreThan, states } = await setUp()
    await stop(server)
    const count = revisions.length
    await listen(streams.handler, port)
    await moreThan(count + 3)
    expect(streams.asked.at(-1)).toBe(String(count))
    expect(inOrder(revisions)).toBe(true)
    expect(states).toEqual(['live'])
  })

  it('survives a proxy that answers 502 for a while', async () => {
    const { streams, server, port, revisions, moreThan } = await setUp()
    await stop(server)
    let refused = 0
    const proxy = await listen((_request, response) => {
      refused += 1
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
    }, port)
    await expect.poll(() => refused, patience).toBeGreaterThan(1)
    await stop(proxy)
    const count = revisions.length
    await listen(streams.handler, port)
    await moreThan(count + 3)
    expect(inOrder(revisions)).toBe(true)
  })

  it('stops for good when the server says that the session is over', async () => {
    const { server, streams, port, signOut, signedOut } = await setUp()
    signOut()
    await stop(server)
    await listen(streams.handler, port)
    await expect.poll(signedOut, patience).toBe(1)
  })
})
