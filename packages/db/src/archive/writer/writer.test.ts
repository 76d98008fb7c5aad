import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { PendingAction } from '../writer-port.ts'
import { start, seconds, pair, log, ban, unban, rows, pending } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

describe('who did it', () => {
  it('may be hundreds of thousands at once, as where a wide network is unbanned', async () => {
    const { writer } = await openTempWriter()
    await writer.addPendingActions(Array<PendingAction>(200_000).fill(pending('unban', { at: seconds(2) })))
    const stored = await writer.ingest(log(ban(1), unban(30)))
    expect(stored.at(-1)?.event).toMatchObject({ type: 'ban.removed', by: 'ada' })
  })

  it('is the person who asked within two minutes, with reason and own end', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { reason: 'spam', until: seconds(60) })])
    await writer.addPendingActions([pending('unban', { at: seconds(20) })])
    const stored = await writer.ingest(log(ban(1), unban(30), ban(40)))
    expect(stored.map(({ event }) => 'by' in event && event.by)).toEqual([
      { kind: 'user', name: 'ada' },
      'ada',
      { kind: 'fail2ban', name: null },
    ])
    expect(bans()).toMatchObject([
      { by_kind: 'user', by_name: 'ada', reason: 'spam', duration: 60, ended_by: 'ada' },
      { by_kind: 'fail2ban', by_name: null, reason: null },
    ])
  })

  it('is fail2ban when the line was written after the operation had ended', async () => {
    const { writer, bans } = await openTempWriter(undefined, () => seconds(60))
    await writer.addPendingActions([pending('ban')])
    await writer.closePendingActions({ operation: pending('ban').operation, isAnswered: true })
    await writer.ingest(log(ban(121)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban' }])
  })

  it('is nobody who asked before the ban began, or after it had ended', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('unban'), pending('ban', { at: seconds(40) })])
    await writer.ingest(log(ban(10), unban(30)))
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban', end_reason: 'unbanned', ended_by: null }])
  })

  it('is fail2ban where what was asked was taken back, but not what was asked since', async () => {
    const { writer, bans } = await openTempWriter()
    const other = { address: '192.0.2.1' }
    const operation = 'taken back'
    await writer.addPendingActions([pending('ban', { operation }), pending('ban', { ...other, operation })])
    await writer.addPendingActions([
      pending('ban', { ...other, at: seconds(5), by: { kind: 'user', name: 'bob' } }),
    ])
    await writer.addPendingActions([pending('unban', { at: seconds(15) })])
    await writer.removePendingActions(operation, { kind: 'ban', pairs: [pair, { ...pair, ...other }] })
    await writer.ingest(log(ban(10), ban(10, other), unban(20)))
    expect(bans()).toMatchObject([
      { by_kind: 'user', by_name: 'bob' },
      { by_kind: 'fail2ban', by_name: null, ended_by: 'ada' },
    ])
  })

  it('keeps the end that a person chose when the record has a later one', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { until: seconds(60) })])
    await writer.ingest(log(ban(1)))
    await writer.importBans(rows(2, { bannedAt: 0, attempts: 0 }))
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
    expect(stored.events.map(({ event }) => event)).toMatchObject([
      { type: 'ban.added', address: '192.0.2.9', at: seconds(50), until: seconds(605) },
      { type: 'ban.removed', address: '192.0.2.2', at: seconds(50), reason: 'lost' },
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
    const sync = async (list: ReturnType<typeof active>[]) =>
      (await writer.syncActive('sshd', list, { asOf: seconds(40), reason: 'unknown' })).events
    expect(await sync([])).toMatchObject([{ event: { type: 'ban.removed', reason: 'unknown' } }])
    expect(await sync([active(pair.address, 0)])).toMatchObject([{ event: { type: 'ban.added' } }])
    expect(await sync([active(pair.address, 0)])).toEqual([])
    expect(bans()).toMatchObject([{ active: 1, until: seconds(600), end_reason: null }])
  })
})

