import type { DaemonBan, HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { openTempWriter } from '../../testing/temp-writer.ts'
import type { ImportBatch, IngestBatch, Intent } from '../archive.ts'

const start = Date.UTC(2026, 4, 1, 12)
const seconds = (count: number) => start + count * 1000
const pair = { jail: 'sshd', address: '203.0.113.7' }

const log = (...events: HostEvent[]): IngestBatch => ({
  events: events.map((event) => ({ event, country: 'DE', bantime: 600 })),
  position: null,
})
const ban = (at: number, more: { address?: string; restored?: boolean } = {}): HostEvent => ({
  ...pair,
  type: 'ban',
  restored: false,
  at: seconds(at),
  ...more,
})
const unban = (at: number): HostEvent => ({ ...pair, type: 'unban', at: seconds(at) })
const rows = (now: number, ...bans: (Partial<DaemonBan> & { bannedAt: number })[]): ImportBatch => ({
  bans: bans.map((row) => ({
    ...pair,
    duration: 600,
    times: 1,
    attempts: 5,
    lines: [],
    country: 'DE',
    ...row,
    bannedAt: seconds(row.bannedAt),
  })),
  position: null,
  now: seconds(now),
})
const intent = (kind: Intent['kind'], more: Partial<Intent> = {}): Intent => ({
  ...pair,
  kind,
  by: { kind: 'user', name: 'ada' },
  reason: null,
  until: null,
  at: start,
  ...more,
})

describe('the identity of a ban', () => {
  it('is one ban when its log line comes first and its record, 82 s earlier, later', async () => {
    const { writer, bans } = await openTempWriter()
    const events = await writer.ingest(log(ban(82)))
    expect(events).toEqual([
      {
        seq: 1,
        event: {
          ...pair,
          type: 'ban.added',
          at: seconds(82),
          country: 'DE',
          until: seconds(682),
          by: { kind: 'fail2ban', name: null },
        },
      },
    ])
    expect(await writer.importBans(rows(90, { bannedAt: 0, lines: ['one', 'two'] }))).toEqual({
      added: 0,
      confirmed: 1,
      known: 0,
    })
    expect(bans()).toMatchObject([
      { at: seconds(0), logged_at: seconds(82), confirmed: 1, until: seconds(600), active: 1, attempts: 5 },
    ])
  })

  it('is one ban when its record comes first and its log line later', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(60, { bannedAt: 0 }))
    expect(await writer.ingest(log(ban(82)))).toEqual([])
    expect(bans()).toMatchObject([{ at: seconds(0), logged_at: seconds(82), confirmed: 1, times: 1 }])
  })

  it('is one ban when fail2ban rounds its time up to after the log line', async () => {
    for (const order of ['line first', 'record first']) {
      const { writer, bans } = await openTempWriter()
      const line = () => writer.ingest(log(ban(81.772)))
      if (order === 'line first') await line()
      await writer.importBans(rows(90, { bannedAt: 82 }))
      if (order === 'record first') await line()
      expect(bans()).toMatchObject([{ at: seconds(82), confirmed: 1, active: 1, times: 1 }])
      await writer.ingest(log(unban(81.9)))
      expect(bans()).toMatchObject([{ active: 0, end_reason: 'unbanned' }])
    }
  })

  it('is in force again where it was ended and made again within a second', async () => {
    const { writer, bans } = await openTempWriter()
    const events = await writer.ingest(log(ban(82.1), unban(82.2), ban(82.3)))
    expect(events.map(({ event }) => event.type)).toEqual(['ban.added', 'ban.removed', 'ban.added'])
    expect(bans()).toMatchObject([{ at: seconds(82), active: 1, end_reason: null }])
  })

  it('is another ban when the one before was over', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(60, { bannedAt: 0 }))
    await writer.ingest(log(unban(600), ban(700)))
    expect(await writer.importBans(rows(800, { bannedAt: 0 }, { bannedAt: 690 }))).toMatchObject({
      known: 1,
      confirmed: 1,
    })
    expect(bans()).toMatchObject([
      { at: seconds(0), active: 0, end_reason: 'expired', times: 1 },
      { at: seconds(690), logged_at: seconds(700), active: 1, times: 2 },
    ])
  })

  it('gives a line to the newest of two records before it, in whichever order they come', async () => {
    for (const order of [
      [0, 90],
      [90, 0],
    ]) {
      const { writer, bans } = await openTempWriter()
      await writer.ingest(log(ban(100)))
      for (const bannedAt of order) await writer.importBans(rows(110, { bannedAt }))
      expect(bans()).toMatchObject([
        { at: seconds(0), logged_at: null, active: 0 },
        { at: seconds(90), logged_at: seconds(100), active: 1, times: 2 },
      ])
    }
  })

  it('does not change when a record or a line comes again', async () => {
    const { writer, bans } = await openTempWriter()
    for (let time = 0; time < 3; time++) {
      await writer.ingest(log(ban(82)))
      await writer.importBans(rows(90, { bannedAt: 0 }))
    }
    expect(bans()).toHaveLength(1)
  })

  it('continues through a restart of the daemon, whose log restores it', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(82)))
    expect(await writer.ingest(log(ban(200, { restored: true })))).toEqual([])
    await writer.importBans(rows(300, { bannedAt: 0 }))
    expect(bans()).toMatchObject([{ at: seconds(0), logged_at: seconds(82), active: 1, times: 1 }])
  })

  it('continues past the end that was guessed from its jail, until the record tells the right one', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(82)))
    await writer.endExpired(seconds(800))
    expect(await writer.ingest(log(ban(900, { restored: true })))).toEqual([])
    expect(bans()).toMatchObject([{ active: 1, until: null, duration: 0 }])
    await writer.importBans(rows(950, { bannedAt: 0, duration: 3600 }))
    expect(bans()).toMatchObject([{ active: 1, until: seconds(3600), duration: 3600 }])
  })

  it('is told by the line that restores it where no other was seen', async () => {
    const { writer, bans } = await openTempWriter()
    expect(await writer.ingest(log(ban(200, { restored: true })))).toHaveLength(1)
    await writer.importBans(rows(300, { bannedAt: 0 }))
    expect(bans()).toMatchObject([{ at: seconds(0), logged_at: null, confirmed: 1, until: seconds(600) }])
  })

  it('keeps what is no address, and networks, apart', async () => {
    const { writer, bans } = await openTempWriter()
    const addresses = ['203.0.113.0/24', '203.0.113.0', '2001:db8::1', 'host.example']
    await writer.ingest(log(...addresses.map((address) => ban(1, { address }))))
    expect(bans().map(({ address }) => address)).toEqual([
      'host.example',
      '203.0.113.0/24',
      '203.0.113.0',
      '2001:db8::1',
    ])
  })
})

