import { describe, expect, it } from 'vitest'
import { createDaemonClock, type ZoneHint } from './daemon-clock.ts'
import { parseZoneRule } from './zone-rule.ts'
import { fixedZone, parseLocal } from './zone.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const now = Date.UTC(2026, 10, 20, 18)

const hint = (rule: string, isOwn = false): ZoneHint => ({
  zone: parseZoneRule(rule) ?? fixedZone(Number.NaN),
  isOwn,
})
const clockOf = (...hints: readonly ZoneHint[]) => createDaemonClock(() => hints)
/** A line that was read just after it was written. */
const justNow = (at = now) => ({ from: at - 12_000, to: at + 2_000 })
const before = { from: Number.NEGATIVE_INFINITY, to: now }
const local = (text: string) => parseLocal(text) ?? Number.NaN

describe('the clock of a daemon', () => {
  it('is in the zone of the first hint until something is observed', () => {
    const clock = clockOf(hint('IST-5:30', true), hint('UTC0'))
    expect(clock.toEpoch(now)).toBe(now - 5.5 * HOUR)
    expect(clock.isObserved()).toBe(false)
    expect(clock.isKnown()).toBe(true)
  })

  it('is in UTC where there is no hint', () => {
    expect(clockOf().toEpoch(now)).toBe(now)
  })

  it.each([5.5, 5.75, 12.75, 14, -3.5, -12, 0])(
    'is %f hours ahead once it is seen to be, whatever the hints say',
    (hours) => {
      const clock = clockOf(hint('<+0300>-3', true), hint('<+0100>-1'))
      expect(clock.observe(now + hours * HOUR, justNow())).toBe(true)
      expect(clock.toEpoch(now + hours * HOUR + 7)).toBe(now + 7)
      expect(clock.lastObservation()).toEqual({ at: now, offset: hours * HOUR })
    },
  )

  it('is in the zone of the hint that what is observed agrees with, summer time and all', () => {
    const clock = clockOf(hint('UTC0', true), hint('EST5EDT,M3.2.0,M11.1.0'))
    clock.observe(now - 5 * HOUR, justNow())
    expect(clock.toEpoch(local('2026-07-01 12:00:00'))).toBe(Date.UTC(2026, 6, 1, 16))
  })

  it('follows a zone that changes without a hint: from the first line after it', () => {
    const clock = clockOf(hint('UTC0'))
    clock.observe(now + 2 * HOUR, justNow())
    expect(clock.observe(now + HOUR + HOUR, justNow(now + HOUR))).toBe(true)
    expect(clock.toEpoch(now + 3 * HOUR)).toBe(now + 2 * HOUR)
  })

  it('looks for hints again when they were wrong: a file of zones can be changed', () => {
    const hints = [hint('UTC0', true)]
    const clock = createDaemonClock(() => hints)
    hints[0] = hint('CET-1CEST,M3.5.0,M10.5.0/3', true)
    clock.observe(now + HOUR, justNow())
    expect(clock.toEpoch(local('2026-07-01 12:00:00'))).toBe(Date.UTC(2026, 6, 1, 10))
  })

  it.each([
    ['that is no quarter of an hour away', now - 7 * MINUTE],
    ['that no zone has', now + 16 * HOUR],
  ])('is not moved by a line %s: it was not written just now', (_, line) => {
    const clock = clockOf(hint('UTC0'))
    expect(clock.observe(line, justNow())).toBe(false)
    expect(clock.toEpoch(now)).toBe(now)
    expect(clock.isObserved()).toBe(false)
  })

  it('shows nothing where nobody knows when a line was written', () => {
    const clock = clockOf(hint('UTC0'))
    expect(clock.observe(now - 3 * HOUR, before)).toBe(true)
    expect(clock.isObserved()).toBe(false)
  })

  it('is in no zone in which a line would be of the future', () => {
    const clock = clockOf(hint('UTC0'), hint('IST-5:30'))
    expect(clock.observe(now + 5 * HOUR, before)).toBe(true)
    expect(clock.toEpoch(now + 5 * HOUR)).toBe(now - HOUR / 2)
  })

  it('dates no line later than it was read, in whatever zone that may be', () => {
    const clock = clockOf(hint('UTC0'), hint('<+01>-1'))
    expect(clock.observe(now + 8 * HOUR, before)).toBe(false)
    expect(clock.toEpoch(now + 8 * HOUR, { written: before })).toBe(now)
    expect(clock.isDoubtful(now + 8 * HOUR, before)).toBe(true)
  })

  it('is that of its own process also where a line is of the future: a clock may have been set back', () => {
    const clock = clockOf(hint('UTC0', true), hint('IST-5:30'))
    clock.observe(now + HOUR, before)
    expect(clock.toEpoch(now + HOUR, { written: before })).toBe(now + HOUR)
  })

  it.each([
    ['agree', 'CET-1', false],
    ['differ', 'EET-2', true],
  ])('is doubtful while nothing was observed and the hints %s', (_, other, isDoubtful) => {
    const clock = clockOf(hint('CET-1'), hint(other))
    expect(clock.isDoubtful(now, before)).toBe(isDoubtful)
    clock.observe(now + HOUR, justNow())
    expect(clock.isDoubtful(now, before)).toBe(false)
  })
})

describe('an hour that a clock change repeats', () => {
  const clock = clockOf(hint('CET-1CEST,M3.5.0,M10.5.0/3', true))
  const text = local('2026-10-25 02:30:00')
  const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]

  it.each([
    ['the first where nothing tells', {}, first],
    ['the first where what came before allows it', { notBefore: first }, first],
    ['the second after the first', { notBefore: first + 1 }, second],
    ['the second after both', { notBefore: second + 1 }, second],
    ['the one in which the line was written', { written: justNow(second), notBefore: first }, second],
    [
      'the first where the line was written before the second',
      { written: { ...before, to: second - 1 } },
      first,
    ],
  ])('means %s', (_, options, at) => {
    expect(clock.toEpoch(text, options)).toBe(at)
  })
})
