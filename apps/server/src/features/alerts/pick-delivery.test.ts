import { describe, expect, it } from 'vitest'
import { nextAttempt } from './back-off.ts'
import { pickDelivery, type SendingRules, type Waiting } from './pick-delivery.ts'

const now = Date.parse('2026-06-10T12:00:00Z')
const minute = 60_000
const hour = 60 * minute

const rules: SendingRules = { maxPerHour: 20, quiet: null, sentAt: [] }
const night = { from: '11:00', to: '13:00', zone: 'UTC', passCritical: true }

const one = (id: number, over: Partial<Waiting> = {}): Waiting => ({
  id,
  critical: false,
  nextAt: now,
  isRetry: false,
  canMerge: true,
  ...over,
})

const many = (count: number) => Array.from({ length: count }, (_, index) => one(index + 1))
const sent = (...before: number[]) => before.map((ms) => now - ms).toSorted((a, b) => a - b)

describe('pickDelivery', () => {
  it.each<[string, Waiting[], Partial<SendingRules>, unknown]>([
    ['waits for a message', [], {}, { waitUntil: null }],
    ['sends the oldest first', [one(1), one(2)], {}, { send: [1] }],
    ['sends many that are due together as one', many(4), {}, { send: [1, 2, 3, 4] }],
    ['leaves a digest out of that', [one(9, { canMerge: false }), ...many(4)], {}, { send: [1, 2, 3, 4] }],
    [
      'waits while a message is to be tried again',
      [one(1), one(2, { isRetry: true, nextAt: now + 5 })],
      {},
      { waitUntil: now + 5 },
    ],
    [
      'tries again what a clock that stepped back has left for tomorrow',
      [one(1, { isRetry: true, nextAt: now + 20 * hour })],
      {},
      { send: [1] },
    ],
    ['tries a message again alone', [...many(6), one(7, { isRetry: true })], {}, { send: [7] }],
    [
      'waits for the hour above the cap',
      many(2),
      { maxPerHour: 2, sentAt: sent(50 * minute, 10 * minute) },
      { waitUntil: now + 10 * minute },
    ],
    [
      'sends the last message of an hour for all that wait',
      many(3),
      { maxPerHour: 2, sentAt: sent(50 * minute) },
      { send: [1, 2, 3] },
    ],
    [
      'does not count what was sent before the clock was set back',
      many(2),
      { maxPerHour: 5, sentAt: sent(...Array.from({ length: 5 }, (_, index) => (index - 9) * hour)) },
      { send: [1] },
    ],
    [
      'waits for the minute after ten messages',
      many(1),
      { maxPerHour: 100, sentAt: sent(...Array.from({ length: 10 }, (_, index) => (index + 1) * 1000)) },
      { waitUntil: now + 50_000 },
    ],
    ['waits in quiet hours', many(3), { quiet: night }, { waitUntil: now + hour }],
    [
      'lets a critical message pass them',
      [one(1), one(2, { critical: true })],
      { quiet: night },
      { send: [2] },
    ],
    [
      'or not',
      [one(1, { critical: true })],
      { quiet: { ...night, passCritical: false } },
      { waitUntil: now + hour },
    ],
  ])('%s', (...[, waiting, over, expected]) => {
    expect(pickDelivery(waiting, { ...rules, ...over }, now)).toEqual(expected)
  })

  it('ignores messages that were sent in a future that a clock has left', () => {
    const sentAt = Array.from({ length: 30 }, (_, index) => now + (index + 1) * hour)
    expect(pickDelivery(many(1), { ...rules, sentAt }, now)).toEqual({ send: [1] })
  })
})

describe('nextAttempt', () => {
  const failed = (attempts: number, answer = {}, age = 0) => {
    const next = nextAttempt({ attempts, createdAt: now - age }, answer, now)
    return next === null ? null : next - now
  }

  it('backs off, up to ten minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempts) => failed(attempts))).toEqual(
      [5, 15, 30, 60, 120, 300, 600, 600, 600].map((seconds) => seconds * 1000),
    )
  })

  it('does not give up because the clock was set forward, or BanGUI was stopped', () => {
    expect(failed(1, {}, 30 * 24 * hour)).toBe(5_000)
    expect(failed(19, {}, 4 * 24 * hour)).toBe(600_000)
    expect(failed(20, {}, 4 * 24 * hour)).toBeNull()
  })

  it('leaves a server alone for as long as it asks for, up to an hour', () => {
    expect(failed(1, { retryAfterMs: 90_000 })).toBe(90_000)
    expect(failed(1, { retryAfterMs: 1 })).toBe(5_000)
    expect(failed(1, { retryAfterMs: 1e12 })).toBe(hour)
  })

  it('goes on for days, and gives up at last, or at once where it is hopeless', () => {
    expect(failed(200, {}, 2 * 24 * hour)).toBe(600_000)
    expect(failed(200, {}, 3 * 24 * hour)).toBeNull()
    expect(failed(1, { permanent: true })).toBeNull()
  })
})