describe('the end of a ban', () => {
  it('is expired at its time, unbanned before', async () => {
    const { writer, bans } = await openTempWriter()
    const [, first] = await writer.ingest(log(ban(0), unban(599)))
    const [, second] = await writer.ingest(log(ban(1000), unban(1100)))
    expect(first?.event).toMatchObject({ type: 'ban.removed', reason: 'expired', by: null })
    expect(second?.event).toMatchObject({ type: 'ban.removed', reason: 'unbanned', by: null })
    expect(bans()).toMatchObject([
      { active: 0, end_reason: 'expired' },
      { active: 0, end_reason: 'unbanned', until: seconds(1100) },
    ])
  })

  it('is told once when its time is over, whether the log says so or not', async () => {
    const { writer } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    expect(await writer.endExpired(seconds(600))).toEqual([])
    expect(await writer.endExpired(seconds(601))).toMatchObject([
      { event: { type: 'ban.removed', at: seconds(600), reason: 'expired' } },
    ])
    expect(await writer.ingest(log(unban(602)))).toEqual([])
  })

  it('is told before the next ban of the address where the log did not', async () => {
    const { writer } = await openTempWriter()
    const stored = await writer.ingest(log(ban(0), ban(700)))
    expect(stored.map(({ event }) => [event.type, event.at])).toEqual([
      ['ban.added', seconds(0)],
      ['ban.removed', seconds(600)],
      ['ban.added', seconds(700)],
    ])
  })

  it('never comes by time for a permanent one', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(0, { bannedAt: 0, duration: -1 }))
    await writer.endExpired(Number.MAX_SAFE_INTEGER)
    expect(bans()).toMatchObject([{ active: 1, until: null, duration: -1 }])
  })

  it('is not known until the record comes where the jail did not say', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest({ events: [{ event: ban(82), country: null, bantime: null }], position: null })
    expect(bans()).toMatchObject([{ duration: 0, until: null, active: 1, country: '??' }])
    await writer.importBans(rows(90, { bannedAt: 0 }))
    expect(bans()).toMatchObject([{ duration: 600, until: seconds(600) }])
  })

  it('moves when fail2ban makes a ban longer', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0), { ...pair, type: 'extend', at: seconds(1), times: 4, duration: 3600 }))
    expect(bans()).toMatchObject([{ duration: 3600, until: seconds(3600), times: 4 }])
  })

  it('is in the past for a record whose time is over, or that a newer ban follows', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(
      rows(2500, { bannedAt: 0 }, { bannedAt: 2000, duration: 6000 }, { bannedAt: 2400 }),
    )
    expect(bans()).toMatchObject([
      { active: 0, end_reason: 'expired', until: seconds(600), times: 1 },
      { active: 0, end_reason: 'gone', until: seconds(2400), times: 2 },
      { active: 1, end_reason: null, until: seconds(3000), times: 3 },
    ])
  })

  it('leaves the one that an older record of the same address would end', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(2500, { bannedAt: 2400 }))
    await writer.importBans(rows(2500, { bannedAt: 2000, duration: 6000 }))
    expect(bans()).toMatchObject([
      { active: 0, end_reason: 'gone', until: seconds(2400), times: 1 },
      { active: 1, times: 2 },
    ])
  })
})