describe('a ban that is gone without a line', () => {
  const sync = { asOf: seconds(40), reason: 'lost' } as const

  it('was unbanned by whoever asked for that before the daemon crashed', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(1)))
    await writer.addPendingActions([pending('unban', { at: seconds(30) })])
    expect((await writer.syncActive('sshd', [], sync)).events).toMatchObject([
      { event: { type: 'ban.removed', at: seconds(30), reason: 'unbanned', by: 'ada' } },
    ])
    expect(bans()).toMatchObject([{ until: seconds(30), end_reason: 'unbanned', ended_by: 'ada' }])
    expect(await writer.ingest(log(unban(31)))).toEqual([])
  })

  it('was unbanned by them also where the daemon comes back much later', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(1)))
    await writer.addPendingActions([pending('unban', { at: seconds(30) })])
    await writer.addEvent({ type: 'daemon.changed', at: seconds(31), online: false })
    await writer.addEvent({ type: 'daemon.changed', at: seconds(500), online: true })
    expect((await writer.syncActive('sshd', [], { ...sync, asOf: seconds(510) })).events).toMatchObject([
      { event: { type: 'ban.removed', at: seconds(500), reason: 'unbanned', by: 'ada' } },
    ])
    expect(bans()).toMatchObject([{ until: seconds(30), ended_by: 'ada' }])
  })

  it('is lost where somebody had asked before it began, or was answered long ago', async () => {
    const { writer } = await openTempWriter(undefined, () => seconds(70))
    await writer.ingest(log(ban(1)))
    const lost = [{ event: { type: 'ban.removed', reason: 'lost', by: null } }]
    await writer.addPendingActions([pending('unban', { at: seconds(0) })])
    expect((await writer.syncActive('sshd', [], sync)).events).toMatchObject(lost)
    await writer.ingest(log(ban(50)))
    await writer.addPendingActions([pending('unban', { at: seconds(60) })])
    await writer.closePendingActions({ operation: 'unban-ada-' + seconds(60), isAnswered: true })
    expect((await writer.syncActive('sshd', [], { ...sync, asOf: seconds(181) })).events).toMatchObject(lost)
  })
})

describe('a correction that is cut off', () => {
  it('gives the events that it stored until then, and those of the rest the next time', async () => {
    const { writer, path, bans } = await openTempWriter()
    await writer.ingest(log(ban(1, { address: '192.0.2.1' })))
    const disk = new BetterSqlite3(path)
    disk.exec(`create trigger full before update on bans begin select raise(abort, 'the disk is full'); end`)
    const missing = { address: '192.0.2.9', bannedAt: seconds(5), duration: 600, country: null }
    const sync = async () =>
      (await writer.syncActive('sshd', [missing], { asOf: seconds(40), reason: 'unknown' })).events
    expect(await sync()).toMatchObject([{ seq: 2, event: { type: 'ban.added', address: '192.0.2.9' } }])
    await expect(sync()).rejects.toThrow('the disk is full')
    disk.exec('drop trigger full')
    disk.close()
    expect(await sync()).toMatchObject([{ seq: 3, event: { type: 'ban.removed', address: '192.0.2.1' } }])
    expect(bans()).toMatchObject([{ active: 0 }, { address: '192.0.2.9', active: 1 }])
  })

  it('tells nothing that was taken back', async () => {
    const { writer, bans } = await openTempWriter()
    const missing = { address: '192.0.2.9', bannedAt: seconds(5), duration: 600, country: null }
    const broken = { ...missing, address: '192.0.2.10', bannedAt: Number.NaN }
    const sync = writer.syncActive('sshd', [missing, broken], { asOf: seconds(40), reason: 'unknown' })
    await expect(sync).rejects.toThrow()
    expect(bans()).toEqual([])
    expect(await writer.ingest(log(ban(1)))).toMatchObject([{ seq: 1 }])
  })
})

describe('the rest', () => {
  it('stores every kind of event in its order, and the daemon once', async () => {
    const { writer } = await openTempWriter()
    const stored = await writer.ingest(
      log(
        { type: 'daemon', at: start, online: true, version: '1.0.2', pid: 7 },
        { type: 'daemon', at: start, online: true, version: '1.0.2', pid: 7 },
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
    expect(await writer.addEvent(again)).toEqual([])
    expect(await writer.addEvent({ ...again, online: false })).toMatchObject([{ seq: 6 }])
  })

  it('stores a cursor in the transaction of its batch', async () => {
    const { writer } = await openTempWriter()
    expect(await writer.getCursor('log')).toBeNull()
    await writer.ingest({ ...log(ban(1)), cursor: { name: 'log', value: 'a' } })
    await writer.importBans({ ...rows(1), cursor: { name: 'rows', value: 'b' } })
    await writer.setCursor('other', 'c')
    expect(await Promise.all(['log', 'rows', 'other'].map((name) => writer.getCursor(name)))).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('stores nothing of a batch that fails', async () => {
    const { writer, bans } = await openTempWriter()
    const broken = { ...ban(2, { address: '192.0.2.9' }), at: Number.NaN }
    await expect(
      writer.ingest({ ...log(ban(1), broken), cursor: { name: 'log', value: 'a' } }),
    ).rejects.toThrow()
    expect(bans()).toEqual([])
    expect(await writer.getCursor('log')).toBeNull()
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
    expect(['ban_lines', 'events', 'addresses'].map(count)).toEqual([1, 1, 4])
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
