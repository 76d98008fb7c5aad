import { describe, expect, it } from 'vitest'
import { createLoginThrottle, MAX_DELAY } from './login-throttle.ts'

function create(maxEntries?: number) {
  const time = { now: 1_000_000 }
  const throttle = createLoginThrottle({ clock: () => time.now, ...(maxEntries ? { maxEntries } : {}) })
  return { time, throttle }
}

const ada = { address: '192.0.2.1', account: 'ada' }

describe('attempts that fail', () => {
  it('wait longer and longer, and never above the longest delay', () => {
    const { throttle, time } = create()
    const waits: number[] = []
    const afterwards: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const wait = throttle.begin(ada)
      waits.push(wait)
      time.now += wait * 1000
      afterwards.push(wait > 0 ? throttle.begin(ada) : 0)
    }
    expect(waits).toEqual([0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30])
    expect(Math.max(...waits)).toBe(MAX_DELAY)
    expect(new Set(afterwards)).toEqual(new Set([0]))
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

  it('slow one address for every account, and one account for every address', () => {
    const { throttle } = create()
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(ada)
    expect(throttle.begin({ ...ada, account: 'bob' })).toBeGreaterThan(0)
    expect(throttle.begin({ ...ada, address: '192.0.2.2' })).toBeGreaterThan(0)
    expect(throttle.begin({ address: '192.0.2.2', account: 'bob' })).toBe(0)
  })

  it('are forgotten by a success', () => {
    const { throttle } = create()
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(ada)
    throttle.succeeded(ada)
    expect(throttle.begin(ada)).toBe(0)
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

it('remembers no more than it may', () => {
  const { throttle } = create(2)
  for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin(ada)
  throttle.begin({ address: 'b', account: 'b' })
  throttle.begin({ address: 'c', account: 'c' })
  expect(throttle.begin(ada)).toBe(0)
})
