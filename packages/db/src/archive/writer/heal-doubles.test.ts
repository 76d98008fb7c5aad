import { describe, expect, it, vi } from 'vitest'
import { ban, pending, log, pair, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const quarter = 900
const hour = 3_600

/** The sums that are kept, and what they are sums of. */
function sums({ sqlite }: Awaited<ReturnType<typeof openTempWriter>>) {
  const one = (sql: string) => sqlite.prepare(sql).raw().get()
  return [
    one('select sum(bans), sum(new_addresses) from jail_hours'),
    one('select sum(bans), sum(new_addresses) from jail_days'),
    one('select sum(bans), (select count(*) from addresses) from country_days'),
    one('select bans, 1 from addresses'),
  ]
}

/** An archive in which a line was read in a zone so many seconds away from its own, as it was opened again later. */
async function withWrongLine(wrongBy: number, { now = 60 }: { readonly now?: number } = {}) {
  const before = await openTempWriter(undefined, () => seconds(now))
  await before.writer.ingest(log(ban(wrongBy + 1)))
  await before.writer.importBans(rows(3, { bannedAt: 0 }))
  return { before, again: () => openTempWriter(before.path, () => seconds(now)) }
}

describe('a ban that is there twice because its line was read in a wrong zone', () => {
  it.each([
    ['east', 22 * quarter],
    ['west', -20 * quarter],
    ['a little east', quarter],
    ['far west', -26 * hour],
  ])('is one after the next start, at its time and in force: %s', async (_, wrongBy) => {
    const { before, again } = await withWrongLine(wrongBy)
    expect(before.bans()).toHaveLength(2)
    const at = await again()
    expect(await at.writer.healDoubles()).toBe(1)
    expect(at.bans()).toMatchObject([
      {
        at: seconds(0),
        logged_at: seconds(1),
        confirmed: 1,
        active: 1,
        until: seconds(600),
        times: 1,
        end_reason: null,
      },
    ])
    expect(sums(at)).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    expect(await at.writer.healDoubles()).toBe(0)
  })

  it('is one while BanGUI runs, a minute after its record could have come', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const at = await openTempWriter(undefined, () => seconds(60))
    await at.writer.healDoubles()
    await at.writer.ingest(log(ban(hour)))
    await at.writer.importBans(rows(3, { bannedAt: 0 }))
    const healed: number[] = []
    for (let minute = 0; minute < 3; minute++) {
      healed.push(await at.writer.healDoubles())
      vi.advanceTimersByTime(60_000)
    }
    vi.useRealTimers()
    expect(healed).toEqual([0, 0, 1])
    expect(at.bans()).toMatchObject([{ at: seconds(0), active: 1 }])
  })

  it('is over where its time is over by now', async () => {
    const { again } = await withWrongLine(22 * quarter, { now: 2 * hour })
    const at = await again()
    await at.writer.healDoubles()
    expect(at.bans()).toMatchObject([{ active: 0, end_reason: 'expired', until: seconds(600) }])
  })

  it('keeps who banned, why and until when', async () => {
    const before = await openTempWriter(undefined, () => seconds(60))
    const until = seconds(22 * quarter + 300)
    await before.writer.addPendingActions([
      pending('ban', { reason: 'noise', until, at: seconds(22 * quarter) }),
    ])
    await before.writer.ingest(log(ban(22 * quarter)))
    await before.writer.importBans(rows(3, { bannedAt: 0 }))
    const at = await openTempWriter(before.path, () => seconds(60))
    await at.writer.healDoubles()
    expect(at.bans()).toMatchObject([
      { at: seconds(0), active: 1, until: seconds(300), by_kind: 'user', by_name: 'ada', reason: 'noise' },
    ])
  })

  it('has ended where a line said so', async () => {
    const before = await openTempWriter(undefined, () => seconds(60))
    await before.writer.ingest(log(ban(22 * quarter)))
    await before.writer.importBans(rows(3, { bannedAt: 0 }))
    await before.writer.ingest(log(unban(22 * quarter + 30)))
    const at = await openTempWriter(before.path, () => seconds(60))
    await at.writer.healDoubles()
    expect(at.bans()).toMatchObject([{ active: 0, end_reason: 'unbanned', until: seconds(30) }])
  })

  it('leaves later bans of the address with their count', async () => {
    const { again } = await withWrongLine(-20 * quarter)
    const at = await again()
    await at.writer.ingest(log(unban(100), ban(200)))
    expect(at.bans().at(-1)).toMatchObject({ times: 3 })
    await at.writer.healDoubles()
    expect(at.bans()).toMatchObject([{ times: 1 }, { times: 2 }])
  })
})

describe('two bans of an address', () => {
  it.each([
    ['that both have their lines', [ban(0), unban(600), ban(hour + 1)], [{ bannedAt: 0 }]],
    ['that are no quarter of an hour apart', [ban(hour + 100)], [{ bannedAt: 0 }]],
    ['that are further apart than two zones can be', [ban(28 * hour)], [{ bannedAt: 0 }]],
    ['that both have their records', [ban(hour)], [{ bannedAt: 0 }, { bannedAt: hour }]],
  ])('%s stay two', async (_, lines, records) => {
    const before = await openTempWriter()
    await before.writer.ingest(log(...lines))
    await before.writer.importBans(rows(2 * hour, ...records))
    const at = await openTempWriter(before.path)
    expect(await at.writer.healDoubles()).toBe(0)
    expect(at.bans().map(({ address }) => address)).toEqual([pair.address, pair.address])
  })
})
