import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, type Effect, type OpenIncident, type SubjectState, type Thresholds } from './decide.ts'

const minute = 60_000

const rule: Thresholds = {
  failAfterMs: 30_000,
  recoverAfterMs: 10_000,
  remindMs: null,
  sendResolved: true,
  mutedUntil: null,
}

const incident: OpenIncident = {
  announcedAt: 0,
  remindedAt: null,
  isAcknowledged: false,
  mutedUntil: null,
}

const quiet: SubjectState = { firingSince: null, clearSince: null, incident: null }

describe('decide', () => {
  it.each<[string, Partial<Thresholds>, Partial<SubjectState>, boolean | null, Effect[]]>([
    ['nothing is wrong', {}, {}, false, []],
    ['a problem that has just begun', {}, {}, true, []],
    ['a problem that has lasted long enough', {}, { firingSince: 70_000 }, true, ['open', 'notify']],
    ['a problem of a rule that does not wait', { failAfterMs: 0 }, {}, true, ['open', 'notify']],
    ['a problem of a muted rule', { mutedUntil: 100_001 }, { firingSince: 0 }, true, ['open']],
    ['a problem after the mute', { mutedUntil: 100_000 }, { firingSince: 0 }, true, ['open', 'notify']],
    ['an incident that was announced', {}, { incident }, true, []],
    [
      'one that was muted when it began',
      {},
      { incident: { ...incident, announcedAt: null } },
      true,
      ['notify'],
    ],
    [
      'one that was acknowledged before it was announced',
      {},
      { incident: { ...incident, announcedAt: null, isAcknowledged: true } },
      true,
      [],
    ],
    ['an incident that nobody acknowledges', { remindMs: minute }, { incident }, true, ['remind']],
    [
      'one that was reminded of',
      { remindMs: minute },
      { incident: { ...incident, remindedAt: 50_000 } },
      true,
      [],
    ],
    [
      'one that was announced before the clock was set back by a day',
      { remindMs: minute },
      { incident: { ...incident, announcedAt: 86_500_000 } },
      true,
      ['remind'],
    ],
    [
      'one that was reminded of since the clock was set back by a day',
      { remindMs: minute },
      { incident: { ...incident, announcedAt: 86_500_000, remindedAt: 90_000 } },
      true,
      [],
    ],
    [
      'one that was announced before the clock was set back by a second',
      { remindMs: minute },
      { incident: { ...incident, announcedAt: 101_000 } },
      true,
      [],
    ],
    [
      'an acknowledged one',
      { remindMs: minute },
      { incident: { ...incident, isAcknowledged: true } },
      true,
      [],
    ],
    ['a muted one', { remindMs: minute }, { incident: { ...incident, mutedUntil: 200_000 } }, true, []],
    ['a problem that has just ended', {}, { incident }, false, []],
    [
      'one that ended long enough ago',
      {},
      { incident, clearSince: 90_000 },
      false,
      ['resolve', 'notify_resolved'],
    ],
    [
      'an end that is not to be sent',
      { sendResolved: false },
      { incident, clearSince: 0 },
      false,
      ['resolve'],
    ],
    [
      'the end of an incident that nobody heard of',
      {},
      { incident: { ...incident, announcedAt: null }, clearSince: 0 },
      false,
      ['resolve'],
    ],
    [
      'the end of a muted incident',
      {},
      { incident: { ...incident, mutedUntil: 200_000 }, clearSince: 0 },
      false,
      ['resolve'],
    ],
    ['an incident about which nobody can tell', { remindMs: minute }, { incident, clearSince: 0 }, null, []],
  ])('%s', (...[, thresholds, state, isFiring, effects]) => {
    const subject = { ...quiet, ...state }
    const decision = decide({ ...rule, ...thresholds }, { subject, isFiring, now: 100_000 })
    expect(decision.effects).toEqual(effects)
  })

  it('waits anew for a problem about which nobody could tell in between', () => {
    const subject = { ...quiet, firingSince: 10 }
    const { next } = decide(rule, { subject, isFiring: null, now: 100_000 })
    expect(next).toEqual({ firingSince: null, clearSince: null })
  })

  it('waits anew after a step back of the clock', () => {
    const { next } = decide(rule, {
      subject: { ...quiet, firingSince: 99_999_999 },
      isFiring: true,
      now: 100,
    })
    expect(next.firingSince).toBe(100)
  })
})

/** What happens to a rule and a subject between two looks. */
const step = fc.record({
  after: fc.integer({ min: 0, max: 5 * minute }),
  isFiring: fc.constantFrom(true, true, false, null),
  verb: fc.constantFrom(null, null, null, 'acknowledge', 'mute incident', 'mute rule', 'restart'),
})

const settings = fc.record({
  failAfterMs: fc.constantFrom(0, minute),
  recoverAfterMs: fc.constantFrom(0, minute),
  remindMs: fc.constantFrom(null, 5 * minute),
  sendResolved: fc.boolean(),
})

describe('over any course of things', () => {
  it('an incident is announced once and resolved once, and none is forgotten', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 60 }), (thresholds, steps) => {
        let now = 0
        let mutedUntil: number | null = null
        let subject: SubjectState = quiet
        let isOpen = false
        const told = { notify: 0, remind: 0, resolved: 0 }
        const look = (isFiring: boolean | null) => {
          const { next, effects } = decide({ ...thresholds, mutedUntil }, { subject, isFiring, now })
          let current = subject.incident
          for (const effect of effects) {
            if (effect === 'open') {
              expect(isOpen).toBe(false)
              isOpen = true
              told.notify = 0
              told.resolved = 0
              current = { announcedAt: null, remindedAt: null, isAcknowledged: false, mutedUntil: null }
            }
            expect(isOpen).toBe(true)
            if (effect === 'notify') {
              told.notify += 1
              current = { ...(current ?? incident), announcedAt: now }
            }
            if (effect === 'remind') {
              expect(told.notify).toBe(1)
              expect(
                now - Math.max(current?.announcedAt ?? 0, current?.remindedAt ?? 0),
              ).toBeGreaterThanOrEqual(thresholds.remindMs ?? Infinity)
              current = { ...(current ?? incident), remindedAt: now }
            }
            if (effect === 'notify_resolved') told.resolved += 1
          }
          expect(told.notify).toBeLessThanOrEqual(1)
          expect(told.resolved).toBeLessThanOrEqual(told.notify)
          if (effects.includes('resolve')) {
            isOpen = false
            current = null
          }
          subject = { ...next, incident: current }
          expect(subject.incident !== null).toBe(isOpen)
        }
        for (const { after, isFiring, verb } of steps) {
          now += after
          if (verb === 'mute rule') mutedUntil = now + 3 * minute
          if (verb === 'mute incident' && subject.incident)
            subject = { ...subject, incident: { ...subject.incident, mutedUntil: now + 3 * minute } }
          if (verb === 'acknowledge' && subject.incident)
            subject = { ...subject, incident: { ...subject.incident, isAcknowledged: true } }
          // what is known is stored as JSON
          if (verb === 'restart') subject = JSON.parse(JSON.stringify(subject)) as SubjectState
          look(isFiring)
        }
        // a problem that stays is announced, whatever came before, unless somebody knows of it
        now += 10 * minute
        look(true)
        now += 10 * minute
        look(true)
        expect(isOpen).toBe(true)
        expect(told.notify === 1 || subject.incident?.isAcknowledged === true).toBe(true)
        // and one that ends is resolved
        look(false)
        now += 10 * minute
        look(false)
        expect(isOpen).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
