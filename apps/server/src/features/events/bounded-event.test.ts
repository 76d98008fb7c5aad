import { MAX_DURATION_SECONDS, type HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { boundedDuration, boundedEvent } from './bounded-event.ts'

const about = { jail: 'sshd', address: '192.0.2.1' }
const absurd = [Number.NaN, Infinity, -Infinity, -1, 1e308, 9_999_999 * 31_557_600_000]

describe('an event of the log', () => {
  it.each(absurd)('with the time %d is one of now', (at) => {
    const events: HostEvent[] = [
      { ...about, type: 'ban', at, restored: false },
      { ...about, type: 'failure', at, failedAt: at },
      { type: 'daemon', at, online: true, version: null, pid: null },
    ]
    for (const event of events) {
      const bounded = boundedEvent(event, 5_000)
      expect(bounded).toMatchObject({ ...event, at: 5_000, ...('failedAt' in event && { failedAt: 5_000 }) })
    }
  })

  it('keeps every other time, in whole milliseconds', () => {
    const event: HostEvent = { ...about, type: 'failure', at: 1_795_201_200_000.7, failedAt: 0 }
    expect(boundedEvent(event, 5)).toEqual({ ...event, at: 1_795_201_200_000 })
  })

  it.each([
    [600, 600],
    [-1, -1],
    [-2, -1],
    [1e308, MAX_DURATION_SECONDS],
    [9_999_999 * 31_557_600, MAX_DURATION_SECONDS],
    [Number.NaN, -1],
  ])('that makes a ban %d s long makes it %d', (duration, bounded) => {
    const event: HostEvent = { ...about, type: 'extend', at: 1, times: 1e300, duration, until: 1e300 }
    expect(boundedEvent(event, 5)).toEqual({ ...event, duration: bounded, times: 0, until: null })
  })
})

it('the bantime of a jail is whole seconds, or not known', () => {
  expect([null, undefined, Number.NaN, 0.5, 600.9, -7, Infinity].map(boundedDuration)).toEqual([
    null,
    null,
    null,
    0,
    600,
    -1,
    MAX_DURATION_SECONDS,
  ])
})
