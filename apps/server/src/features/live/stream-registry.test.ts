import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createStreamRegistry, streamLimits } from './stream-registry.ts'

const open = (registry: ReturnType<typeof createStreamRegistry>, session: string) => {
  const request = new AbortController()
  return { request, signal: registry.open(session, request.signal) }
}

describe('the open streams', () => {
  it('are at most twenty of a session, and the place of one that ended is free again', () => {
    const registry = createStreamRegistry()
    const streams = Array.from({ length: streamLimits.session }, () => open(registry, 'one'))
    expect(streamLimits.session).toBe(20)
    expect(() => open(registry, 'one')).toThrow(expect.objectContaining({ code: 'too_many_streams' }))
    expect(open(registry, 'two').signal.aborted).toBe(false)
    streams[0]?.request.abort()
    expect(streams[0]?.signal.aborted).toBe(true)
    expect(open(registry, 'one').signal.aborted).toBe(false)
  })

  it('are at most five hundred in all', () => {
    const registry = createStreamRegistry()
    for (let session = 0; session < 25; session += 1)
      for (let stream = 0; stream < 20; stream += 1) open(registry, String(session))
    expect(registry.count).toBe(500)
    expect(() => open(registry, 'one more')).toThrow(expect.objectContaining({ code: 'too_many_streams' }))
  })

  it('end with their session alone, or all with the server, and say why', () => {
    const registry = createStreamRegistry()
    const [one, other] = [open(registry, 'one'), open(registry, 'other')]
    registry.endSession('one')
    expect(one.signal.reason).toMatchObject({ code: 'no_session' })
    expect(other.signal.aborted).toBe(false)
    registry.endAll()
    expect(other.signal.reason).toMatchObject({ code: 'restarting' })
    expect(registry.count).toBe(0)
  })

  it('count as watched while one is open, and for ten seconds after somebody read without one', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const registry = createStreamRegistry()
    expect(registry.isWatched).toBe(false)
    registry.noteRead()
    vi.advanceTimersByTime(9_999)
    expect(registry.isWatched).toBe(true)
    vi.advanceTimersByTime(1)
    expect(registry.isWatched).toBe(false)
    const { request } = open(registry, 'one')
    expect(registry.isWatched).toBe(true)
    request.abort()
    expect(registry.isWatched).toBe(false)
  })
})
