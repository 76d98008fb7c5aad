import { expect, it } from 'vitest'
import { ban, pending, log, pair, seconds, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const now = seconds(20)
const openWithBan = async (until: number) => {
  const temp = await openTempWriter(undefined, () => now)
  await temp.writer.addPendingActions([pending('ban', { until: seconds(until) })])
  await temp.writer.ingest(log(ban(0)))
  return temp
}

it('a ban in force takes another end, ends then, and is told', async () => {
  const { writer, bans } = await openWithBan(60)
  const end = { ...pair, until: seconds(120), duration: 120, isOwn: true, operation: null }
  const { events, count } = await writer.setEnds([end])
  expect(count).toBe(1)
  expect(events).toEqual([
    {
      seq: 2,
      event: { ...pair, type: 'ban.extended', at: now, country: 'DE', until: seconds(120), times: 1 },
    },
  ])
  expect(bans()).toMatchObject([{ active: 1, until: seconds(120), duration: 120, by_name: 'ada', times: 1 }])
  expect(await writer.ingest(log(unban(121)))).toMatchObject([{ event: { at: seconds(120) } }])
})

it('a ban in force becomes permanent', async () => {
  const { writer, bans } = await openWithBan(60)
  await writer.setEnds([{ ...pair, until: null, duration: -1, isOwn: false, operation: null }])
  expect(bans()).toMatchObject([{ active: 1, until: null, duration: -1 }])
})

it('what is not in force is left out, and what ends then already is not told', async () => {
  const { writer, bans } = await openWithBan(60)
  const end = { ...pair, until: seconds(60), duration: 60, isOwn: true, operation: null }
  const others = [
    { ...end, address: '192.0.2.1' },
    { ...end, jail: 'other' },
  ]
  expect(await writer.setEnds([end, ...others])).toEqual({ events: [], count: 1 })
  await writer.ingest(log(unban(61)))
  expect(await writer.setEnds([{ ...end, until: seconds(600) }])).toEqual({ events: [], count: 0 })
  expect(bans()).toMatchObject([{ active: 0, until: seconds(60) }])
})

it('fail2ban’s own end counts where it is earlier than the one that somebody chose, or that one is taken back', async () => {
  const { writer, bans } = await openWithBan(60)
  const list = (duration: number) =>
    writer.syncActive(pair.jail, [{ address: pair.address, bannedAt: seconds(0), duration, country: null }], {
      asOf: now,
      reason: 'unknown',
    })
  await list(-1)
  expect(bans()).toMatchObject([{ until: seconds(60), duration: 60 }])
  await list(30)
  expect(bans()).toMatchObject([{ until: seconds(30), duration: 30 }])
  await list(600)
  expect(bans()).toMatchObject([{ until: seconds(60), duration: 60 }])
  await writer.setEnds([{ ...pair, until: seconds(600), duration: 600, isOwn: false, operation: null }])
  await list(3_600)
  expect(bans()).toMatchObject([{ until: seconds(3_600), duration: 3_600, by_name: 'ada' }])
})

it('a ban that somebody else has changed since keeps its end and its timer', async () => {
  const { writer, bans, sqlite } = await openWithBan(60)
  const timers = () => sqlite.prepare('select operation, ends_at, state from timers').all()
  const id = bans()[0]?.id ?? 0
  const first = pending('ban').operation
  const end = {
    ...pair,
    until: seconds(120),
    duration: 120,
    isOwn: true,
    operation: 'second',
    timer: { operation: 'second', endsAt: seconds(120) },
  }
  await writer.setEnds([end])
  const changed = [{ operation: 'second', ends_at: seconds(120), state: 'armed' }]
  expect(timers()).toEqual(changed)
  const back = { ...end, until: seconds(60), duration: 60, operation: null, timer: null }
  for (const expected of [
    { id, endOperation: first },
    { id: 99, endOperation: 'second' },
  ])
    expect(await writer.setEnds([{ ...back, expected }])).toEqual({ events: [], count: 0 })
  expect(timers()).toEqual(changed)
  const expected = { id, endOperation: 'second' }
  expect(await writer.setEnds([{ ...back, expected }])).toMatchObject({ count: 1 })
  expect(timers()).toEqual([])
  expect(bans()).toMatchObject([{ until: seconds(60) }])
})
