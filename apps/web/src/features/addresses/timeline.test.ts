// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { T0 } from '../../../test/fixtures.ts'
import { timelineDays } from './timeline.ts'

const DAY = 86_400_000

describe('timelineDays', () => {
  it('returns every day from the first ban to today, with its jails', () => {
    const today = Math.floor(T0 / DAY) * DAY
    const days = timelineDays(
      {
        timeline: [
          { day: today - 40 * DAY, jail: 'sshd', bans: 2 },
          { day: today, jail: 'sshd', bans: 1 },
          { day: today, jail: 'nginx', bans: 3 },
        ],
        recordedSince: 0,
      },
      T0,
    )
    expect(days).toHaveLength(41)
    expect(days[0]).toMatchObject({ day: today - 40 * DAY, bans: 2 })
    expect(days.at(-1)).toMatchObject({ day: today, bans: 4 })
  })

  it('returns the last 30 days without bans, and at most as many as fit', () => {
    expect(timelineDays({ timeline: [], recordedSince: 0 }, T0)).toHaveLength(30)
    expect(
      timelineDays({ timeline: [{ day: 0, jail: 'sshd', bans: 1 }], recordedSince: 0 }, T0),
    ).toHaveLength(120)
  })

  it('distinguishes unrecorded days from days without a ban', () => {
    const today = Math.floor(T0 / DAY) * DAY
    const days = timelineDays({ timeline: [], recordedSince: today - 2.5 * DAY }, T0)
    expect(days.filter((day) => !day.isUnrecorded)).toHaveLength(4)
    expect(days.findIndex((day) => !day.isUnrecorded)).toBe(26)
  })
})
