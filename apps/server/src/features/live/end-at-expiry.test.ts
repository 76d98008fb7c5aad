import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Session } from '../auth/session.ts'
import { endAtExpiry } from './end-at-expiry.ts'
import { createStreamRegistry } from './stream-registry.ts'

const MINUTE = 60_000

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  onTestFinished(() => void vi.useRealTimers())
})

/** A session that expires in ten minutes, with one open stream. */
function setUp() {
  const session = { id: '7', userId: 1, expiresAt: 10 * MINUTE } as Session
  const store = { sessions: [session] as Session[], isBroken: false }
  const list = async () => {
    if (store.isBroken) throw new Error('the disk is gone')
    return store.sessions.filter(({ expiresAt }) => expiresAt > Date.now())
  }
  const streams = createStreamRegistry()
  const request = new AbortController()
  const signal = streams.open('7', request.signal)
  endAtExpiry({ sessions: { list } as never, streams, clock: () => Date.now() }, session, signal)
  return { session, store, request, signal }
}

describe('a stream', () => {
  it('ends at the moment its session expires', async () => {
    const { signal } = setUp()
    await vi.advanceTimersByTimeAsync(10 * MINUTE - 1)
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(signal.reason).toMatchObject({ code: 'no_session' })
  })

  it('goes on as long as its session is used', async () => {
    const { signal, session, store } = setUp()
    store.sessions = [{ ...session, expiresAt: 12 * MINUTE }]
    await vi.advanceTimersByTimeAsync(12 * MINUTE - 1)
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(signal.aborted).toBe(true)
  })

  it('ends within a minute where the settings shorten its session', async () => {
    const { signal, store } = setUp()
    store.sessions = []
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(signal.aborted).toBe(true)
  })

  it('ends when its session expires, as far as that was known, also while the database cannot be read', async () => {
    const { signal, store } = setUp()
    store.isBroken = true
    await vi.advanceTimersByTimeAsync(10 * MINUTE - 1)
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(signal.aborted).toBe(true)
  })

  it('leaves no timer behind', () => {
    const { request } = setUp()
    expect(vi.getTimerCount()).toBe(1)
    request.abort()
    expect(vi.getTimerCount()).toBe(0)
  })
})
