import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countEvents, countOf, withoutOld, type EventCounter } from './event-counter.ts'

const windowMs = 600_000

it('counts every event of the window, and none that is older than the window and a part of it', () => {
  const event = fc.record({
    after: fc.integer({ min: 0, max: 200_000 }),
    count: fc.integer({ min: 1, max: 9 }),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      let now = 1_700_000_000_000
      let counter: EventCounter = []
      const all: { at: number; count: number }[] = []
      for (const { after, count } of events) {
        now += after
        all.push({ at: now, count })
        counter = countEvents(counter, { at: now, count, windowMs, now })
        const within = (spanMs: number) =>
          all.filter(({ at }) => at > now - spanMs).reduce((sum, each) => sum + each.count, 0)
        expect(countOf(counter)).toBeGreaterThanOrEqual(within(windowMs))
        expect(countOf(counter)).toBeLessThanOrEqual(within(windowMs * 1.1))
        expect(counter.length).toBeLessThanOrEqual(22)
      }
      expect(countOf(withoutOld(counter, windowMs, now + windowMs * 1.1))).toBe(0)
    }),
  )
})

it('forgets what was counted before the clock was set back, and counts what a log dates ahead', () => {
  const now = 1_700_000_000_000
  const before = countEvents([], { at: now, count: 5, windowMs, now })
  expect(countOf(withoutOld(before, windowMs, now - 86_400_000))).toBe(0)
  expect(countOf(withoutOld(before, windowMs, now - 1000))).toBe(5)
  const ahead = countEvents([], { at: now + 5 * windowMs, count: 2, windowMs, now })
  expect(countOf(withoutOld(ahead, windowMs, now))).toBe(2)
})

it('leaves out what happened before the window', () => {
  const counter = countEvents([], { at: 0, count: 5, windowMs, now: 10 * windowMs })
  expect(countOf(counter)).toBe(0)
})
