import { describe, expect, it } from 'vitest'
import { createLoginThrottle, MAX_DELAY, MAX_KNOWN_DELAY, type LoginAttempt } from './login-throttle.ts'

function create(maxEntries?: number) {
  const time = { now: 1_000_000 }
  const throttle = createLoginThrottle({ clock: () => time.now, ...(maxEntries ? { maxEntries } : {}) })
  return { time, throttle }
}

const ada: LoginAttempt = { source: '192.0.2.1', userId: 1, name: 'ada', known: false }
const adaAtHome: LoginAttempt = { ...ada, known: true }

/** The seconds that each of so many attempts is told to wait, each repeated when the wait is over. */
function waitsOf({ time, throttle }: ReturnType<typeof create>, attempt: LoginAttempt, count: number) {
  return Array.from({ length: count }, () => {
    const wait = throttle.begin(attempt)
    time.now += wait * 1000
    expect(wait > 0 ? throttle.begin(attempt) : 0).toBe(0)
    return wait
  })
}

describe('failed attempts', () => {
  it('wait longer and longer, and never above the longest delay', () => {
    const waits = waitsOf(create(), ada, 12)
    expect(waits).toEqual([0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30])
    expect(Math.max(...waits)).toBe(MAX_DELAY)
  })

  it('from a known source wait a little, and never above the longest delay of those', () => {
    const waits = waitsOf(create(), adaAtHome, 11)
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 5])
    expect(Math.max(...waits)).toBe(MAX_KNOWN_DELAY)
  })

  it('wait no longer for having been repeated too soon', () => {
    const { throttle, time } = create()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      throttle.begin(ada)
      time.now += 60_000
    }
    throttle.begin(ada)
    const first = throttle.begin(ada)
    for (let attempt = 0; attempt < 100; attempt += 1) throttle.begin(ada)
    expect(throttle.begin(ada)).toBe(first)
  })

  it('count while their answers are not known yet', () => {
    const { throttle } = create()
    const waits = Array.from({ length: 1000 }, () => throttle.begin(ada))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
  })

  it('slow down one address for every account, and one account for every address', () => {
    const { throttle } = create()
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(ada)
    expect(throttle.begin({ ...ada, userId: 2, name: 'bob' })).toBeGreaterThan(0)
    expect(throttle.begin({ ...ada, source: '192.0.2.2' })).toBeGreaterThan(0)
    expect(throttle.begin({ ...ada, source: '192.0.2.2', userId: null, name: 'bob' })).toBe(0)
  })

  it('slow down a name that nobody has like one that somebody has', () => {
    const nobody = { ...ada, userId: null }
    expect(waitsOf(create(), nobody, 9)).toEqual(waitsOf(create(), ada, 9))
    const { throttle } = create()
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(nobody)
    expect(throttle.begin({ ...nobody, source: '192.0.2.2' })).toBeGreaterThan(0)
  })

  it('from elsewhere do not slow down a known source, nor the other way round', () => {
    const { throttle } = create()
    for (let attempt = 0; attempt < 4; attempt += 1) throttle.begin(ada)
    expect(throttle.begin(adaAtHome)).toBe(0)
    const other = create()
    for (let attempt = 0; attempt < 6; attempt += 1) other.throttle.begin(adaAtHome)
    expect(other.throttle.begin(ada)).toBe(0)
  })

  it('at many accounts from one source that all of them know are bounded together', () => {
    const { throttle, time } = create()
    const waits = Array.from({ length: 100 }, (_, userId) => throttle.begin({ ...adaAtHome, userId }))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10)
    let allowed = 0
    for (let second = 0; second < 60; second += 1) {
      time.now += 1000
      for (let userId = 0; userId < 100; userId += 1)
        if (throttle.begin({ ...adaAtHome, userId }) === 0) allowed += 1
    }
    expect(allowed).toBeLessThanOrEqual(31)
  })

  it('are forgotten after a quarter of an hour', () => {
    const { throttle, time } = create()
    for (let attempt = 0; attempt < 9; attempt += 1) {
      throttle.begin(ada)
      time.now += 30_000
    }
    time.now += 15 * 60_000
    expect([1, 2, 3].map(() => throttle.begin(ada))).toEqual([0, 0, 0])
    expect(throttle.begin(ada)).toBe(1)
  })

  it('do not wait for ever after the clock stepped back', () => {
    const { throttle, time } = create()
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(ada)
    time.now -= 86_400_000
    expect(throttle.begin(ada)).toBe(0)
  })
})

describe.each(['succeeded', 'withdrawn'] as const)('an attempt that %s', (end) => {
  it('does not count, and leaves earlier failures counted', () => {
    const { throttle, time } = create()
    for (let attempt = 0; attempt < 10; attempt += 1) {
      throttle.begin(ada)
      throttle[end](ada)
    }
    for (let attempt = 0; attempt < 3; attempt += 1) expect(throttle.begin(ada)).toBe(0)
    time.now += 1000
    expect(throttle.begin(ada)).toBe(0)
    throttle[end](ada)
    expect(throttle.begin(ada)).toBe(0)
    expect(throttle.begin(ada)).toBe(2)
  })
})

it('forgets the failures of an account at a known source when it signs in there', () => {
  const { throttle } = create()
  for (let attempt = 0; attempt < 5; attempt += 1) throttle.begin(adaAtHome)
  throttle.succeeded(adaAtHome)
  expect(throttle.begin(adaAtHome)).toBe(0)
})

it('remembers no more than it may, and made-up names push out no account', () => {
  const { throttle } = create(2)
  for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(ada)
  for (const name of ['b', 'c', 'd']) throttle.begin({ source: name, name, userId: null, known: false })
  expect(throttle.begin({ ...ada, userId: 2 })).toBe(0)
  expect(throttle.begin({ ...ada, source: 'e' })).toBe(1)
})
