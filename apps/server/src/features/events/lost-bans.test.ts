import type { StoredEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { forgetLost, listLost, rememberLost, restoreLost } from './lost-bans.ts'

const lost = (...addresses: string[]): StoredEvent[] =>
  addresses.map((address, index) => ({
    seq: index + 1,
    event: { type: 'ban.removed', at: 1, jail: 'sshd', address, reason: 'lost' },
  }))

describe('lost bans', () => {
  it('are counted once, however often they were lost', async () => {
    const { deps, state } = createServiceDeps()
    await rememberLost(deps, lost('192.0.2.1', '192.0.2.2'))
    await rememberLost(deps, lost('192.0.2.2', '192.0.2.3'))
    expect(state.get().lostBans).toMatchObject({ count: 3, jails: [{ jail: 'sshd', count: 3 }] })
  })

  it('that came while others were banned again stay', async () => {
    const { deps, state } = createServiceDeps()
    await rememberLost(deps, lost('192.0.2.1'))
    const handled = await listLost(deps)
    await rememberLost(deps, lost('192.0.2.2'))
    await forgetLost(deps, handled)
    expect(await listLost(deps)).toEqual([{ jail: 'sshd', address: '192.0.2.2' }])
    expect(state.get().lostBans).toMatchObject({ count: 1 })
  })

  it.each(['{"at":1,"bans":[{', '{"at":"x"}', 'null'])('are none where %s is kept', async (text) => {
    const { deps, archive, state } = createServiceDeps()
    archive.positions.set('lost_bans', text)
    await restoreLost(deps)
    expect(await listLost(deps)).toEqual([])
    await rememberLost(deps, lost('192.0.2.1'))
    expect(state.get().lostBans).toMatchObject({ count: 1 })
  })
})
