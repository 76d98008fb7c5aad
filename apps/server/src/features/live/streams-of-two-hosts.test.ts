import type { Event, Live, StoredEvent } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { createAppState } from '../../state/app-state.ts'
import { createStateStore } from '../../state/create-state-store.ts'
import { initialState } from '../../state/runtime-state.ts'
import { streamEvents } from '../events/stream-events.ts'
import { streamState } from '../state/stream-state.ts'
import { openStream } from './open-stream.ts'
import { createStreamRegistry } from './stream-registry.ts'
import { pollLive, streamLive } from './stream-live.ts'

const session = { id: '7', role: 'viewer' } as Parameters<typeof openStream>[1]

const ban = (seq: number): StoredEvent => ({
  seq,
  event: { type: 'ban.added', at: seq, jail: 'sshd', address: '192.0.2.1' },
})

/** Two hosts with one sequence of events and one count of revisions. */
function setUp() {
  const stored: StoredEvent[] = []
  const appState = createAppState({ demo: false, version: '0' })
  const hostOf = (key: string) => {
    const { deps } = createServiceDeps()
    const state = createStateStore(
      initialState({ demo: false, host: key, node: key, version: '0' }),
      async () => undefined,
      appState.nextRevision,
    )
    /** Stores the next event of all, and emits it unless it is one of the past. */
    const happen = ({ isPast = false } = {}) => {
      const { seq, event } = ban(stored.length + 1)
      stored.push({ seq, event: { ...event, host: key } })
      if (!isPast) deps.events.emit([{ seq, event }])
    }
    return { ...deps, key, state, happen }
  }
  const [one, other] = [hostOf('one'), hostOf('other')]
  const archiveOf = (...keys: string[]) => ({
    lastSeq: async () => stored.length,
    listEventsAfter: async (seq: number) =>
      stored.filter((each) => each.seq > seq && keys.includes(each.event.host ?? '')),
  })
  const deps = { ...one, scope: [one, other], archive: archiveOf('one', 'other') }
  const open = () => openStream({ streams: createStreamRegistry() }, session, undefined)
  return { deps, one, other, archiveOf, open }
}

/** Collects what a stream yields, each message made short. */
function collect<TMessage>(messages: AsyncIterable<TMessage>, shorten: (message: TMessage) => unknown) {
  const seen: unknown[] = []
  void (async () => {
    for await (const message of messages) seen.push(shorten(message))
  })()
  return seen
}

const shortEvent = ([id, event]: readonly [string, Event, ...unknown[]]) =>
  `${id} ${event.host} ${event.type}`

describe('events.watch of two hosts', () => {
  it('yields the events of both in the order of their sequence, missed ones first, each once', async () => {
    const { deps, one, other, open } = setUp()
    one.happen({ isPast: true })
    other.happen({ isPast: true })
    one.happen({ isPast: true })
    const seen = collect(streamEvents(deps, open(), '0'), shortEvent)
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    other.happen()
    one.happen()
    await vi.waitFor(() =>
      expect(seen).toEqual([
        '1 one ban.added',
        '2 other ban.added',
        '3 one ban.added',
        '4 other ban.added',
        '5 one ban.added',
      ]),
    )
  })

  it('yields an event of one that is stored while the missed ones of both are read', async () => {
    const { deps, one, other, open } = setUp()
    other.happen({ isPast: true })
    const archive = {
      ...deps.archive,
      listEventsAfter: async (seq: number) => {
        const read = await deps.archive.listEventsAfter(seq)
        if (seq === 0) for (const host of [one, other, one]) host.happen()
        return read
      },
    }
    const seen = collect(streamEvents({ ...deps, archive }, open(), '0'), shortEvent)
    const live = collect(streamLive({ ...deps, archive }, open(), '1'), ([, message]) => message.type)
    await vi.waitFor(() =>
      expect(seen).toEqual(['1 other ban.added', '2 one ban.added', '3 other ban.added', '4 one ban.added']),
    )
    await vi.waitFor(() => expect(live.filter((type) => type === 'events')).toHaveLength(2))
  })

  it('yields those of one alone where only that one is asked for', async () => {
    const { deps, one, other, archiveOf, open } = setUp()
    const only = { ...deps, scope: [other], archive: archiveOf('other') }
    const seen = collect(streamEvents(only, open(), '0'), shortEvent)
    one.happen()
    other.happen()
    one.happen()
    other.happen()
    await vi.waitFor(() => expect(seen).toEqual(['2 other ban.added', '4 other ban.added']))
  })
})