describe('who did it', () => {
  it('is the person who asked within two minutes, with reason and own end', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addIntents([intent('ban', { reason: 'spam', until: seconds(60) }), intent('unban')])
    const stored = await writer.ingest(log(ban(1), unban(30), ban(40)))
    expect(stored.map(({ event }) => 'by' in event && event.by)).toEqual([
      { kind: 'user', name: 'ada' },
      'ada',
      { kind: 'fail2ban', name: null },
    ])
    expect(bans()).toMatchObject([
      { by_kind: 'user', by_name: 'ada', reason: 'spam', duration: 59, ended_by: 'ada' },
      { by_kind: 'fail2ban', by_name: null, reason: null },
    ])
  })

  it('is fail2ban when the line comes later', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addIntents([intent('ban')])
    await writer.ingest(log(ban(121)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban' }])
  })

  it('keeps the end that a person chose when the record has a later one', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addIntents([intent('ban', { until: seconds(60) })])
    await writer.ingest(log(ban(1)))
    await writer.importBans(rows(2, { bannedAt: 0 }))
    expect(bans()).toMatchObject([{ confirmed: 1, until: seconds(60), by_name: 'ada' }])
  })
})

describe('making the bans in force those of the daemon', () => {
  const active = (address: string, bannedAt: number) => ({
    address,
    bannedAt: seconds(bannedAt),
    duration: 600,
    country: null,
  })

  it('adds what is missing, ends what is gone, and leaves what is newer alone', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(1, { address: '192.0.2.1' }), ban(2, { address: '192.0.2.2' })))
    await writer.ingest(log(ban(50, { address: '192.0.2.3' })))
    const stored = await writer.syncActive('sshd', [active('192.0.2.1', 0), active('192.0.2.9', 5)], {
      asOf: seconds(40),
      reason: 'lost',
    })
    expect(stored.map(({ event }) => event)).toMatchObject([
      { type: 'ban.added', address: '192.0.2.9', at: seconds(5), until: seconds(605) },
      { type: 'ban.removed', address: '192.0.2.2', at: seconds(40), reason: 'lost' },
    ])
    expect(bans()).toMatchObject([
      { address: '192.0.2.1', at: seconds(0), active: 1 },
      { address: '192.0.2.2', active: 0, end_reason: 'lost' },
      { address: '192.0.2.3', active: 1 },
      { address: '192.0.2.9', active: 1 },
    ])
  })

  it('puts one that had ended in force again, and changes nothing the second time', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(10, { bannedAt: 0 }))
    const sync = (list: ReturnType<typeof active>[]) =>
      writer.syncActive('sshd', list, { asOf: seconds(40), reason: 'gone' })
    expect(await sync([])).toMatchObject([{ event: { type: 'ban.removed', reason: 'gone' } }])
    expect(await sync([active(pair.address, 0)])).toMatchObject([{ event: { type: 'ban.added' } }])
    expect(await sync([active(pair.address, 0)])).toEqual([])
    expect(bans()).toMatchObject([{ active: 1, until: seconds(600), end_reason: null }])
  })
})

