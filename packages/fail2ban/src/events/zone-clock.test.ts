import { describe, expect, it } from 'vitest'
import { createZoneClock } from './zone-clock.ts'

const berlin = createZoneClock('Europe/Berlin')
const toIso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

describe("a time in the daemon's zone", () => {
  it.each([
    ['UTC', '2026-01-31 23:59:59', '2026-01-31T23:59:59.000Z'],
    ['', '2026-01-31 23:59:59', '2026-01-31T23:59:59.000Z'],
    ['Europe/Berlin', '2026-01-15 12:00:00', '2026-01-15T11:00:00.000Z'],
    [':Europe/Berlin', '2026-07-15 12:00:00', '2026-07-15T10:00:00.000Z'],
    ['Asia/Kathmandu', '2026-07-15 12:00:00', '2026-07-15T06:15:00.000Z'],
    ['America/New_York', '2026-01-01 00:00:00', '2026-01-01T05:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-01-01 00:00:00', '2025-12-31T13:00:00.000Z'],
  ])('%s: %s is %s', (zone, text, iso) => {
    expect(toIso(createZoneClock(zone).toEpoch(text))).toBe(iso)
  })

  it.each([
    ['before the change in spring', '2026-03-29 01:59:59', '2026-03-29T00:59:59.000Z'],
    ['after it', '2026-03-29 03:00:00', '2026-03-29T01:00:00.000Z'],
    ['in the hour that is skipped', '2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z'],
    ['before the hour that is there twice', '2026-10-25 01:59:59', '2026-10-24T23:59:59.000Z'],
    ['in the hour that is there twice', '2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z'],
    ['after it', '2026-10-25 03:00:00', '2026-10-25T02:00:00.000Z'],
  ])('%s', (_, text, iso) => {
    expect(toIso(berlin.toEpoch(text))).toBe(iso)
  })

  it('of the hour that is there twice is the second one when the log is past the first', () => {
    const before = berlin.toEpoch('2026-10-25 02:59:59')
    expect(toIso(berlin.toEpoch('2026-10-25 02:00:00', before))).toBe('2026-10-25T01:00:00.000Z')
  })

  it('is that of this machine when the zone is not known', () => {
    const at = new Date(2026, 6, 15, 12, 0, 0).getTime()
    expect(createZoneClock().toEpoch('2026-07-15 12:00:00')).toBe(at)
    expect(createZoneClock('No/Such_Zone').toEpoch('2026-07-15 12:00:00')).toBe(at)
  })

  it('is none when there is no such time', () => {
    expect(berlin.toEpoch('2026-13-01 00:00:00')).toBeUndefined()
    expect(berlin.toEpoch('2026-01-01 25:00:00')).toBeUndefined()
  })
})
