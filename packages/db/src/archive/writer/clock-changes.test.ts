import { describe, expect, it } from 'vitest'
import { ban, log, pair, rows, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const hour = 3_600

/** How many bans the roll-ups count. */
const sum = ({ sqlite }: Awaited<ReturnType<typeof openTempWriter>>) =>
  sqlite.prepare('select sum(bans) from jail_days').pluck().get()

describe('a clock that is set back by an hour', () => {
  it('leaves no ban in force that is ended after it', async () => {
    const at = await openTempWriter()
    await at.writer.ingest(log(ban(0)))
    await at.writer.importBans(rows(1, { bannedAt: 0 }))
    const [ended] = await at.writer.ingest(log(unban(5 - hour)))
    expect(ended?.event).toMatchObject({ type: 'ban.removed', reason: 'unbanned' })
    expect(at.bans()).toMatchObject([{ at: seconds(0), active: 0, until: seconds(0) }])
  })

  it('hides no ban that is made after it, nor its end', async () => {
    const at = await openTempWriter()
    await at.writer.ingest(log(ban(0), unban(10 - hour)))
    const again = await at.writer.ingest(log(ban(20 - hour)))
    expect(again).toMatchObject([{ event: { type: 'ban.added', until: seconds(620 - hour) } }])
    await at.writer.importBans(rows(21 - hour, { bannedAt: 19 - hour, duration: 7_200 }))
    expect(at.bans()).toMatchObject([
      { at: seconds(19 - hour), active: 1, until: seconds(19 + hour), times: 2 },
      { at: seconds(0), active: 0, times: 1 },
    ])
    await at.writer.ingest(log(unban(1_800)))
    expect(at.bans()).toMatchObject([
      { active: 0, until: seconds(1_800), end_reason: 'unbanned' },
      { active: 0 },
    ])
    expect(sum(at)).toBe(2)
  })

  it('makes no second ban of one that a start of the daemon restores', async () => {
    const at = await openTempWriter()
    await at.writer.ingest(log(ban(0)))
    expect(await at.writer.ingest(log(ban(30 - hour, { restored: true })))).toEqual([])
    expect(at.bans()).toMatchObject([{ at: seconds(0), active: 1 }])
  })
})

describe('lines that are older than what the database told', () => {
  it('end no ban that came after them', async () => {
    const at = await openTempWriter()
    await at.writer.importBans(rows(3_700, { bannedAt: 3_600 }))
    await at.writer.ingest(log(unban(10)))
    await at.writer.ingest(log(ban(20), unban(30)))
    expect(at.bans()).toMatchObject([
      { at: seconds(20), active: 0 },
      { at: seconds(3_600), active: 1, times: 2 },
    ])
  })

  it('that are read twice change nothing', async () => {
    const at = await openTempWriter()
    const lines = [ban(0), unban(10), ban(1_000), unban(1_600), ban(3_600)]
    await at.writer.ingest(log(...lines))
    const before = at.bans()
    expect(await at.writer.ingest(log(...lines))).toEqual([])
    expect(at.bans()).toEqual(before)
    expect(before).toMatchObject([
      { active: 0 },
      { end_reason: 'expired' },
      { active: 1, address: pair.address },
    ])
  })
})