describe('the rest', () => {
  it('stores every kind of event in its order, and the daemon once', async () => {
    const { writer } = await openTempWriter()
    const stored = await writer.ingest(
      log(
        { type: 'daemon', at: start, online: true, version: '1.0.2' },
        { type: 'daemon', at: start, online: true, version: '1.0.2' },
        { type: 'jail', at: start, jail: 'sshd', change: 'started' },
        { ...pair, type: 'failure', at: start, failedAt: start },
        { ...pair, type: 'ignored', at: start, by: 'ip' },
        { type: 'action_failed', at: start, jail: 'sshd', action: 'mail', verb: 'ban', address: null },
      ),
    )
    expect(stored.map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, 'daemon.changed'],
      [2, 'jail.changed'],
      [3, 'failure.found'],
      [4, 'failure.ignored'],
      [5, 'action.failed'],
    ])
    const again = { type: 'daemon.changed', at: 7, online: true, version: '1.0.2' } as const
    expect(await writer.addEvent(again)).toMatchObject({ seq: 1 })
    expect(await writer.addEvent({ ...again, online: false })).toMatchObject({ seq: 6 })
  })

  it('keeps positions, with the batch that they belong to', async () => {
    const { writer } = await openTempWriter()
    expect(await writer.getPosition('log')).toBeNull()
    await writer.ingest({ ...log(ban(1)), position: { name: 'log', value: 'a' } })
    await writer.importBans({ ...rows(1), position: { name: 'rows', value: 'b' } })
    await writer.setPosition('other', 'c')
    expect(await Promise.all(['log', 'rows', 'other'].map((name) => writer.getPosition(name)))).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('stores nothing of a batch that fails', async () => {
    const { writer, bans } = await openTempWriter()
    const broken = { ...ban(2, { address: '192.0.2.9' }), at: Number.NaN }
    await expect(
      writer.ingest({ ...log(ban(1), broken), position: { name: 'log', value: 'a' } }),
    ).rejects.toThrow()
    expect(bans()).toEqual([])
    expect(await writer.getPosition('log')).toBeNull()
    expect(await writer.ingest(log(ban(1)))).toHaveLength(1)
  })

  it('deletes what is old in small steps, but bans in force and sums stay', async () => {
    const { writer, sqlite, bans } = await openTempWriter()
    const old = Array.from({ length: 1200 }, (_, index) => ({
      bannedAt: index,
      address: `198.51.${index >> 8}.${index & 255}`,
      lines: ['line'],
    }))
    await writer.importBans(
      rows(
        5000,
        ...old,
        { bannedAt: 1, duration: -1, address: '192.0.2.0' },
        { bannedAt: 4000, lines: ['kept'] },
      ),
    )
    await writer.ingest(log(ban(5000, { address: '192.0.2.1' }), ban(5001, { address: '192.0.2.2' })))
    const limits = {
      bansBefore: seconds(3000),
      linesBefore: seconds(3000),
      eventsBefore: seconds(6000),
      maxEvents: 10,
    }
    let steps = 0
    while (!(await writer.retain(limits)).done) steps++
    expect(steps).toBeGreaterThan(2)
    expect(bans()).toMatchObject([
      { duration: -1 },
      { address: '192.0.2.1' },
      { address: '192.0.2.2' },
      { at: seconds(4000) },
    ])
    const count = (table: string) => sqlite.prepare(`select count(*) from ${table}`).pluck().get()
    expect(['ban_lines', 'events', 'addresses'].map(count)).toEqual([1, 1, 1204])
    expect(sqlite.prepare('select sum(bans) from jail_days').pluck().get()).toBe(1204)
  })

  it('counts bans under their country once that is known', async () => {
    const { writer, sqlite, bans } = await openTempWriter()
    await writer.importBans(rows(0, { bannedAt: 0, country: null } as never))
    await writer.setCountries([{ address: pair.address, country: 'FR' }])
    expect(bans()).toMatchObject([{ country: 'FR' }])
    expect(sqlite.prepare('select country, bans from country_hours where bans > 0').all()).toEqual([
      { country: 'FR', bans: 1 },
    ])
  })
})
