import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Role } from '@bangui/shared'
import { jail } from '../../../test/fake-host.ts'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { streamState } from '../state/stream-state.ts'
import { openStream } from './open-stream.ts'
import { createStreamRegistry } from './stream-registry.ts'
import { pollLive, streamLive } from './stream-live.ts'

const session = { id: '7', role: 'admin' } as Parameters<typeof openStream>[1]

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** Reads a stream until it ends; keeps what came and why it ended. */
function read<TMessage>(messages: AsyncIterable<TMessage>) {
  const seen = { messages: [] as TMessage[], error: null as unknown, ended: false }
  const run = async () => {
    try {
      for await (const message of messages) seen.messages.push(message)
    } catch (error) {
      seen.error = error
    }
    seen.ended = true
  }
  void run()
  return seen
}

function setUp() {
  const test = createServiceDeps()
  const deps = { ...test.deps, scope: [test.deps] }
  const streams = createStreamRegistry()
  const request = new AbortController()
  const open = (role: Role = 'admin') => openStream({ streams }, { ...session, role }, request.signal)
  const change = (configuredJails: number) => test.state.update((state) => ({ ...state, configuredJails }))
  return { ...test, deps, streams, request, open, change }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('live.watch', () => {
  it('sends at most ten messages a second, whatever changes together', async () => {
    const { deps, host, open, change } = setUp()
    const times: number[] = []
    const stamped = async function* () {
      for await (const message of streamLive(deps, open())) {
        times.push(Date.now())
        yield message
      }
    }
    read(stamped())
    await settle()
    for (let turn = 1; turn <= 100; turn += 1) {
      host.listed = [jail('sshd', { currentlyBanned: turn })]
      await deps.jails.refresh()
      await change(1_000 + turn)
      await vi.advanceTimersByTimeAsync(20)
    }
    await vi.advanceTimersByTimeAsync(1_000)
    const spans = times.slice(10).map((time, index) => time - (times[index] ?? 0))
    expect(times.length).toBeGreaterThan(20)
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(1_000)
  })

  it('sends changes of the same moment together, and then nothing for a while', async () => {
    const { deps, host, open, change } = setUp()
    await deps.jails.refresh()
    const seen = read(streamLive(deps, open()))
    await vi.advanceTimersByTimeAsync(1_000)
    // the list and how many are configured
    host.listed = [jail('sshd'), jail('web')]
    await deps.jails.refresh()
    await settle()
    expect(seen.messages.map(([, { type }]) => type).toSorted()).toEqual(['jails', 'runtime', 'snapshot'])
    await change(5)
    await vi.advanceTimersByTimeAsync(150)
    expect(seen.messages).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(51)
    expect(seen.messages).toHaveLength(4)
  })

  it('begins with the snapshot, and has the id 0 until there are events', async () => {
    const { deps, open } = setUp()
    await deps.jails.refresh()
    const seen = read(streamLive(deps, open()))
    await settle()
    expect(seen.messages).toEqual([
      [
        '0',
        {
          type: 'snapshot',
          host: 'local',
          runtime: expect.objectContaining({ node: 'test' }),
          jails: [jail('sshd')],
          operations: [],
        },
        expect.any(Symbol),
      ],
    ])
  })

  it.each(['admin', 'operator', 'viewer'] as const)(
    'tells a %s of a rollback what is theirs',
    async (role) => {
      const { deps, open, state } = setUp()
      const recovery = {
        jailName: 'web',
        startedAt: 1,
        step: 'failed',
        done: [],
        message: 'fail2ban did not start. ERROR curl -H "Key: s3cret"',
        output: 'ERROR curl -H "Key: s3cret"',
      } as const
      await state.update((current) => ({ ...current, recovery: { ...recovery, done: [] } }))
      const seen = [
        read(streamLive(deps, open(role))),
        read(streamState({ ...deps, bootId: 'b' }, open(role))),
      ]
      await settle()
      for (const { messages } of seen) {
        const text = JSON.stringify(messages)
        expect(text).toContain('"step":"failed"')
        expect(text.includes('s3cret')).toBe(role === 'admin')
      }
    },
  )

  it('sends at most ten messages a second, the newest state only, and nothing when nothing changes', async () => {
    const { deps, open, change } = setUp()
    const seen = read(streamLive(deps, open()))
    await settle()
    for (let millisecond = 1; millisecond <= 1_000; millisecond += 1) {
      void change(millisecond)
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(seen.messages.length).toBeGreaterThan(8)
    expect(seen.messages.length).toBeLessThanOrEqual(12)
    await vi.advanceTimersByTimeAsync(1_000)
    const count = seen.messages.length
    expect(seen.messages.at(-1)?.[1]).toMatchObject({
      type: 'runtime',
      host: 'local',
      runtime: { configuredJails: 1_000 },
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen.messages.length).toBe(count)
  })

  it('sends missed events before the snapshot, and then new ones, with the newest 50 and the counts of all', async () => {
    const { deps, archive, open } = setUp()
    const found = (at: number) => ({ type: 'failure.found', at, jail: 'sshd', address: '192.0.2.1' }) as const
    archive.store(found(1), found(2), found(3))
    const seen = read(streamLive(deps, open(), '1'))
    await settle()
    expect(seen.messages.map(([id, message]) => [id, message.type])).toEqual([
      ['3', 'events'],
      ['3', 'snapshot'],
    ])
    expect(seen.messages[0]?.[1]).toMatchObject({
      events: [{ at: 2 }, { at: 3 }],
      counts: { 'failure.found': 2 },
    })
    for (let round = 0; round < 20; round += 1)
      deps.events.emit(archive.store(...Array.from({ length: 10 }, (_, index) => found(round * 10 + index))))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen.messages).toHaveLength(3)
    expect(seen.messages[2]?.[0]).toBe('203')
    expect(seen.messages[2]?.[1]).toMatchObject({
      type: 'events',
      host: 'local',
      counts: { 'failure.found': 200 },
      events: { length: 50 },
    })
  })

  it('sends the progress of an operation', async () => {
    const { deps, open } = setUp()
    const seen = read(streamLive(deps, open()))
    await settle()
    const work = Promise.withResolvers<void>()
    const actor = { kind: 'user', name: 'ada' } as const
    const host = { id: 1, key: 'local' }
    void deps.operations.run(
      { id: 'op1', kind: 'ban', title: 'Banning', total: 10, cancellable: true, actor, host },
      async ({ progress }) => {
        progress(4)
        await work.promise
      },
    )
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen.messages.at(-1)?.[1]).toMatchObject({
      type: 'operation',
      host: 'local',
      id: 'op1',
      done: 4,
      total: 10,
      state: 'running',
    })
    work.resolve()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen.messages.at(-1)?.[1]).toMatchObject({
      type: 'operation',
      host: 'local',
      id: 'op1',
      state: 'done',
    })
  })

  it('sends the jails when they change', async () => {
    const { deps, open, host } = setUp()
    const seen = read(streamLive(deps, open()))
    await settle()
    host.listed = [jail('sshd', { currentlyBanned: 5 })]
    await deps.jails.refresh()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen.messages.map((message) => message[1])).toContainEqual({
      type: 'jails',
      host: 'local',
      jails: host.listed,
    })
  })

  it('ends with its session and says so, and quietly with its request', async () => {
    const { deps, open, streams, request } = setUp()
    const seen = read(streamLive(deps, open()))
    await settle()
    streams.endSession('7')
    await settle()
    expect(seen).toMatchObject({
      ended: true,
      error: { code: 'UNAUTHORIZED', cause: { code: 'no_session' } },
    })
    const other = read(streamLive(deps, open()))
    await settle()
    request.abort()
    await settle()
    expect(other).toMatchObject({ ended: true, error: null })
    expect(streams.count).toBe(0)
  })
})

