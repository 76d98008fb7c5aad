import { describe, expect, it } from 'vitest'
import { ban, pending, log, pair, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

/** A ban of ten minutes by a person, ended by hand after 100 s. */
async function openEnded() {
  const temp = await openTempWriter()
  const { writer, sqlite } = temp
  await writer.addPendingActions([pending('ban', { reason: 'scans' })])
  await writer.ingest(log(ban(0), unban(100)))
  const sums = () =>
    sqlite
      .prepare('select (select sum(bans) from jail_days) as days, (select sum(bans) from addresses) as bans')
      .get()
  const putBack = (more: { jail?: string; until?: number | null }) =>
    writer.addPendingActions([
      pending('ban', {
        at: seconds(110),
        until: seconds(600),
        restores: 1,
        by: { kind: 'user', name: 'ada' },
        reason: 'scans',
        ...more,
      }),
    ])
  return { ...temp, sums, putBack }
}

const asItWas = {
  id: 1,
  began_at: seconds(0),
  duration: 600,
  until: seconds(600),
  by_name: 'ada',
  reason: 'scans',
  times: 1,
  active: 1,
  end_reason: null,
}

describe('a ban that is put back after an unban', () => {
  it.each(['line first', 'record first'])('is the one that it was: %s', async (order) => {
    const { writer, bans, sums, putBack } = await openEnded()
    const before = sums()
    await putBack({})
    const record = () => writer.importBans(rows(112, { bannedAt: 111, attempts: 0 }))
    if (order === 'record first') await record()
    expect(await writer.ingest(log(ban(111)))).toMatchObject([
      { event: { type: 'ban.added', until: seconds(600), by: { kind: 'user', name: 'ada' } } },
    ])
    await record()
    const listed = { address: pair.address, bannedAt: seconds(111), duration: 600, country: null }
    await writer.syncActive(pair.jail, [listed], { asOf: seconds(120), reason: 'unknown' })
    expect(bans()).toMatchObject([{ ...asItWas, jail: pair.jail }])
    expect(bans()).toHaveLength(1)
    expect(sums()).toEqual(before)
  })

  it('is not doubled by the record of its beginning, which is read only after it was put back', async () => {
    const { writer, bans, sums, putBack } = await openEnded()
    const before = sums()
    await putBack({})
    await writer.ingest(log(ban(111)))
    await writer.importBans(rows(130, { bannedAt: 0, attempts: 0 }))
    expect(bans()).toMatchObject([{ ...asItWas, at: seconds(111) }])
    expect(bans()).toHaveLength(1)
    expect(sums()).toEqual(before)
  })

  it('continues where fail2ban has it from its beginning again, as after a crash', async () => {
    const { writer, bans, putBack } = await openEnded()
    await putBack({})
    await writer.ingest(log(ban(111)))
    const listed = { address: pair.address, bannedAt: seconds(0), duration: 600, country: null }
    await writer.syncActive(pair.jail, [listed], { asOf: seconds(130), reason: 'unknown' })
    expect(bans().filter(({ active }) => active === 1)).toMatchObject([{ id: 1, by_name: 'ada' }])
    expect(bans()).toHaveLength(1)
  })

  it('is the same also in a jail that bans for longer', async () => {
    const { writer, bans, sums, putBack } = await openEnded()
    const before = sums()
    await putBack({ jail: 'bangui' })
    await writer.ingest(log({ ...ban(111), jail: 'bangui' } as never))
    expect(bans()).toMatchObject([{ ...asItWas, jail: 'bangui' }])
    expect(bans()).toHaveLength(1)
    expect(sums()).toEqual(before)
  })

  it('has the end that its jail has where that comes before', async () => {
    const { writer, bans, putBack } = await openEnded()
    await putBack({ until: null })
    const { events } = log(ban(111))
    await writer.ingest({ events: events.map((item) => ({ ...item, bantime: 60 })), cursor: null })
    expect(bans()).toMatchObject([{ ...asItWas, duration: 171, until: seconds(171) }])
  })

  it('lasts as long as it did, and counts as put back, where it is unbanned and put back within its second', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0), unban(0.1)))
    await writer.addPendingActions([pending('ban', { at: seconds(0.2), until: seconds(600), restores: 1 })])
    await writer.ingest(log(ban(0.3)))
    expect(bans()).toMatchObject([
      { id: 1, at: seconds(0), began_at: seconds(0), active: 1, duration: 600, until: seconds(600) },
    ])
  })

  it('is not the ban that somebody else makes within the second of an unban of it', async () => {
    const { writer, bans, sums, putBack } = await openEnded()
    await putBack({})
    await writer.ingest(log(ban(111), unban(111.1), ban(111.3)))
    expect(bans()).toMatchObject([
      {
        ...asItWas,
        at: seconds(0),
        began_at: null,
        until: seconds(111.1),
        active: 0,
        end_reason: 'unbanned',
      },
      { id: 3, at: seconds(111), began_at: null, by_kind: 'fail2ban', times: 2, active: 1 },
    ])
    expect(sums()).toEqual({ days: 2, bans: 2 })
  })

  it('lasts as long as it was asked for where its line came seconds after that', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.addPendingActions([pending('ban', { at: seconds(0), until: seconds(300) })])
    await writer.ingest(log(ban(4), unban(20)))
    await writer.addPendingActions([pending('ban', { at: seconds(30), until: seconds(300), restores: 1 })])
    await writer.ingest(log(ban(31)))
    expect(bans()).toMatchObject([{ id: 1, active: 1, duration: 300, until: seconds(300) }])
  })
})
