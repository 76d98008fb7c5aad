import type { HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { ban, pending, log, pair, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const suspended = (at: number, more: { daemonStops?: boolean } = {}): HostEvent => ({
  ...pair,
  type: 'suspended',
  at: seconds(at),
  ...more,
})
const byAda = (...events: HostEvent[]) => ({
  events: log(...events).events.map((item) => ({ ...item, by: 'ada' })),
  cursor: null,
})
const sync = { asOf: seconds(400), reason: 'unknown' } as const
const end = { by: 'jail', before: seconds(200), lostAt: null } as const
const listed = { address: pair.address, bannedAt: seconds(0), duration: 600, country: null }

describe('a ban whose jail stops', () => {
  it('is not in force any more, with who stopped the jail, and nothing is told of it yet', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    expect(await writer.ingest(byAda(suspended(100)))).toEqual([])
    expect(bans()).toMatchObject([
      { active: 0, until: seconds(100), end_reason: 'jail_stopped', ended_by: 'ada' },
    ])
  })

  it('ended then where it is not restored', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(byAda(ban(0), suspended(100)))
    expect(await writer.endSuspended({ ...end, before: seconds(99) })).toEqual([])
    expect(await writer.endSuspended(end)).toMatchObject([
      { event: { type: 'ban.removed', at: seconds(100), reason: 'jail_stopped', by: 'ada' } },
    ])
    expect(await writer.endSuspended(end)).toEqual([])
    expect((await writer.syncActive(pair.jail, [], sync)).events).toEqual([])
    expect(bans()).toMatchObject([{ active: 0, until: seconds(100), end_reason: 'jail_stopped' }])
  })

  it('goes on where it is restored, or listed, without a word if nothing was told', async () => {
    for (const back of ['restored', 'listed']) {
      const { writer, bans } = await openTempWriter()
      await writer.ingest(byAda(ban(0), suspended(100)))
      if (back === 'restored') expect(await writer.ingest(log(ban(130, { restored: true })))).toEqual([])
      else expect((await writer.syncActive(pair.jail, [listed], sync)).events).toEqual([])
      expect(await writer.endSuspended(end)).toEqual([])
      expect(bans()).toMatchObject([
        { active: 1, until: seconds(600), duration: 600, end_reason: null, ended_by: null },
      ])
    }
  })

  it('is told to be in force again where its end was told', async () => {
    for (const back of ['restored', 'listed']) {
      const { writer } = await openTempWriter()
      await writer.ingest(log(ban(0), suspended(100)))
      await writer.endSuspended(end)
      const events =
        back === 'restored'
          ? await writer.ingest(log(ban(130, { restored: true })))
          : (await writer.syncActive(pair.jail, [listed], sync)).events
      expect(events).toMatchObject([{ event: { ...pair, type: 'ban.added', until: seconds(600) } }])
    }
  })

  it('was ended by whoever had asked for that right before', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    await writer.addPendingActions([pending('unban', { at: seconds(99) })])
    expect(await writer.ingest(log(suspended(100)))).toMatchObject([
      { event: { type: 'ban.removed', reason: 'unbanned', by: 'ada' } },
    ])
    expect(bans()).toMatchObject([{ active: 0, end_reason: 'unbanned', ended_by: 'ada' }])
  })

  it('is another than the one that is made after it', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0), suspended(100), ban(300)))
    expect(bans()).toMatchObject([
      { active: 0, until: seconds(100), times: 1 },
      { active: 1, until: seconds(900), times: 2 },
    ])
  })
})

describe('a ban that the daemon had when it stopped', () => {
  it('is lost where the daemon comes back without it before its time is over', async () => {
    for (const [lostAt, reason] of [
      [seconds(500), 'lost'],
      [seconds(700), 'jail_stopped'],
      [null, 'jail_stopped'],
    ] as const) {
      const { writer } = await openTempWriter()
      await writer.ingest(log(ban(0), suspended(100, { daemonStops: true })))
      expect(await writer.endSuspended({ ...end, lostAt })).toEqual([])
      expect(await writer.endSuspended({ ...end, by: 'daemon', lostAt })).toMatchObject([
        { event: { type: 'ban.removed', at: seconds(100), reason } },
      ])
    }
  })
})
