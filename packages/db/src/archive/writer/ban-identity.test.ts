import { describe, expect, it } from 'vitest'
import { seconds, pair, pending, log, ban, unban, rows } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

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
    const events = await writer.ingest(log(ban(82)))
    expect(events).toMatchObject([{ event: { type: 'ban.added', at: seconds(82), until: seconds(600) } }])
    expect(bans()).toMatchObject([{ at: seconds(0), logged_at: seconds(82), confirmed: 1, times: 1 }])
  })

  it('has the author who asked for it before its log line is read, unless failures caused it', async () => {
    for (const [attempts, by] of [
      [0, 'ada'],
      [3, null],
    ] as const) {
      const { writer, bans } = await openTempWriter()
      await writer.addPendingActions([pending('ban', { reason: 'scans' })])
      await writer.importBans(rows(5, { bannedAt: 1, attempts }))
      expect(bans()).toMatchObject([{ by_name: by, reason: by && 'scans' }])
      await writer.ingest(log(ban(2)))
      expect(bans()).toMatchObject([{ by_name: by, reason: by && 'scans', times: 1 }])
    }
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
    expect(await writer.ingest(log(ban(900, { restored: true })))).toEqual([])
    expect(bans()).toMatchObject([{ active: 1, until: seconds(682), duration: 600 }])
    await writer.importBans(rows(950, { bannedAt: 0, duration: 3600 }))
    expect(bans()).toMatchObject([{ active: 1, until: seconds(3600), duration: 3600 }])
  })

  it('that a person ended does not go on: one that is restored after it is another', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0), unban(10)))
    await writer.ingest(log(ban(20, { restored: true })))
    expect(bans()).toMatchObject([{ active: 0, end_reason: 'unbanned', until: seconds(10) }])
    await writer.importBans(rows(30, { bannedAt: 15 }))
    expect(bans()).toMatchObject([
      { active: 0, end_reason: 'unbanned', until: seconds(10) },
      { active: 1, times: 2 },
    ])
  })

  it('is not known by the line that restores it where no other was seen: its record has when it began', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(200, { restored: true })))
    expect(bans()).toEqual([])
    await writer.importBans(rows(300, { bannedAt: 0 }))
    expect(bans()).toMatchObject([{ at: seconds(0), logged_at: null, confirmed: 1, until: seconds(600) }])
  })

  it('is another where somebody had asked for the one that a killed daemon lost, or asks for this one', async () => {
    for (const asked of [
      [0, 'user', 'fail2ban'],
      [9, 'fail2ban', 'user'],
    ] as const) {
      const { writer, bans } = await openTempWriter()
      await writer.addPendingActions([pending('ban', { at: seconds(asked[0]) })])
      await writer.ingest(log(ban(1), ban(10)))
      expect(bans()).toMatchObject([
        { at: seconds(1), active: 0, by_kind: asked[1] },
        { at: seconds(10), active: 1, by_kind: asked[2], times: 2 },
      ])
    }
  })

  it('is the one in force where the list cuts its time to the second of one that was lost', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { at: seconds(0) })])
    await writer.ingest(log(ban(0.6), ban(1.9)))
    const listed = { address: pair.address, bannedAt: seconds(1), duration: 600, country: null }
    const list = () => writer.syncActive('sshd', [listed], { asOf: seconds(5), reason: 'unknown' })
    await list()
    await writer.importBans(rows(5, { bannedAt: 2 }))
    expect((await list()).events).toEqual([])
    expect(bans()).toMatchObject([
      { at: seconds(1), active: 0, by_kind: 'user' },
      { at: seconds(2), active: 1, by_kind: 'fail2ban' },
    ])
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

  it('is told once, by the log or by the list of the daemon, and never by the time alone', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    expect(await writer.listOverdueJails(seconds(600))).toEqual([])
    expect(await writer.listOverdueJails(seconds(601))).toEqual(['sshd'])
    expect(bans()).toMatchObject([{ active: 1 }])
    const list = { asOf: seconds(605), reason: 'unknown' } as const
    expect((await writer.syncActive('sshd', [], list)).events).toMatchObject([
      { event: { type: 'ban.removed', at: seconds(600), reason: 'expired' } },
    ])
    expect(await writer.ingest(log(unban(602)))).toEqual([])
    expect(await writer.listOverdueJails(seconds(700))).toEqual([])
  })

  it('has come only when the ban is missing for a while', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    const sync = (asOf: number, ...list: number[]) =>
      writer.syncActive(
        'sshd',
        list.map((bannedAt) => ({ ...pair, bannedAt: seconds(bannedAt), duration: 600, country: null })),
        { asOf: seconds(asOf), reason: 'unknown', patience: 1_500 },
      )
    expect(await sync(100)).toEqual({ events: [], corrected: 0, unsure: 1 })
    expect(await sync(101)).toMatchObject({ events: [], unsure: 1 })
    expect(await sync(102, 0)).toMatchObject({ events: [], unsure: 0 })
    expect(await sync(103)).toMatchObject({ events: [], unsure: 1 })
    expect(await sync(105)).toMatchObject({ events: [{ event: { at: seconds(103), reason: 'unknown' } }] })
    expect(bans()).toMatchObject([{ active: 0, until: seconds(103) }])
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
    expect(await writer.listOverdueJails(Number.MAX_SAFE_INTEGER)).toEqual([])
    expect(bans()).toMatchObject([{ active: 1, until: null, duration: -1 }])
  })

  it('is not known until the record comes where the jail did not say', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest({ events: [{ event: ban(82), country: null, bantime: null }], cursor: null })
    expect(bans()).toMatchObject([{ duration: 0, until: null, active: 1, country: '??' }])
    await writer.importBans(rows(90, { bannedAt: 0 }))
    expect(bans()).toMatchObject([{ duration: 600, until: seconds(600) }])
  })

  it('moves when fail2ban makes a ban longer, to the moment that it names', async () => {
    const { writer, bans } = await openTempWriter()
    const extension = { ...pair, type: 'extend', at: seconds(1), times: 4, duration: 3600 } as const
    await writer.ingest(log(ban(0), { ...extension, until: null }))
    expect(bans()).toMatchObject([{ duration: 3600, until: seconds(3600), times: 4 }])
    await writer.ingest(log({ ...extension, until: seconds(3604) }))
    expect(bans()).toMatchObject([{ duration: 3600, until: seconds(3604), times: 4 }])
  })

  it('is in the past for a record whose time is over, or that a newer ban follows', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(
      rows(2500, { bannedAt: 0 }, { bannedAt: 2000, duration: 6000 }, { bannedAt: 2400 }),
    )
    expect(bans()).toMatchObject([
      { active: 0, end_reason: 'expired', until: seconds(600), times: 1 },
      { active: 0, end_reason: 'unknown', until: seconds(2400), times: 2 },
      { active: 1, end_reason: null, until: seconds(3000), times: 3 },
    ])
  })

  it('leaves the one that an older record of the same address would end', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(2500, { bannedAt: 2400 }))
    await writer.importBans(rows(2500, { bannedAt: 2000, duration: 6000 }))
    expect(bans()).toMatchObject([
      { active: 0, end_reason: 'unknown', until: seconds(2400), times: 1 },
      { active: 1, times: 2 },
    ])
  })
})
