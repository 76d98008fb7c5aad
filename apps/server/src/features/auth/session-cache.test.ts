import { describe, expect, it } from 'vitest'
import { createMemorySessionCache, createNoSessionCache, type SessionCache } from './session-cache.ts'
import type { Session } from './session.ts'

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

  it('forgets one and keeps the others', () => {
    const { cache } = createCache()
    for (const key of ['a', 'b', 'c']) cache.set(key, session(key))
    cache.delete('a')
    expect(['a', 'b', 'c'].map((key) => cache.get(key)?.id)).toEqual([undefined, 'b', 'c'])
  })
})

it('the cache that is none remembers nothing', () => {
  const cache = createNoSessionCache()
  cache.set('a', session('1'))
  expect(cache.get('a')).toBeUndefined()
})

const implementations: [string, () => SessionCache][] = [
  ['in memory', () => createMemorySessionCache({ ttl: 100, clock: () => 1000 })],
  ['that is none', createNoSessionCache],
]

describe.each(implementations)('every cache, here the one %s,', (_name, create) => {
  it('gives what was set under that key, or nothing', () => {
    const cache = create()
    cache.set('a', session('1'))
    cache.set('b', session('2'))
    cache.set('a', session('3'))
    expect(['3', undefined]).toContain(cache.get('a')?.id)
    expect(['2', undefined]).toContain(cache.get('b')?.id)
    expect(cache.get('c')).toBeUndefined()
  })

  it('returns nothing that was deleted', () => {
    const cache = create()
    for (const key of ['a', 'b']) cache.set(key, session(key))
    cache.delete('a')
    expect(cache.get('a')).toBeUndefined()
    cache.clear()
    expect(cache.get('b')).toBeUndefined()
  })
})