describe('state.watch', () => {
  it('names each state by boot and revision, and ends on the newest', async () => {
    const { deps, open, change, state } = setUp()
    const seen = read(streamState({ ...deps, bootId: 'b00t' }, open()))
    await settle()
    for (let round = 1; round <= 500; round += 1) void change(round)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen.messages[0]?.[0]).toBe('b00t.0')
    expect(seen.messages.at(-1)?.slice(0, 2)).toEqual([
      `b00t.${state.get().revision}`,
      expect.objectContaining({ revision: state.get().revision, configuredJails: 500 }),
    ])
    expect(seen.messages.length).toBeLessThan(5)
  })

  it('sends at most ten a second', async () => {
    const { deps, open, change } = setUp()
    const seen = read(streamState({ ...deps, bootId: 'b00t' }, open()))
    for (let millisecond = 1; millisecond <= 1_000; millisecond += 1) {
      void change(millisecond)
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(seen.messages.length).toBeGreaterThan(8)
    expect(seen.messages.length).toBeLessThanOrEqual(12)
  })

  it('ends so that its reader connects again when the server ends', async () => {
    const { deps, open, streams } = setUp()
    const seen = read(streamState({ ...deps, bootId: 'b00t' }, open()))
    await settle()
    streams.endAll()
    await settle()
    expect(seen).toMatchObject({ ended: true, error: { cause: { code: 'restarting' } } })
  })
})

describe('live.poll', () => {
  const found = (at: number) => ({ type: 'failure.found', at, jail: 'sshd', address: '192.0.2.1' }) as const

  it('answers with what a stream would begin with, and each event once however often it is asked', async () => {
    const { deps, archive } = setUp()
    await deps.jails.refresh()
    archive.store(found(1), found(2))
    const first = await pollLive(deps, { role: 'admin', lastEventId: null })
    expect(first).toMatchObject({
      id: '2',
      messages: [{ type: 'snapshot', host: 'local', jails: [{ name: 'sshd' }] }],
    })
    archive.store(...Array.from({ length: 60 }, (_, index) => found(3 + index)))
    const next = await pollLive(deps, { role: 'admin', lastEventId: first.id })
    expect(next.id).toBe('62')
    expect(next.messages.map(({ type }) => type)).toEqual(['events', 'events', 'snapshot'])
    expect(next.messages).toMatchObject([{ events: { length: 50 } }, { counts: { 'failure.found': 10 } }, {}])
    const last = await pollLive(deps, { role: 'admin', lastEventId: next.id })
    expect(last.messages.map(({ type }) => type)).toEqual(['snapshot'])
  })
})
