import { expect, it } from 'vitest'
import { ban, log, pair, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const listed = (bannedAt: number) => ({
  address: pair.address,
  bannedAt: seconds(bannedAt),
  duration: 600,
  country: null,
})

it('a ban that ended after the list was taken is not put in force again by it', async () => {
  const { writer, bans } = await openTempWriter()
  await writer.ingest(log(ban(1), unban(50)))
  expect(
    (await writer.syncActive('sshd', [listed(0)], { asOf: seconds(40), reason: 'unknown' })).events,
  ).toEqual([])
  expect(bans()).toMatchObject([{ active: 0, end_reason: 'unbanned', until: seconds(50) }])
})

it('a ban that another followed after the list was taken is not put in force again by it', async () => {
  const { writer, bans } = await openTempWriter()
  await writer.ingest(log(ban(1), unban(20), ban(30)))
  expect(
    (await writer.syncActive('sshd', [listed(0)], { asOf: seconds(25), reason: 'unknown' })).events,
  ).toEqual([])
  expect(bans()).toMatchObject([
    { active: 0, end_reason: 'unbanned', until: seconds(20) },
    { active: 1, logged_at: seconds(30) },
  ])
})

it('a ban that began after the list was taken is not ended by it', async () => {
  const { writer, bans } = await openTempWriter()
  await writer.ingest(log(ban(41)))
  expect((await writer.syncActive('sshd', [], { asOf: seconds(40), reason: 'unknown' })).events).toEqual([])
  expect(bans()).toMatchObject([{ active: 1 }])
})

it('a ban for the same failures as one that has ended begins with them, and ends as the list says', async () => {
  const { writer, bans } = await openTempWriter()
  await writer.ingest(log(ban(0), unban(4), ban(11)))
  for (const asOf of [10, 15, 20]) {
    const { events } = await writer.syncActive('sshd', [listed(0)], {
      asOf: seconds(asOf),
      reason: 'unknown',
    })
    expect(events).toEqual([])
    const at = asOf < 11 ? seconds(11) : seconds(0) + 1
    expect(bans()).toMatchObject([
      { at: seconds(0), active: 0, end_reason: 'unbanned', until: seconds(4), times: 1 },
      { at, active: 1, duration: 600, until: at + 600_000, times: 2 },
    ])
  }
  expect(await writer.ingest(log(unban(599)))).toMatchObject([{ event: { reason: 'expired' } }])
})

it('a ban that the daemon has again after a later one was lost is in force again', async () => {
  const { writer, bans } = await openTempWriter()
  await writer.importBans(rows(25, { bannedAt: 0 }, { bannedAt: 20 }))
  const list = (asOf: number) =>
    writer.syncActive('sshd', [listed(0)], { asOf: seconds(asOf), reason: 'unknown', patience: 1_000 })
  await list(15)
  expect(bans()).toMatchObject([{ active: 0 }, { active: 1 }])
  for (const asOf of [30, 35, 40]) await list(asOf)
  expect(bans()).toMatchObject([
    { at: seconds(0), active: 1, until: seconds(600) },
    { at: seconds(20), active: 0, end_reason: 'unknown' },
  ])
})

it('a list of a daemon that restores its bans has the ends of those that both have, and changes nothing else', async () => {
  const { writer, bans } = await openTempWriter()
  const other = { address: '203.0.113.8' }
  await writer.importBans(rows(25, { bannedAt: 0, duration: 3_600 }, { ...other, bannedAt: 20 }))
  const list = [listed(0), { ...listed(0), address: '203.0.113.9' }]
  const options = { asOf: seconds(40), reason: 'unknown', onlyEnds: true } as const
  expect(await writer.syncActive('sshd', list, options)).toEqual({ events: [], corrected: 1, unsure: 0 })
  expect(bans()).toMatchObject([
    { active: 1, duration: 600, until: seconds(600) },
    { active: 1, until: seconds(620) },
  ])
})
