import type { Event } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { openStream } from '../live/open-stream.ts'
import { createStreamRegistry } from '../live/stream-registry.ts'
import { streamEvents } from './stream-events.ts'

const session = { id: '7', role: 'viewer' } as Parameters<typeof openStream>[1]

const ban = (at: number): Event => ({ type: 'ban.added', at, jail: 'sshd', address: '192.0.2.1' })

/** One host, as a stream follows it. */
function setUpHost() {
  const { deps, archive } = createServiceDeps()
  return { deps: { ...deps, scope: [deps] }, archive }
}

/** A stream of events whose messages are kept as `[id, type, at]`. */
function setUp(lastEventId: string | null) {
  const { deps, archive } = setUpHost()
  const request = new AbortController()
  const stream = openStream({ streams: createStreamRegistry() }, session, request.signal)
  const seen: unknown[] = []
  const reader = { paused: Promise.resolve() }
  const ended = (async () => {
    for await (const [id, event] of streamEvents(deps, stream, lastEventId)) {
      seen.push([id, event.type, event.at])
      await reader.paused
    }
  })()
  const happen = (...events: Event[]) => deps.events.emit(archive.store(...events))
  return { deps, archive, seen, happen, request, ended, reader }
}

describe('events.watch', () => {
  it('yields each event singly under its seq', async () => {
    const { seen, happen, archive } = setUp(null)
    await vi.waitFor(() => expect(archive.stored).toEqual([]))
    happen(ban(1), ban(2))
    happen(ban(3))
    await vi.waitFor(() =>
      expect(seen).toEqual([
        ['1', 'ban.added', 1],
        ['2', 'ban.added', 2],
        ['3', 'ban.added', 3],
      ]),
    )
  })

  it('goes on after the last id, without gap or repeat, while more arrives', async () => {
    const { deps, archive } = setUpHost()
    archive.store(ban(1), ban(2), ban(3))
    const stream = openStream({ streams: createStreamRegistry() }, session, new AbortController().signal)
    const messages = streamEvents(deps, stream, '1')
    const first = messages.next()
    deps.events.emit(archive.store(ban(4)))
    const ids = [(await first).value?.[0]]
    for (let count = 0; count < 2; count += 1) ids.push((await messages.next()).value?.[0])
    expect(ids).toEqual(['2', '3', '4'])
    deps.events.emit(archive.store(ban(5)))
    expect((await messages.next()).value?.[0]).toBe('5')
  })

  it('yields a reset first where missed events were deleted', async () => {
    const { deps, archive } = setUpHost()
    archive.store(ban(1), ban(2), ban(3))
    archive.stored.shift()
    archive.stored.shift()
    const stream = openStream({ streams: createStreamRegistry() }, session, new AbortController().signal)
    const messages = streamEvents(deps, stream, '1')
    expect((await messages.next()).value?.slice(0, 2)).toMatchObject(['3', { type: 'reset' }])
  })

  it('says reset for an id that is ahead of the sequence', async () => {
    const { deps } = setUpHost()
    const stream = openStream({ streams: createStreamRegistry() }, session, new AbortController().signal)
    const messages = streamEvents(deps, stream, '99')
    expect((await messages.next()).value?.slice(0, 2)).toMatchObject(['0', { type: 'reset' }])
  })

  it('serves a reader that is too slow from the archive, whole', async () => {
    const { seen, happen, reader, archive } = setUp(null)
    await archive.lastSeq()
    const gate = Promise.withResolvers<void>()
    reader.paused = gate.promise
    happen(ban(0))
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    for (let round = 0; round < 8; round += 1)
      happen(...Array.from({ length: 1_000 }, (_, index) => ban(round * 1_000 + index)))
    reader.paused = Promise.resolve()
    gate.resolve()
    await vi.waitFor(() => expect(seen).toHaveLength(8_001))
    expect(new Set(seen.map((message) => (message as string[])[0])).size).toBe(8_001)
  })

  it('ends with its request', async () => {
    const { request, ended } = setUp(null)
    request.abort()
    expect(await ended).toBeUndefined()
  })

  it.each(['from the start', 'when the archive fails'])('listens no longer: ended %s', async (how) => {
    const { deps, archive } = setUpHost()
    const listening = { count: 0 }
    const events = {
      ...deps.events,
      listen: (...args: Parameters<typeof deps.events.listen>) => {
        const stop = deps.events.listen(...args)
        listening.count += 1
        return () => {
          listening.count -= 1
          stop()
        }
      },
    }
    const request = new AbortController()
    const streams = createStreamRegistry()
    const stream = openStream({ streams }, session, request.signal)
    const messages = streamEvents({ ...deps, scope: [{ ...deps, events }] }, stream, '0')
    if (how === 'from the start') request.abort()
    else archive.lastSeq = () => Promise.reject(new Error('the worker ended'))
    await messages.next().catch(() => undefined)
    expect([listening.count, streams.count]).toEqual([0, 0])
  })
})
