import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

describe('the end of a ban', { concurrent: true }, () => {
  it('right after its beginning leaves what caused it in the history', async () => {
    await using day = await createBadDay({ jails: [{ name: 'app', bantime: '1h', maxretry: 3 }] })
    const { api, inForce, history } = await day.start()
    for (const user of ['root', 'admin', 'test']) await day.daemon.logFailure('app', '45.1.1.1', user)
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    expect(await api.bans.unban.mutate({ addresses: ['45.1.1.1'] })).toEqual({ unbanned: 1, absent: 0 })
    await eventually(async () =>
      expect(await history()).toMatchObject([{ active: false, endReason: 'unbanned', attempts: 3 }]),
    )
    const { lines } = await api.history.address.query({ address: '45.1.1.1' })
    expect(lines).toHaveLength(3)
    expect(lines[2]).toContain('test')
  })

  it('that came shortly before its jail stopped, while BanGUI did not run, is known to the second', async () => {
    await using day = await createBadDay()
    const first = await day.start()
    await day.ban('app', '45.1.1.1', '45.2.2.2')
    await eventually(async () => expect(await first.inForce()).toHaveLength(2))
    await first.bangui.kill('SIGTERM')
    const before = Date.now()
    await day.unban('app', '45.1.1.1')
    const after = Date.now()
    await day.daemon.client('reload', '--restart', 'app')
    const { inForce, history, runtime } = await day.start()
    await eventually(async () => expect(await inForce()).toEqual(['45.2.2.2']))
    const row = (await history()).find(({ address }) => address === '45.1.1.1')
    expect(row).toMatchObject({ active: false })
    expect(row?.until).toBeGreaterThanOrEqual(before - 1_000)
    expect(row?.until).toBeLessThanOrEqual(after + 1_000)
    expect(runtime()?.lostBans ?? null).toBeNull()
  })

  it('that came shortly before the daemon stopped, while BanGUI did not run, is emitted as an end', async () => {
    await using day = await createBadDay()
    const first = await day.start()
    await day.ban('app', '45.1.1.1', '45.2.2.2')
    await eventually(async () => expect(await first.inForce()).toHaveLength(2))
    await first.bangui.kill('SIGTERM')
    await day.unban('app', '45.1.1.1')
    const after = Date.now()
    await day.daemon.stop()
    await day.daemon.start()
    const { inForce, history, runtime } = await day.start()
    await eventually(async () => expect(await inForce()).toEqual(['45.2.2.2']))
    const row = (await history()).find(({ address }) => address === '45.1.1.1')
    expect(row).toMatchObject({ active: false, endReason: 'unbanned' })
    expect(row?.until).toBeLessThanOrEqual(after + 1_000)
    expect(runtime()?.lostBans ?? null).toBeNull()
  })
})
