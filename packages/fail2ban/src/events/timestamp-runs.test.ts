import { describe, expect, it } from 'vitest'
import { createDaemonClock, type ZoneHint } from '../daemon-time/daemon-clock.ts'
import type { DaemonClocks } from '../daemon-time/daemon-clocks.ts'
import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { parseZoneRule } from '../daemon-time/zone-rule.ts'
import { fixedZone, utc } from '../daemon-time/zone.ts'
import type { LogFact, LogLine } from './parse-log-line.ts'
import { createTimestamper, type TimestamperState } from './timestamp-lines.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-11-20T18:00:00Z')
const kolkata = 5.5 * HOUR
const past = { from: Number.NEGATIVE_INFINITY, to: now }

const clocksWith = (...hints: readonly ZoneHint[]): DaemonClocks => {
  const create = (before?: ReturnType<typeof createDaemonClock>) =>
    createDaemonClock(() => [
      ...(before?.isObserved() === true ? [{ zone: before.zone(), isOwn: false }] : []),
      ...hints,
    ])
  return {
    createForRun: (_, before) => create(before),
    createForNow: async () => create(),
    setNewest: () => undefined,
    refresh: async () => undefined,
  }
}

const inUtc: ZoneHint = { zone: utc, isOwn: false }
const jail = 'sshd'
const address = (last: number) => `192.0.2.${last}`
const ban = (last: number): LogFact => ({ type: 'ban', jail, address: address(last), restored: false })
const started: LogFact = { type: 'daemon', online: true, version: '1.0.2' }

const timeOf = (at: number, offset: number) => ({
  text: new Date(at + offset).toISOString().slice(0, 19).replace('T', ' '),
  milliseconds: at % 1000,
})
const line = (fact: LogFact, at: number, { offset = 0, pid = 7 } = {}): LogLine => ({
  fact,
  time: timeOf(at, offset),
  pid,
})

/** fail2ban's database, in which addresses have bans since these moments. */
const database =
  (rows: Readonly<Record<string, readonly number[]>>): FindBanTimes =>
  async (pairs) =>
    pairs.map((pair) => rows[pair.address] ?? [])

interface Reading {
  readonly rows?: Readonly<Record<string, readonly number[]>>
  readonly hints?: readonly ZoneHint[]
  readonly state?: TimestamperState
}

/** Reads lines as what was written before BanGUI was there; gives their moments, and the timestamper. */
async function readOld(lines: readonly LogLine[], { rows = {}, hints = [inUtc], state }: Reading = {}) {
  const timestamper = createTimestamper({
    clocks: clocksWith(...hints),
    clock: () => now,
    findBanTimes: database(rows),
    ...(state && { state }),
  })
  const told = [...(await timestamper.add(lines, past)), ...(await timestamper.finish(async () => undefined))]
  return { timestamper, moments: told.map(({ at }) => at) }
}

describe('lines of a run of fail2ban that is over', () => {
  const moments = [now - 9 * HOUR, now - 9 * HOUR + 5_000, now - 8 * HOUR]
  const lines = (offset: number, pid = 7) =>
    moments.map((at, index) => line(index === 0 ? started : ban(index), at, { offset, pid }))
  const rows = { [address(1)]: [moments[1] ?? 0], [address(2)]: [moments[2] ?? 0] }

  it('have their moments where the database has one of its bans', async () => {
    expect((await readOld(lines(kolkata), { rows })).moments).toEqual(moments)
  })

  it('have them where the database has other bans of the same addresses as well', async () => {
    const many = { ...rows, [address(1)]: [now - 1000, ...rows[address(1)]!, now - 20 * HOUR] }
    expect((await readOld(lines(kolkata), { rows: many })).moments).toEqual(moments)
  })

  it('have each their own: every start can be in another zone', async () => {
    const later = now - HOUR
    const both = [
      ...lines(kolkata),
      line(started, later, { pid: 8 }),
      line(ban(3), later + 1_000, { pid: 8 }),
    ]
    const found = await readOld(both, { rows: { ...rows, [address(3)]: [later + 1_000] } })
    expect(found.moments).toEqual([...moments, later, later + 1_000])
  })

  it('have each their own also in a container, where every run has the same number', async () => {
    const later = now - HOUR
    const both = [
      ...lines(kolkata, 1),
      line(started, later, { pid: 1 }),
      line(ban(3), later + 1_000, { pid: 1 }),
    ]
    const found = await readOld(both, { rows: { ...rows, [address(3)]: [later + 1_000] } })
    expect(found.moments).toEqual([...moments, later, later + 1_000])
  })

  it('are counted as doubtful where nothing shows their zone, and hints disagree', async () => {
    const hints = [inUtc, { zone: fixedZone(kolkata), isOwn: false }]
    expect((await readOld(lines(0), { hints })).timestamper.doubtfulCount()).toBe(3)
    expect((await readOld(lines(0), { hints, rows })).timestamper.doubtfulCount()).toBe(0)
    expect((await readOld(lines(0))).timestamper.doubtfulCount()).toBe(0)
  })

  it('are of a time before they were read, whatever the hints', async () => {
    const { moments: found, timestamper } = await readOld(lines(12 * HOUR))
    for (const at of found) expect(at).toBeLessThanOrEqual(now + 1000)
    expect(timestamper.doubtfulCount()).toBe(3)
  })
})

describe('bans in the hour that autumn repeats', () => {
  const berlin = { zone: parseZoneRule('CET-1CEST,M3.5.0,M10.5.0/3') ?? utc, isOwn: true }
  const second = Date.parse('2026-10-25T01:30:00Z')

  it.each([
    ['first', second - HOUR, 2 * HOUR],
    ['second', second, HOUR],
  ])('began in the %s where the database says so', async (_, at, offset) => {
    const rows = { [address(1)]: [at] }
    expect((await readOld([line(ban(1), at, { offset })], { hints: [berlin], rows })).moments).toEqual([at])
  })
})

describe('a log that is read on', () => {
  it('has the moments of a daemon whose clock was changed meanwhile, which only the database shows', async () => {
    const seen = { at: now - 9 * HOUR, offset: 2 * HOUR }
    const state = { pid: 7, lastAt: seen.at, seen }
    const moments = [now - 3 * HOUR, now - 2 * HOUR, now - HOUR]
    const rows = Object.fromEntries(moments.map((at, index) => [address(index), [at]]))
    const lines = moments.map((at, index) => line(ban(index), at, { offset: HOUR }))
    expect((await readOld(lines, { state, rows })).moments).toEqual(moments)
  })

  it('has the zone that was observed before, where the process cannot be seen', async () => {
    const state = { pid: 7, lastAt: now - HOUR, seen: { at: now - HOUR, offset: kolkata } }
    const { moments } = await readOld([line(ban(1), now - 1000, { offset: kolkata })], { state })
    expect(moments).toEqual([now - 1000])
  })
})

describe('a log in whose place somebody put an old one', () => {
  it('does not move the clock: its lines were not written just now', async () => {
    const timestamper = createTimestamper({ clocks: clocksWith({ ...inUtc, isOwn: true }), clock: () => now })
    const old = Array.from({ length: 300 }, (_, index) => now - 5 * HOUR - index * 97_000).toReversed()
    const lines = old.map((at) => line(ban(1), at))
    const told = [
      ...(await timestamper.add(lines, { from: now - 11_000, to: now + 2_000 })),
      ...(await timestamper.finish(async () => undefined)),
    ]
    expect(told.map(({ at }) => at)).toEqual(old)
  })
})
