import { healthChecks, type HealthCheckId } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { dueChecks } from './due-checks.ts'

const all = healthChecks.map(({ id }) => id)
const minutely = healthChecks.filter(({ cadence }) => cadence === 'minute').map(({ id }) => id)
const start = 1_000_000_000

/** Every check ran at the start; what is due later. */
const dueAt = (now: number, over: Partial<Parameters<typeof dueChecks>[0]> = {}) =>
  dueChecks({ ranAt: new Map(all.map((id) => [id, start])), outdatedAt: null, suspects: [], ...over }, now)

describe('dueChecks', () => {
  it('has every check at first', () => {
    expect(dueAt(start, { ranAt: new Map() })).toEqual(all)
  })

  it('has none right after a run, the cheap ones after a minute, and the others later', () => {
    expect(dueAt(start + 50_000)).toEqual([])
    expect(dueAt(start + 60_000)).toEqual(minutely)
    expect(dueAt(start + 300_000).length).toBeGreaterThan(minutely.length)
    expect(dueAt(start + 300_000).length).toBeLessThan(all.length)
    expect(dueAt(start + 3_600_000)).toEqual(all)
  })

  it('has every check after fail2ban loaded something', () => {
    expect(dueAt(start + 10_000, { outdatedAt: start + 1 })).toEqual(all)
    expect(dueAt(start + 10_000, { outdatedAt: start - 1 })).toEqual([])
  })

  it('has a check that saw a problem once, 20 seconds later', () => {
    const suspects = [{ check: 'version-skew' as HealthCheckId, since: start }]
    expect(dueAt(start + 19_999, { suspects })).toEqual([])
    expect(dueAt(start + 20_000, { suspects })).toEqual(['version-skew'])
  })

  it('has every check after the clock stepped back', () => {
    expect(dueAt(start - 1)).toEqual(all)
  })
})
