// @vitest-environment node
import type { Live, LivePoll } from '@bangui/shared'
import { TRPCClientError } from '@trpc/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeSource } from '../../test/fake-source.ts'
import { runtimeOf } from '../../test/fixtures.ts'
import { createConnection } from './connection.ts'
import type { ConnectionState } from './connection-status.ts'
import type { PageListener } from './page-state.ts'
import type { LiveSource } from './source.ts'

const message: Live = { type: 'runtime', host: 'local', runtime: runtimeOf() }

const refusal = TRPCClientError.from({
  error: {
    code: -32_001,
    message: 'Sign in to continue.',
    data: { code: 'UNAUTHORIZED', reason: 'no_session' },
  },
})

function setUp(poll?: LiveSource['poll']) {
  const live = createFakeSource(poll)
  const states: ConnectionState[] = []
  const seen: Live[] = []
  let page: PageListener | undefined
  let signedOut = 0
  const connection = createConnection({
    source: live.source,
    onMessage: (each) => seen.push(each),
    onState: (state) => states.push(state),
    onSignedOut: () => (signedOut += 1),
    page: (listener) => {
      page = listener
      return () => (page = undefined)
    },
  })
  return { live, states, seen, connection, page: () => page!, signedOut: () => signedOut }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('createConnection', () => {
  it('is live with the first message', () => {
    const { live, states, seen } = setUp()
    expect(states).toEqual([])
    live.send(message)
    expect(states).toEqual(['live'])
    expect(seen).toEqual([message])
  })

  it('opens a broken stream again within a second, after the last id, and says nothing of it', () => {
    const { live, states } = setUp()
    live.send(message)
    live.send(message)
    live.break()
    vi.advanceTimersByTime(1_000)
    expect(live.streams.at(-1)).toMatchObject({ lastEventId: '2', closed: false })
    live.send(message)
    expect(states).toEqual(['live'])
  })

  it('opens a stream again that the server ended', () => {
    const { live } = setUp()
    live.send(message)
    live.end()
    vi.advanceTimersByTime(1_000)
    expect(live.streams).toHaveLength(2)
  })

  it('says reconnecting after 4 seconds, offline after 20, and live when it is back', () => {
    const { live, states } = setUp()
    live.send(message)
    live.break()
    vi.advanceTimersByTime(3_999)
    expect(states).toEqual(['live'])
    vi.advanceTimersByTime(1)
    expect(states).toEqual(['live', 'reconnecting'])
    vi.advanceTimersByTime(16_000)
    expect(states).toEqual(['live', 'reconnecting', 'offline'])
    live.send(message)
    expect(states.at(-1)).toBe('live')
  })

  it('waits longer after each failure, at most 10 seconds', () => {
    const { live } = setUp()
    const gaps: number[] = []
    for (let failure = 0; failure < 12; failure += 1) {
      const before = Date.now()
      const count = live.streams.length
      live.break()
      vi.advanceTimersToNextTimer()
      while (live.streams.length === count) vi.advanceTimersToNextTimer()
      gaps.push(Date.now() - before)
    }
    expect(gaps[0]).toBeLessThanOrEqual(500)
    expect(gaps[3]).toBeGreaterThan(gaps[0]!)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000)
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(5_000)
  })

  it('begins with short waits again once a stream was good', () => {
    const { live } = setUp()
    for (let failure = 0; failure < 8; failure += 1) {
      const count = live.streams.length
      live.break()
      while (live.streams.length === count) vi.advanceTimersToNextTimer()
    }
    live.send(message)
    const count = live.streams.length
    live.break()
    vi.advanceTimersByTime(500)
    expect(live.streams).toHaveLength(count + 1)
  })

  it('closes the stream 10 seconds after the page is hidden, and opens it after the last id when it is seen', () => {
    const { live, states, page } = setUp()
    live.send(message)
    page().onHidden()
    vi.advanceTimersByTime(9_999)
    expect(live.openCount()).toBe(1)
    vi.advanceTimersByTime(1)
    expect(live.openCount()).toBe(0)
    vi.advanceTimersByTime(600_000)
    page().onOnline()
    expect(live.streams).toHaveLength(1)
    page().onVisible()
    expect(live.streams.at(-1)).toMatchObject({ lastEventId: '1', closed: false })
    live.send(message)
    expect(states).toEqual(['live'])
  })

  it('keeps the stream of a page that is hidden for a moment', () => {
    const { live, page } = setUp()
    live.send(message)
    page().onHidden()
    vi.advanceTimersByTime(5_000)
    page().onVisible()
    for (let beat = 0; beat < 12; beat += 1) {
      live.beat()
      vi.advanceTimersByTime(5_000)
    }
    expect(live.streams).toHaveLength(1)
    expect(live.openCount()).toBe(1)
  })

  it('tries at once when there is a network again', () => {
    const { live, page } = setUp()
    for (let failure = 0; failure < 8; failure += 1) {
      const count = live.streams.length
      live.break()
      while (live.streams.length === count) vi.advanceTimersToNextTimer()
    }
    live.break()
    const count = live.streams.length
    page().onOnline()
    expect(live.streams).toHaveLength(count + 1)
  })

  it('forgives a refusal, since a new password ends the stream before it brings the new session', () => {
    const { live, signedOut } = setUp()
    live.send(message)
    live.break(refusal)
    vi.advanceTimersByTime(500)
    live.send(message)
    expect(signedOut()).toBe(0)
  })

  it('gives up within 2 seconds when the session is over, and never tries again', () => {
    const { live, signedOut } = setUp()
    live.send(message)
    const end = Date.now() + 2_000
    while (signedOut() === 0 && Date.now() < end) {
      if (live.openCount() > 0) live.break(refusal)
      else vi.advanceTimersToNextTimer()
    }
    expect(signedOut()).toBe(1)
    const count = live.streams.length
    vi.advanceTimersByTime(600_000)
    expect(live.streams).toHaveLength(count)
  })

  it('ignores what a stream says after it was left', () => {
    const { live, seen } = setUp()
    live.send(message)
    const old = live.streams[0]!
    live.break()
    old.handlers.onMessage(message, '9')
    old.handlers.onBroken(new Error('again'))
    expect(seen).toHaveLength(1)
    vi.advanceTimersByTime(1_000)
    expect(live.streams).toHaveLength(2)
    expect(live.streams[1]).toMatchObject({ lastEventId: '1' })
  })

  it('ends with everything it holds', () => {
    const { live, connection, states } = setUp()
    live.send(message)
    live.break()
    connection.close()
    vi.advanceTimersByTime(600_000)
    expect(live.openCount()).toBe(0)
    expect(live.streams).toHaveLength(1)
    expect(states).toEqual(['live'])
  })
})

