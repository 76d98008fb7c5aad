import { expect, it } from 'vitest'
import { ban, intent, log, pair, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const now = seconds(20)
const openWithBan = async (until: number) => {
  const temp = await openTempWriter(undefined, () => now)
  await temp.writer.addIntents([intent('ban', { until: seconds(until) })])
  await temp.writer.ingest(log(ban(0)))
  return temp
}

it('a ban in force takes another end, ends then, and is told', async () => {
  const { writer, bans } = await openWithBan(60)
  const end = { ...pair, until: seconds(120), duration: 120 }
  expect(await writer.setEnds([end])).toEqual([
    {
      seq: 2,
      event: { ...pair, type: 'ban.extended', at: now, country: 'DE', until: seconds(120), times: 1 },
    },
  ])
  expect(bans()).toMatchObject([{ active: 1, until: seconds(120), duration: 120, by_name: 'ada', times: 1 }])
  expect(await writer.endExpired(seconds(100))).toEqual([])
  expect(await writer.endExpired(seconds(121))).toMatchObject([{ event: { at: seconds(120) } }])
})

it('a ban in force becomes permanent', async () => {
  const { writer, bans } = await openWithBan(60)
  await writer.setEnds([{ ...pair, until: null, duration: -1 }])
  expect(bans()).toMatchObject([{ active: 1, until: null, duration: -1 }])
})

it('what is not in force is left out, and what ends then already is not told', async () => {
  const { writer, bans } = await openWithBan(60)
  const end = { ...pair, until: seconds(60), duration: 60 }
  const others = [
    { ...end, address: '192.0.2.1' },
    { ...end, jail: 'other' },
  ]
  expect(await writer.setEnds([end, ...others])).toEqual([])
  await writer.endExpired(seconds(61))
  expect(await writer.setEnds([{ ...end, until: seconds(600) }])).toEqual([])
  expect(bans()).toMatchObject([{ active: 0, until: seconds(60) }])
})
