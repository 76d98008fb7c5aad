import type { Live } from '@bangui/shared'
import { TRPCClientError } from '@trpc/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeSource } from '../../test/fake-source.ts'
import { runtimeOf } from '../../test/fixtures.ts'
import { type ConnectionState, createConnection } from './connection.ts'
import type { PageListener } from './page-state.ts'

const message: Live = { type: 'runtime', runtime: runtimeOf() }

const refusal = TRPCClientError.from({
  error: {
    code: -32_001,
    message: 'Sign in to go on.',
    data: { code: 'UNAUTHORIZED', reason: 'no_session' },
  },
})

function setUp() {
  const live = createFakeSource()
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
    vi.advanceTimersByTime(60_000)
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
