import { describe, expect, it } from 'vitest'
import { ban, pending, log, pair, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const day = 86_400
const restored = (at: number) => {
  const { events } = log(ban(at, { restored: true }))
  return { events: events.map((item) => ({ ...item, bantime: day })), cursor: null }
}

/** A person's ban of eight seconds, in a jail that bans for a day: BanGUI ends it. */
const openWithOwnEnd = async (confirmed: boolean) => {
  const temp = await openTempWriter()
  const { writer, sqlite } = temp
  await writer.addPendingActions([pending('ban', { until: seconds(8) })])
  await writer.ingest(log(ban(0)))
  if (confirmed) await writer.importBans(rows(1, { bannedAt: 0, duration: day, attempts: 0 }))
  const sum = () => sqlite.prepare('select sum(bans) from jail_days').pluck().get()
  return { ...temp, sum }
}

const listed = { address: pair.address, bannedAt: seconds(0), duration: day, country: null }

it.each([
  ['known to the database', true],
  ['known from the log', false],
])(
  'a ban that fail2ban restores after its own end goes on until it is ended: %s',
  async (_known, confirmed) => {
    const { writer, bans, sum } = await openWithOwnEnd(confirmed)
    expect(await writer.ingest(restored(200))).toEqual([])
    expect(bans()).toMatchObject([{ active: 1, by_kind: 'user', duration: 8, until: seconds(8) }])
    await writer.importBans(rows(201, { bannedAt: 0, duration: day, attempts: 0 }))
    const { events } = await writer.syncActive(pair.jail, [listed], { asOf: seconds(202), reason: 'lost' })
    expect(events).toEqual([])
    expect(await writer.listOverdueJails(seconds(203))).toEqual([pair.jail])
    expect(await writer.ingest(log(unban(205)))).toMatchObject([{ event: { reason: 'expired' } }])
    expect(bans()).toMatchObject([
      { at: seconds(0), active: 0, end_reason: 'expired', by_name: 'ada', times: 1 },
    ])
    expect(bans()).toHaveLength(1)
    expect(sum()).toBe(1)
  },
)

it('a ban that the list has after its own end is in force, and due', async () => {
  const { writer, bans } = await openWithOwnEnd(true)
  await writer.ingest(log(unban(8)))
  await writer.ingest(restored(200))
  expect(bans()).toMatchObject([{ active: 0, end_reason: 'expired', until: seconds(8) }])
  await writer.syncActive(pair.jail, [listed], { asOf: seconds(202), reason: 'unknown' })
  expect(bans()).toMatchObject([{ active: 1, by_kind: 'user', until: seconds(8) }])
})

it('a ban that was made meanwhile is another once its record says so', async () => {
  const { writer, bans, sum } = await openWithOwnEnd(true)
  await writer.ingest(log(unban(8)))
  await writer.ingest(restored(200))
  await writer.importBans(rows(201, { bannedAt: 100, duration: day }))
  expect(bans()).toMatchObject([
    { at: seconds(0), active: 0, by_kind: 'user' },
    { at: seconds(100), active: 1, by_kind: 'fail2ban', times: 2 },
  ])
  expect(sum()).toBe(2)
})

it.each([0, 0.2, 0.499, 0.5, 0.7, 0.999])(
  'a ban that was asked for 300 s lasts 300 s, asked for %f s within a second',
  async (fraction) => {
    for (const delay of [0.01, 0.3, 0.9, 2]) {
      const asked = 100 + fraction
      const { writer, bans } = await openTempWriter()
      await writer.addPendingActions([pending('ban', { at: seconds(asked), until: seconds(asked + 300) })])
      await writer.ingest(log(ban(asked + delay)))
      const expected = [{ active: 1, duration: 300, until: seconds(asked + 300) }]
      expect(bans()).toMatchObject(expected)
      const bannedAt = Math.round(asked + delay)
      await writer.importBans(rows(asked + 3, { bannedAt, duration: day, attempts: 0 }))
      await writer.syncActive(pair.jail, [{ ...listed, bannedAt: seconds(bannedAt) }], {
        asOf: seconds(asked + 4),
        reason: 'unknown',
      })
      expect(bans()).toMatchObject(expected)
    }
  },
)

it.each([0, 0.2, 0.499, 0.5, 0.7, 0.999])(
  'and where fail2ban itself was to end it before for a while, %f s within a second',
  async (fraction) => {
    const asked = 100 + fraction
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { at: seconds(asked), until: seconds(asked + 300) })])
    await writer.ingest(log(ban(asked + 0.02)))
    const bannedAt = Math.round(asked + 0.02)
    for (const duration of [60, day])
      await writer.syncActive(pair.jail, [{ ...listed, duration, bannedAt: seconds(bannedAt) }], {
        asOf: seconds(asked + 2),
        reason: 'unknown',
      })
    expect(bans()).toMatchObject([{ active: 1, duration: 300, until: seconds(asked + 300) }])
  },
)

describe('a ban that failures caused while somebody asked for the same', () => {
  const asFail2ban = [
    { active: 1, by_kind: 'fail2ban', by_name: null, reason: null, own_until: null, duration: day },
  ]

  it.each(['record first', 'line first', 'list before the record'])("is fail2ban's: %s", async (order) => {
    const { writer, bans } = await openTempWriter()
    const record = () => writer.importBans(rows(3, { bannedAt: 0, duration: day, attempts: 2 }))
    const list = () => writer.syncActive(pair.jail, [listed], { asOf: seconds(4), reason: 'unknown' })
    if (order === 'record first') await record()
    await writer.addPendingActions([pending('ban', { until: seconds(60), reason: 'scans' })])
    await writer.ingest(log(ban(0.4)))
    if (order === 'list before the record') await list()
    await record()
    await list()
    expect(bans()).toMatchObject(asFail2ban)
    expect(bans()).toMatchObject([{ until: seconds(day) }])
  })
})
