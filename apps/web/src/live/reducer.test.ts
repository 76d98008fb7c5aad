// @vitest-environment node
import type { Event, Live, Operation } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { jailOf, runtimeOf, T0 } from '../../test/fixtures.ts'
import { emptyState, MAX_FEED_LENGTH, reduceHosts, reduceLive } from './reducer.ts'

const before = { ...emptyState, runtime: runtimeOf({ revision: 1 }), jails: [jailOf('sshd')] }

const found = (address: string): Event => ({ type: 'failure.found', at: T0, jail: 'sshd', address })

const operationOf = (id: string, over: Partial<Operation> = {}): Operation => ({
  id,
  kind: 'ban',
  title: 'Banning 10 addresses in sshd',
  done: 0,
  total: 10,
  state: 'running',
  startedAt: T0,
  endedAt: null,
  message: null,
  cancellable: true,
  host: 'local',
  actor: { kind: 'user', name: 'ada' },
  undoable: false,
  resumable: false,
  undoes: null,
  ...over,
})

describe('reduceLive', () => {
  it('takes a snapshot whole', () => {
    const runtime = runtimeOf({ revision: 7 })
    const jails = [jailOf('nginx')]
    expect(reduceLive(before, { type: 'snapshot', host: 'local', runtime, jails, operations: [] })).toEqual({
      ...emptyState,
      runtime,
      jails,
    })
  })

  it('takes a snapshot of a server that began to count anew', () => {
    const runtime = runtimeOf({ revision: 0 })
    expect(
      reduceLive(before, { type: 'snapshot', host: 'local', runtime, jails: null, operations: [] }).runtime
        ?.revision,
    ).toBe(0)
  })

  it('forgets the jails when a snapshot does not know them', () => {
    expect(
      reduceLive(before, {
        type: 'snapshot',
        host: 'local',
        runtime: runtimeOf(),
        jails: null,
        operations: [],
      }).jails,
    ).toBeUndefined()
  })

  it('takes a runtime and leaves the jails alone', () => {
    const runtime = runtimeOf({ revision: 2 })
    expect(reduceLive(before, { type: 'runtime', host: 'local', runtime })).toEqual({ ...before, runtime })
  })

  it('takes jails and leaves the runtime alone', () => {
    const jails = [jailOf('sshd', { currentlyBanned: 3 })]
    expect(reduceLive(before, { type: 'jails', host: 'local', jails })).toEqual({ ...before, jails })
  })

  it('puts the newest event first and counts also what it was not shown', () => {
    const after = reduceLive(before, {
      type: 'events',
      host: 'local',
      events: [found('192.0.2.1'), found('192.0.2.2')],
      counts: { 'failure.found': 500, 'ban.added': 3 },
    })
    expect(after.feed.map(({ event }) => 'address' in event && event.address)).toEqual([
      '192.0.2.2',
      '192.0.2.1',
    ])
    const again = reduceLive(after, {
      type: 'events',
      host: 'local',
      events: [],
      counts: { 'failure.found': 1 },
    })
    expect(again.counts).toEqual({ 'failure.found': 501, 'ban.added': 3 })
    expect(again.feed).toBe(after.feed)
  })

  it('keeps the newest 200 events, each with a number of its own', () => {
    let state = emptyState
    for (let round = 0; round < 30; round += 1)
      state = reduceLive(state, {
        type: 'events',
        host: 'local',
        events: Array.from({ length: 10 }, () => found('192.0.2.1')),
        counts: { 'failure.found': 10 },
      })
    expect(state.feed).toHaveLength(MAX_FEED_LENGTH)
    expect(state.feed[0]?.id).toBe(300)
    expect(new Set(state.feed.map(({ id }) => id)).size).toBe(MAX_FEED_LENGTH)
    expect(state.counts).toEqual({ 'failure.found': 300 })
  })

  it('keeps an operation up to date, and takes those of a snapshot', () => {
    const started = reduceLive(before, { type: 'operation', ...operationOf('a') })
    const half = reduceLive(started, { type: 'operation', ...operationOf('a', { done: 5 }) })
    expect(half.operations).toEqual({ a: operationOf('a', { done: 5 }) })
    const snapshot = { type: 'snapshot', host: 'local', runtime: runtimeOf(), jails: null } as const
    const after = reduceLive(half, { ...snapshot, operations: [operationOf('b')] })
    expect(Object.keys(after.operations)).toEqual(['b'])
  })

  it('forgets the oldest ended operations before any that runs', () => {
    let state = reduceLive(emptyState, { type: 'operation', ...operationOf('running') })
    for (let index = 0; index < 60; index += 1)
      state = reduceLive(state, {
        type: 'operation',
        ...operationOf(`done-${index}`, { state: 'done', startedAt: T0 + index }),
      })
    expect(Object.keys(state.operations)).toHaveLength(50)
    expect(state.operations['running']).toBeDefined()
    expect(state.operations['done-0']).toBeUndefined()
  })

  it.each([{ type: 'weather' }, {}, null, 'text'])(
    'keeps the state on what it does not know: %j',
    (message) => {
      expect(reduceLive(before, message as unknown as Live)).toBe(before)
      expect(reduceLive(emptyState, message as unknown as Live)).toBe(emptyState)
    },
  )
})

describe('reduceHosts', () => {
  it('keeps what each host sent apart from the others', () => {
    const messages: Live[] = [
      { type: 'runtime', host: 'local', runtime: runtimeOf({ revision: 1 }) },
      { type: 'runtime', host: 'web1', runtime: runtimeOf({ host: 'web1', revision: 2 }) },
      { type: 'jails', host: 'web1', jails: [jailOf('nginx')] },
      { type: 'events', host: 'local', events: [found('192.0.2.1')], counts: { 'failure.found': 1 } },
    ]
    const hosts = messages.reduce(reduceHosts, {})
    expect(Object.keys(hosts)).toEqual(['local', 'web1'])
    expect(hosts['local']).toMatchObject({
      runtime: { revision: 1 },
      jails: undefined,
      counts: { 'failure.found': 1 },
    })
    expect(hosts['web1']).toMatchObject({
      runtime: { revision: 2 },
      jails: [{ name: 'nginx' }],
      feed: [],
      counts: {},
    })
  })

  it('takes a host of any name, and passes over a message without one', () => {
    const runtime = runtimeOf({ revision: 1 })
    const hosts = reduceHosts({}, { type: 'runtime', host: 'constructor', runtime })
    expect(hosts['constructor']).toEqual({ ...emptyState, runtime })
    for (const message of [null, {}, 'text', { type: 'runtime', runtime }])
      expect(reduceHosts(hosts, message as unknown as Live)).toBe(hosts)
  })

  it('leaves the state of other hosts as it is', () => {
    const hosts = { local: before, web1: before }
    const after = reduceHosts(hosts, { type: 'jails', host: 'web1', jails: [] })
    expect(after['local']).toBe(before)
    expect(reduceHosts(hosts, { type: 'of the future', host: 'web1' } as unknown as Live)).toBe(hosts)
  })
})
