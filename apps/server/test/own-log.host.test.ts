import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

const failregex = String.raw`^.*fail2ban\.actions\s+\[\d+\]: NOTICE\s+\[(?!again\])[^\]]*\]\s+Ban <HOST>\s*$`

describe('a jail that reads the log of fail2ban itself', () => {
  it('adds nothing to the failures, and its own are marked as such', async () => {
    await using day = await createBadDay({
      jails: [{ name: 'app', maxretry: 3, bantime: '1h' }],
      prepare: async (daemon) => {
        await writeFile(daemon.logfile, '')
        await daemon.addJail({ name: 'again', maxretry: 9, logPath: daemon.logfile, failregex })
      },
    })
    const { api, runtime } = await day.start()
    await eventually(async () => {
      const jails = await api.jails.list.query()
      expect(jails.find(({ name }) => name === 'again')).toMatchObject({ running: true, readsOwnLog: true })
    })
    expect(runtime()?.serverStatus.online).toBe(true)
    for (const address of ['45.1.1.1', '45.1.1.2'])
      for (let failure = 0; failure < 3; failure += 1) await day.daemon.logFailure('app', address)
    await eventually(async () => {
      const byJail = await api.stats.byJail.query({ range: '24h' })
      expect(byJail.find(({ key }) => key === 'app')).toMatchObject({ bans: 2, failures: 6 })
      expect(byJail.find(({ key }) => key === 'again')).toMatchObject({ bans: 0, failures: 0, echoes: 2 })
    })
    expect(await api.stats.overview.query({ range: '24h' })).toMatchObject({ bans: 2, failures: 6 })
    const trend = await api.stats.trend.query({ range: '24h', measure: 'failures' })
    expect(trend.series.map(({ jail }) => jail)).toEqual(['app'])
    const detail = await api.history.address.query({ address: '45.1.1.1' })
    expect(detail.failures.map(({ jail }) => jail)).toEqual(['app', 'app', 'app'])
    const failures = await api.history.events.query({ types: ['failure.found'] })
    const echoes = failures.filter(({ event }) => event.type === 'failure.found' && event.echo)
    expect(echoes).toHaveLength(2)
    for (const { event } of echoes) expect(event).toMatchObject({ jail: 'again' })
  })
})
