import type { HostEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { ban, log, pair, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

const letGo = (at: number): HostEvent => ({ ...pair, type: 'let_go', at: seconds(at) })
const sync = { asOf: seconds(400), reason: 'gone' } as const

describe('a ban that a jail let go when it stopped', () => {
  it('is in force, and nothing is told of it', async () => {
    const { writer, bans } = await openTempWriter()
    expect(await writer.ingest(log(ban(0), letGo(100)))).toHaveLength(1)
    expect(bans()).toMatchObject([{ active: 1, until: seconds(600) }])
  })

  it('ended then where it does not come back', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0), letGo(100)))
    const [ended] = await writer.syncActive(pair.jail, [], sync)
    expect(ended?.event).toMatchObject({ type: 'ban.removed', at: seconds(100), reason: 'gone' })
    expect(bans()).toMatchObject([{ active: 0, until: seconds(100) }])
  })

  it('ended when it was to end where that has passed', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0), letGo(100)))
    await writer.syncActive(pair.jail, [], { ...sync, asOf: seconds(700) })
    expect(bans()).toMatchObject([{ active: 0, until: seconds(600), end_reason: 'expired' }])
  })

  it('goes on where it is restored, or listed: what ends it later does so later', async () => {
    const listed = { address: pair.address, bannedAt: seconds(0), duration: 600, country: null }
    for (const back of ['restored', 'listed']) {
      const { writer, bans } = await openTempWriter()
      await writer.ingest(log(ban(0), letGo(100)))
      if (back === 'restored') await writer.ingest(log(ban(130, { restored: true })))
      else await writer.syncActive(pair.jail, [listed], sync)
      await writer.syncActive(pair.jail, [], sync)
      expect(bans()).toMatchObject([{ active: 0, until: seconds(400) }])
    }
  })

  it('is another than the one that is made after it', async () => {
    const { writer, bans } = await openTempWriter()
    const stored = await writer.ingest(log(ban(0), letGo(100), ban(300)))
    expect(stored.map(({ event }) => [event.type, event.at])).toEqual([
      ['ban.added', seconds(0)],
      ['ban.removed', seconds(100)],
      ['ban.added', seconds(300)],
    ])
    expect(bans()).toMatchObject([
      { active: 0, until: seconds(100), times: 1 },
      { active: 1, until: seconds(900), times: 2 },
    ])
  })
})
