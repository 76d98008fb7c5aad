import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

/** A real daemon with bans of its own, and BanGUI on it. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const jails = ['app', 'web'].map((name) => ({ name, bantime: '1h', options: { ignoreip: '8.8.4.0/24' } }))
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  await daemon.start()
  await daemon.ask('set', 'app', 'banip', '8.8.8.8', '2003:c0::1')
  await daemon.ask('set', 'web', 'banip', '8.8.8.8')
  const bangui = stack.use(await startBangui({ ...environmentOf(daemon), ...unattended }, { program: wired }))
  const { api, cookie } = await signIn(bangui.url)
  const exported = async (input: object) => {
    const query = encodeURIComponent(JSON.stringify(input))
    const response = await fetch(`${bangui.url}api/export/history.csv?input=${query}`, {
      headers: { cookie },
    })
    return { status: response.status, text: await response.text() }
  }
  return { daemon, api, exported, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const live = { source: 'live' } as const

describe("fail2ban's own database as the source", () => {
  it('has its bans with their countries, numbers and export', async () => {
    await using at = await setUp()
    const { api } = at
    const list = (input: object) => api.history.list.query({ ...live, ...input })
    await eventually(async () => expect((await list({})).rows).toHaveLength(3))
    expect((await list({ search: 'jail:app DE' })).rows).toMatchObject([
      { address: '2003:c0::1', jail: 'app', country: 'DE', duration: 3_600, active: true, id: null },
    ])
    expect((await list({ search: '8.8.' })).rows.map(({ jail }) => jail).toSorted()).toEqual(['app', 'web'])

    const span = { ...live, range: '24h' } as const
    expect(await api.stats.overview.query(span)).toMatchObject({ bans: 3, addresses: 2, newAddresses: 2 })
    expect(await api.stats.byJail.query(span)).toMatchObject([
      { key: 'app', bans: 2 },
      { key: 'web', bans: 1 },
    ])
    expect(await api.stats.byCountry.query(span)).toMatchObject([
      { key: 'US', bans: 2 },
      { key: 'DE', bans: 1 },
    ])
    const { bans: since } = await api.stats.recorded.query(live)
    // `dbpurgeage` is a day
    expect(Math.abs(Date.now() - 86_400_000 - since)).toBeLessThan(60_000)
    expect(await api.stats.overview.query({ ...live, range: '30d' })).toMatchObject({ previous: null })
    const trend = await api.stats.trend.query({ ...span, buckets: 24 })
    expect(trend.series.map(({ points }) => points.reduce((sum, point) => sum + point, 0))).toEqual([2, 1])
    expect((await at.exported(live)).text.trimEnd().split('\r\n')).toHaveLength(4)
  })

  it('says why it cannot be read; the archive is there all the same', async () => {
    await using at = await setUp()
    await eventually(async () => expect((await at.api.history.list.query({})).rows).toHaveLength(3))
    await rm(join(at.daemon.folder, 'fail2ban.sqlite3'))
    await expect(at.api.history.list.query(live)).rejects.toMatchObject({
      data: { reason: 'database_of_daemon_unavailable' },
    })
    expect(await at.exported(live)).toMatchObject({ status: 503 })
    expect((await at.api.history.list.query({})).rows).toHaveLength(3)
  })
})

it('an address has what both know', async () => {
  await using at = await setUp()
  await eventually(async () => {
    const detail = await at.api.history.address.query({ address: '8.8.8.8' })
    expect(detail).toMatchObject({ country: 'US', totals: { bans: 2, jails: 2 }, ignoredBy: [] })
    expect(detail.active.map(({ jail }) => jail).toSorted()).toEqual(['app', 'web'])
  })
  expect(await at.api.history.address.query({ address: '8.8.4.4' })).toMatchObject({
    ignoredBy: ['app', 'web'],
  })
})
