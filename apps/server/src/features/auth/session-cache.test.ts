import { describe, expect, it } from 'vitest'
import { createMemorySessionCache, createNoSessionCache } from './session-cache.ts'
import type { Session } from './sessions.ts'

const session = (id: string): Session => ({
  id,
  userId: 1,
  userName: 'Ada',
  role: 'admin',
  createdAt: 0,
  lastSeenAt: 0,
  expiresAt: 1,
  remoteAddress: null,
  userAgent: null,
})

function createCache(maxEntries = 3) {
  const time = { now: 1000 }
  return { time, cache: createMemorySessionCache({ ttl: 100, clock: () => time.now, maxEntries }) }
}

describe('the cache in memory', () => {
  it('gives what was set until its time is over', () => {
    const { cache, time } = createCache()
    cache.set('a', session('1'))
    time.now += 99
    expect(cache.get('a')?.id).toBe('1')
    time.now += 1
    expect(cache.get('a')).toBeUndefined()
  })

  it('does not live longer for being read', () => {
    const { cache, time } = createCache()
    cache.set('a', session('1'))
    for (let step = 0; step < 10; step += 1) {
      cache.get('a')
      time.now += 10
    }
    expect(cache.get('a')).toBeUndefined()
  })

  it('believes nothing after the clock stepped back', () => {
    const { cache, time } = createCache()
    cache.set('a', session('1'))
    time.now -= 1
    expect(cache.get('a')).toBeUndefined()
  })

  it('makes room by what was used least recently', () => {
    const { cache } = createCache()
    for (const key of ['a', 'b', 'c']) cache.set(key, session(key))
    cache.get('a')
    cache.set('d', session('d'))
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd'])
  })

  it('forgets one, or all', () => {
    const { cache } = createCache()
    for (const key of ['a', 'b', 'c']) cache.set(key, session(key))
    cache.delete('a')
    expect(cache.get('a')).toBeUndefined()
    expect(cache.get('b')?.id).toBe('b')
    cache.clear()
    expect(cache.get('b')).toBeUndefined()
  })
})

it('the cache that is none remembers nothing', () => {
  const cache = createNoSessionCache()
  cache.set('a', session('1'))
  expect(cache.get('a')).toBeUndefined()
})