describe('live.watch of two hosts', () => {
  it('begins with what was missed and a snapshot of each; an id stands for the events of both', async () => {
    const { deps, one, other, open } = setUp()
    one.happen({ isPast: true })
    other.happen({ isPast: true })
    one.happen({ isPast: true })
    const seen = collect(
      streamLive(deps, open(), '0'),
      ([id, message]) => `${id} ${message.host} ${message.type}`,
    )
    await vi.waitFor(() =>
      expect(seen).toEqual(['1+one:3 one events', '3 other events', '3 one snapshot', '3 other snapshot']),
    )
    const { id, messages } = await pollLive(deps, { role: 'viewer', lastEventId: '2' })
    expect(id).toBe('3')
    expect(messages.map(({ type, host }) => `${type} ${host}`)).toEqual([
      'events one',
      'snapshot one',
      'snapshot other',
    ])
  })

  it('goes on with a message a host, under the number up to which the events of each were sent', async () => {
    const { deps, one, other, open } = setUp()
    const seen = collect(
      streamLive(deps, open()),
      ([id, message]) => [id, message.host, message.type] as const,
    )
    await vi.waitFor(() => expect(seen).toHaveLength(2))
    one.happen()
    other.happen()
    await other.state.update((state) => ({ ...state, configuredJails: 3 }))
    await vi.waitFor(() =>
      expect(seen.slice(2)).toEqual([
        ['1', 'one', 'events'],
        ['2', 'other', 'events'],
        ['2', 'other', 'runtime'],
      ]),
    )
    for (const host of [one, other, one]) host.happen()
    await vi.waitFor(() =>
      expect(seen.slice(5)).toEqual([
        ['2+other:4', 'other', 'events'],
        ['5', 'one', 'events'],
      ]),
    )
  })
})

describe('a stream of two hosts that was cut', () => {
  it('goes on with what was not sent yet, and repeats nothing', async () => {
    const { deps, one, other, open } = setUp()
    for (const host of [one, other, one, other, one]) host.happen({ isPast: true })
    const shorten = ([id, message]: readonly [string, Live, ...unknown[]]) =>
      message.type === 'events' ? [id, ...message.events.map(({ at, host }) => `${host} ${at}`)] : []
    const whole = collect(streamLive(deps, open(), '0'), shorten)
    await vi.waitFor(() => expect(whole).toHaveLength(4))
    const [[id = ''] = [], rest] = whole as string[][]
    expect(whole[0]).toEqual(['1+one:5', 'one 1', 'one 3', 'one 5'])
    const again = collect(streamLive(deps, open(), id), shorten)
    await vi.waitFor(() => expect(again).toHaveLength(3))
    expect(again[0]).toEqual(['4+one:5', ...(rest ?? []).slice(1)])
    const polled = await pollLive(deps, { role: 'viewer', lastEventId: id })
    expect(polled.messages.filter(({ type }) => type === 'events')).toHaveLength(1)
  })

  it('takes an id that names no place for none', async () => {
    const { deps, one, open } = setUp()
    one.happen({ isPast: true })
    for (const id of ['0+', '0+one', '0+one:x', '+one:1', `0+${'x'.repeat(64)}:1`]) {
      const seen = collect(streamLive(deps, open(), id), ([, message]) => message.type)
      await vi.waitFor(() => expect(seen).toEqual(['snapshot', 'snapshot']))
    }
  })
})

it('state.watch of two hosts sends a snapshot of each, then each that changes, all numbered together', async () => {
  const { deps, one, other, open } = setUp()
  const seen = collect(streamState({ ...deps, bootId: 'b' }, open()), ([id, { host }]) => `${id} ${host}`)
  await vi.waitFor(() => expect(seen).toEqual(['b.0 one', 'b.0 other']))
  await other.state.update((state) => ({ ...state, configuredJails: 1 }))
  await vi.waitFor(() => expect(seen.slice(2)).toEqual(['b.1 other']))
  await one.state.update((state) => ({ ...state, configuredJails: 1 }))
  await vi.waitFor(() => expect(seen.slice(3)).toEqual(['b.2 one']))
})
