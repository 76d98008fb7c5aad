import type { StoredEvent } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createServiceDeps } from '../../../test/service-deps.ts'
import { forgetLost, listLost, rememberLost, restoreLost } from './lost-bans.ts'

let seq = 0

const lost = (...addresses: string[]): StoredEvent[] =>
  addresses.map((address) => ({
    seq: ++seq,
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

  it('that were dismissed do not come back when the same losses are looked up again', async () => {
    const { deps, state } = createServiceDeps()
    const first = lost('192.0.2.1', '192.0.2.2')
    await rememberLost(deps, first)
    await forgetLost(deps)
    await rememberLost(deps, [...first, ...lost('192.0.2.3')])
    expect(await listLost(deps)).toEqual([{ jail: 'sshd', address: '192.0.2.3' }])
    expect(state.get().lostBans).toMatchObject({ count: 1 })
  })

  it('come back when they are lost anew', async () => {
    const { deps } = createServiceDeps()
    await rememberLost(deps, lost('192.0.2.1'))
    await forgetLost(deps)
    await rememberLost(deps, lost('192.0.2.1'))
    expect(await listLost(deps)).toEqual([{ jail: 'sshd', address: '192.0.2.1' }])
  })

  it('are all remembered and forgotten where several do so at once', async () => {
    const { deps, state } = createServiceDeps()
    await rememberLost(deps, lost('192.0.2.1', '192.0.2.2'))
    await Promise.all([
      rememberLost(deps, lost('192.0.2.3')),
      forgetLost(deps, [{ jail: 'sshd', address: '192.0.2.1' }]),
      forgetLost(deps, [{ jail: 'sshd', address: '192.0.2.2' }]),
      rememberLost(deps, lost('192.0.2.4')),
    ])
    const left = await listLost(deps)
    expect(left.map(({ address }) => address)).toEqual(['192.0.2.3', '192.0.2.4'])
    expect(state.get().lostBans).toMatchObject({ count: 2 })
  })

  it('of the last run are in the state from the start on', async () => {
    const { deps, state } = createServiceDeps()
    await rememberLost(deps, lost('192.0.2.1'))
    await state.update((current) => ({ ...current, lostBans: null }))
    await restoreLost(deps)
    expect(state.get().lostBans).toMatchObject({ count: 1 })
  })
})