/** Replies to each query with one message; ids count from 100. */
function createQueries() {
  const asked: (string | undefined)[] = []
  const state = { fails: undefined as unknown, events: false }
  const poll: LiveSource['poll'] = (lastEventId) => {
    asked.push(lastEventId)
    if (state.fails !== undefined) return Promise.reject<LivePoll>(state.fails)
    const events: Live = { type: 'events', host: 'local', events: [], counts: {} }
    return Promise.resolve({
      id: String(100 + asked.length),
      messages: state.events ? [events, message] : [message],
    })
  }
  return { asked, state, poll }
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

describe('createConnection where no stream gets through', () => {
  it('asks every 3 seconds after the last id once nothing came for 4, and says so when that is certain', async () => {
    const { asked, poll } = createQueries()
    const { states, seen } = setUp(poll)
    await pass(3_999)
    expect(asked).toEqual([])
    await pass(1)
    expect(asked).toEqual([undefined])
    expect(seen).toEqual([message])
    expect(states).toEqual([])
    await pass(3_000)
    expect(states).toEqual(['polling'])
    await pass(60_000)
    expect(asked.slice(0, 4)).toEqual([undefined, '101', '102', '103'])
    expect(asked).toHaveLength(22)
    expect(states).toEqual(['polling'])
  })

  it('says so of a stream that is refused at once, too', async () => {
    const { poll } = createQueries()
    const { live, states } = setUp(poll)
    for (let second = 0; second < 15; second += 1) {
      if (live.openCount() > 0) live.break()
      await pass(1_000)
    }
    expect(states).toEqual(['polling'])
  })

  it('is live again once the stream flows: a message that was held back for long is not taken for news', async () => {
    const { poll, asked } = createQueries()
    const { live, states, seen } = setUp(poll)
    await pass(20_000)
    const count = seen.length
    live.send(message)
    expect(seen).toHaveLength(count)
    expect(states).toEqual(['polling'])
    await pass(2_000)
    live.beat()
    expect(live.streams.at(-1)).toMatchObject({ lastEventId: String(100 + asked.length), closed: false })
    expect(live.openCount()).toBe(1)
    live.send(message)
    expect(states).toEqual(['polling', 'live'])
    const queries = asked.length
    for (let beat = 0; beat < 12; beat += 1) {
      live.beat()
      await pass(5_000)
    }
    expect(asked).toHaveLength(queries)
  })

  it('finds out a stream that falls silent after its first messages, twice in a row', async () => {
    const { poll } = createQueries()
    const { live, states } = setUp(poll)
    for (let turn = 0; turn < 2; turn += 1) {
      live.send(message)
      live.send(message)
      await pass(10_000)
      if (turn === 0) await pass(500)
    }
    expect(states).toEqual(['live', 'polling'])
    await pass(30_000)
    // what the next one begins with proves nothing
    live.send(message)
    await pass(1_000)
    expect(states).toEqual(['live', 'polling'])
  })

  it('takes one silence for that of a computer that slept', async () => {
    const { poll, asked } = createQueries()
    const { live, states } = setUp(poll)
    for (let sleep = 0; sleep < 4; sleep += 1) {
      live.send(message)
      await pass(5_000)
      live.beat()
      await pass(10_500)
    }
    live.send(message)
    expect(states).toEqual(['live'])
    expect(asked).toEqual([])
  })

  it('does not tell twice what a query told while the stream was late', async () => {
    const { poll, state, asked } = createQueries()
    const { live, states, seen } = setUp(poll)
    state.events = true
    await pass(4_000)
    expect(seen).toHaveLength(2)
    live.send(message)
    expect(seen).toHaveLength(2)
    expect(live.streams.at(-1)).toMatchObject({ lastEventId: '101', closed: false })
    live.send(message)
    expect(seen).toHaveLength(3)
    expect(states).toEqual(['live'])
    expect(asked).toHaveLength(1)
  })

  it('blames nothing between while the server is away or has just come back', async () => {
    const { poll, state } = createQueries()
    const { live, states } = setUp(poll)
    live.send(message)
    state.fails = new Error('unreachable')
    live.break()
    for (let second = 0; second < 15; second += 1) {
      await pass(1_000)
      if (live.openCount() > 0) live.break()
    }
    expect(states).toEqual(['live', 'reconnecting'])
    state.fails = undefined
    const count = live.streams.length
    while (live.streams.length === count) await vi.advanceTimersToNextTimerAsync()
    live.send(message)
    expect(states).toEqual(['live', 'reconnecting', 'live'])
  })

  it('opens a stream at once when a query is answered again, however long it would have waited', async () => {
    const { poll, state } = createQueries()
    const { live, states } = setUp(poll)
    state.fails = new Error('unreachable')
    // the network takes the stream and gives nothing back
    await pass(40_000)
    expect(states).toEqual(['offline'])
    const count = live.streams.length
    state.fails = undefined
    await pass(3_000)
    expect(live.streams.length).toBe(count + 1)
    expect(states).toEqual(['offline', 'reconnecting'])
    live.send(message)
    expect(states.at(-1)).toBe('live')
  })

  it('is offline when the queries fail, too', async () => {
    const { poll, state } = createQueries()
    const { states } = setUp(poll)
    await pass(10_000)
    state.fails = new Error('unreachable')
    await pass(30_000)
    expect(states).toEqual(['polling', 'reconnecting', 'offline'])
    state.fails = undefined
    await pass(4_000)
    expect(states.at(-1)).toBe('polling')
  })

  it('stops asking while the page is hidden and when the session is over', async () => {
    const { poll, state, asked } = createQueries()
    const { page, live, signedOut } = setUp(poll)
    await pass(10_000)
    page().onHidden()
    await pass(10_000)
    const count = asked.length
    await pass(600_000)
    expect(asked).toHaveLength(count)
    expect(live.openCount()).toBe(0)
    page().onVisible()
    await pass(0)
    expect(asked).toHaveLength(count + 1)
    state.fails = refusal
    await pass(10_000)
    expect(signedOut()).toBe(1)
    const last = asked.length
    await pass(600_000)
    expect(asked).toHaveLength(last)
    expect(live.openCount()).toBe(0)
  })
})
