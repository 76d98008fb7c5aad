import { addressOfKey } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { ban, log, pair, pending, rows, seconds, start, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const BANTIME = 600

async function openWithTimers() {
  const temp = await openTempWriter()
  const timers = () =>
    temp.sqlite
      .prepare<[], { address: Uint8Array; operation: string; ends_at: number; state: string }>(
        'select address, operation, ends_at, state from timers order by operation',
      )
      .all()
      .map(({ address, operation, ends_at: end, state }) => [addressOfKey(address), operation, end, state])
  const ask = (operation: string, duration: number | null, at = 0) =>
    temp.writer.addPendingActions([pending('ban', { operation, duration, at: seconds(at) })])
  const answer = (operation: string) =>
    temp.writer.answerBans({ operation, jail: pair.jail, already: [pair.address], bantime: BANTIME })
  return { ...temp, timers, ask, answer }
}

describe('the timer of a ban that BanGUI ends', () => {
  it('is set with the pending action, and counts from the line', async () => {
    const { writer, ask, timers, bans } = await openWithTimers()
    await ask('one', 300, 1)
    expect(timers()).toEqual([[pair.address, 'one', seconds(301), 'pending']])
    await writer.ingest(log(ban(5)))
    expect(timers()).toEqual([[pair.address, 'one', seconds(305), 'armed']])
    expect(bans()).toMatchObject([{ until: seconds(305), duration: 300 }])
  })

  it('ends at a moment where a moment was asked for', async () => {
    const { writer, timers } = await openWithTimers()
    await writer.addPendingActions([pending('ban', { operation: 'one', until: seconds(300) })])
    await writer.ingest(log(ban(5)))
    expect(timers()).toEqual([[pair.address, 'one', seconds(300), 'armed']])
  })

  it('replaces those that were set for the pair before, and is replaced by a ban without one', async () => {
    const { writer, ask, timers } = await openWithTimers()
    await ask('one', 300)
    await writer.ingest(log(ban(5), unban(20)))
    expect(timers()).toEqual([])
    await ask('two', 100, 30)
    await writer.ingest(log(ban(31)))
    await ask('three', null, 40)
    expect(timers()).toEqual([[pair.address, 'two', seconds(131), 'armed']])
    await writer.ingest(log(ban(41)))
    expect(timers()).toEqual([])
  })

  it('goes with the end of the ban, and not with that of an earlier one', async () => {
    const { writer, ask, timers } = await openWithTimers()
    await writer.ingest(log(ban(0)))
    await ask('one', 300, 10)
    await writer.ingest(log(unban(11)))
    expect(timers()).toEqual([[pair.address, 'one', seconds(310), 'pending']])
    await writer.ingest(log(ban(12)))
    await writer.syncActive(pair.jail, [], { asOf: seconds(50), reason: 'unknown' })
    expect(timers()).toEqual([])
  })

  it('goes with a ban of fail2ban that takes its place', async () => {
    const { writer, ask, timers } = await openWithTimers()
    await ask('one', 300)
    await writer.ingest(log(ban(1)))
    await writer.ingest(log({ type: 'suspended', ...pair, daemonStops: false, at: seconds(10) }, ban(20)))
    expect(timers()).toEqual([])
  })

  it('goes with its pending action, and where failures had caused the ban', async () => {
    const { writer, ask, timers } = await openWithTimers()
    await ask('one', 300)
    await writer.removePendingActions('one', { kind: 'ban', pairs: [pair] })
    expect(timers()).toEqual([])
    await ask('two', 300)
    await writer.ingest(log(ban(1)))
    await writer.importBans(rows(2, { bannedAt: 1, attempts: 5 }))
    expect(timers()).toEqual([])
  })

  it('is stored with its pending action or not at all', async () => {
    const { path, ask, timers, sqlite } = await openWithTimers()
    const { default: Sqlite } = await import('better-sqlite3')
    const other = new Sqlite(path)
    other.exec(`create trigger broken before insert on timers begin select raise(abort, 'broken'); end`)
    other.close()
    await expect(ask('one', 300)).rejects.toThrow('broken')
    expect(timers()).toEqual([])
    expect(sqlite.prepare('select count(*) from pending_actions').pluck().get()).toBe(0)
  })
})

describe('an address that was banned before', () => {
  it('ends as was asked for last, and keeps its author and beginning', async () => {
    const { writer, ask, answer, timers, bans } = await openWithTimers()
    await writer.addPendingActions([
      pending('ban', { operation: 'one', duration: 15, by: { kind: 'user', name: 'ben' } }),
    ])
    await writer.ingest(log(ban(0)))
    await ask('two', 60, 5)
    expect(await answer('two')).toMatchObject([{ event: { type: 'ban.extended', until: seconds(65) } }])
    expect(timers()).toEqual([[pair.address, 'two', seconds(65), 'armed']])
    expect(bans()).toMatchObject([{ by_name: 'ben', at: start, until: seconds(65), duration: 65 }])
    await ask('three', null, 6)
    expect(await answer('three')).toMatchObject([{ event: { until: seconds(BANTIME) } }])
    expect(timers()).toEqual([])
    expect(bans()).toMatchObject([{ by_name: 'ben', until: seconds(BANTIME), duration: BANTIME }])
  })

  it('becomes permanent where its jail bans for ever', async () => {
    const { writer, ask, bans } = await openWithTimers()
    await ask('one', 60)
    await writer.ingest(log(ban(0)))
    await ask('two', null, 5)
    await writer.answerBans({ operation: 'two', jail: pair.jail, already: [pair.address], bantime: -1 })
    expect(bans()).toMatchObject([{ active: 1, until: null, duration: -1 }])
  })

  it('ends when fail2ban ends it, where that is earlier or nobody wants another end any more', async () => {
    const { writer, ask, answer, bans } = await openWithTimers()
    await ask('one', 60)
    await writer.ingest(log(ban(0)))
    const list = (duration: number) =>
      writer.syncActive(
        pair.jail,
        [{ address: pair.address, bannedAt: seconds(0), duration, country: null }],
        { asOf: seconds(20), reason: 'unknown' },
      )
    await list(-1)
    expect(bans()).toMatchObject([{ until: seconds(60), duration: 60 }])
    await list(30)
    expect(bans()).toMatchObject([{ until: seconds(30), duration: 30 }])
    await list(600)
    expect(bans()).toMatchObject([{ until: seconds(60), duration: 60 }])
    await ask('two', null, 21)
    await answer('two')
    await list(3_600)
    expect(bans()).toMatchObject([{ until: seconds(3_600), duration: 3_600, by_name: 'ada' }])
  })

  it('and was restored by BanGUI ends with its jail where nobody wants another end', async () => {
    const { writer, ask, answer, bans, timers } = await openWithTimers()
    await writer.ingest(log(ban(0), unban(100)))
    await writer.addPendingActions([
      pending('ban', {
        operation: 'undo',
        by: { kind: 'fail2ban', name: null },
        until: seconds(300),
        restores: 1,
        at: seconds(110),
      }),
    ])
    await writer.ingest(log(ban(111)))
    expect(timers()).toEqual([[pair.address, 'undo', seconds(300), 'armed']])
    await ask('two', null, 120)
    await answer('two')
    expect(bans()).toMatchObject([{ at: seconds(111), until: seconds(111 + BANTIME) }])
    expect(timers()).toEqual([])
  })

  it('says nothing where it ends then already', async () => {
    const { writer, ask, answer } = await openWithTimers()
    await ask('one', 60)
    await writer.ingest(log(ban(0)))
    await writer.addPendingActions([pending('ban', { operation: 'two', until: seconds(60), at: seconds(5) })])
    expect(await answer('two')).toEqual([])
  })

  it('keeps its length where it is fail2ban’s own', async () => {
    const { writer, ask, answer, timers, bans } = await openWithTimers()
    await writer.ingest(log(ban(0)))
    await ask('one', 60, 5)
    expect(await answer('one')).toEqual([])
    expect(timers()).toEqual([])
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban', until: seconds(600) }])
  })

  it('ends as somebody asked for meanwhile, where an undo of an unban finds it banned', async () => {
    const { writer, ask, answer, timers, bans } = await openWithTimers()
    await writer.ingest(log(ban(0), unban(100)))
    await ask('mine', 5, 110)
    await writer.ingest(log(ban(111)))
    await writer.addPendingActions([
      pending('ban', { operation: 'undo', until: seconds(300), restores: 1, at: seconds(112) }),
    ])
    expect(await answer('undo')).toEqual([])
    expect(bans()).toMatchObject([{ active: 0 }, { active: 1, until: seconds(116), operation_id: 'mine' }])
    expect(timers()).toEqual([[pair.address, 'mine', seconds(116), 'armed']])
  })

  it('keeps the timer of a ban that the same undo restored in the same jail', async () => {
    const { writer, answer, timers } = await openWithTimers()
    await writer.ingest(log(ban(0), unban(100)))
    const undo = { operation: 'undo', restores: 1, at: seconds(110) }
    await writer.addPendingActions([pending('ban', { ...undo, until: seconds(300) })])
    await writer.ingest(log(ban(111)))
    await writer.addPendingActions([pending('ban', { ...undo, until: seconds(900), at: seconds(112) })])
    await answer('undo')
    expect(timers()).toEqual([[pair.address, 'undo', seconds(300), 'armed']])
  })

  it('is nobody’s next time: its action is done', async () => {
    const { writer, ask, answer, bans } = await openWithTimers()
    await writer.ingest(log(ban(0)))
    await ask('one', null, 5)
    await answer('one')
    await writer.ingest(log(unban(9), ban(20)))
    expect(bans().map(({ by_kind: kind }) => kind)).toEqual(['fail2ban', 'fail2ban'])
  })

  it('is not of who asked for it, where the line of another ban came after the request', async () => {
    const { writer, ask, answer, bans, timers } = await openWithTimers()
    await ask('one', 60, 5)
    await writer.ingest(log(ban(6)))
    expect(bans()).toMatchObject([{ by_name: 'ada' }])
    await answer('one')
    expect(bans()).toMatchObject([{ by_kind: 'fail2ban', operation_id: null }])
    expect(timers()).toEqual([])
  })
})
