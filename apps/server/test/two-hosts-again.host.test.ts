import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { bannedIn } from './banned-in.ts'
import { eventually } from './eventually.ts'
import { startTwoHosts } from './two-hosts.ts'

const LOCAL = '45.1.1.1'
const WEB1 = '45.2.2.2'

const bannedBy = async (daemon: PrivateDaemon) => (await bannedIn(daemon, 'app')).toSorted()

describe('two hosts after a restart of BanGUI', () => {
  it('each have their bans, and the failed change of one is offered for rollback there alone', async () => {
    await using at = await startTwoHosts()
    const online = async (api: typeof at.api) => {
      for (const host of ['local', 'web1'])
        await eventually(async () =>
          expect(await api.server.status.query({ host })).toMatchObject({ online: true }),
        )
    }
    await online(at.api)
    await at.api.bans.ban.mutate({ host: 'local', jail: 'app', addresses: [LOCAL] })
    await at.api.bans.ban.mutate({ host: 'web1', jail: 'app', addresses: [WEB1] })
    await at.api.jails.setIdle.mutate({ host: 'local', name: 'app', idle: true })
    await eventually(async () => expect((await at.api.bans.list.query({ host: 'all' })).total).toBe(2))
    await at.api.jails.activate.mutate({ host: 'web1', name: 'bad' })
    await eventually(async () =>
      expect(await at.api.recovery.pending.query({ host: 'web1' })).toMatchObject({ jailName: 'bad' }),
    )

    const api = await at.restart()
    expect(await api.recovery.pending.query({ host: 'web1' })).toMatchObject({
      jailName: 'bad',
      recovered: false,
    })
    expect(await api.recovery.pending.query({ host: 'local' })).toBeNull()
    expect(await api.recovery.rollback.mutate({ host: 'web1' })).toMatchObject({ online: true })
    await online(api)
    await eventually(async () => expect(await bannedBy(at.web1)).toEqual([WEB1]))
    expect(await bannedBy(at.local)).toEqual([LOCAL])
    const banned = async () =>
      (await api.bans.list.query({ host: 'all' })).rows.map((ban) => `${ban.host} ${ban.address}`).toSorted()
    await eventually(async () => expect(await banned()).toEqual([`local ${LOCAL}`, `web1 ${WEB1}`]))
    await eventually(async () => {
      const idle = (await api.jails.list.query({ host: 'all' })).filter((jail) => jail.idle)
      expect(idle.map(({ host, name }) => [host, name])).toEqual([['local', 'app']])
    })
  })
})
