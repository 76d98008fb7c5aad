import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { bannedIn } from './banned-in.ts'
import { eventually } from './eventually.ts'
import { startTwoHosts } from './two-hosts.ts'

const LOCAL = '45.1.1.1'
const WEB1 = '45.2.2.2'

const bannedBy = async (daemon: PrivateDaemon) => (await bannedIn(daemon, 'app')).toSorted()

describe('two hosts after a restart of BanGUI', () => {
  it('each have their bans and what every host allows, and the failed change of one is offered for rollback there alone', async () => {
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
    const ENTRY = '2001:db8:77::/48'
    const ignoredOn = async (daemon: PrivateDaemon, jail: string) =>
      JSON.stringify(await daemon.ask('get', jail, 'ignoreip'))
    const everywhere = async (isThere: boolean) => {
      for (const [daemon, own] of [
        [at.local, 'only-local'],
        [at.web1, 'only-web1'],
      ] as const)
        for (const jail of ['app', own])
          await eventually(async () => expect((await ignoredOn(daemon, jail)).includes(ENTRY)).toBe(isThere))
    }
    await at.api.ignores.add.mutate({ host: 'local', address: ENTRY, everyHost: true })
    await everywhere(true)
    await at.api.jails.activate.mutate({ host: 'web1', name: 'bad' })
    await eventually(async () =>
      expect(await at.api.recovery.pending.query({ host: 'web1' })).toMatchObject({ jailName: 'bad' }),
    )

    const api = await at.restart()
    const listedOn = async (host: string) =>
      (await api.ignores.list.query({ host })).map(({ address }) => address)
    expect(await api.recovery.pending.query({ host: 'web1' })).toMatchObject({
      jailName: 'bad',
      recovered: false,
    })
    expect(await api.recovery.pending.query({ host: 'local' })).toBeNull()
    expect(await api.recovery.rollback.mutate({ host: 'web1' })).toMatchObject({ online: true })
    await online(api)
    await eventually(async () => expect(await bannedBy(at.web1)).toEqual([WEB1]))
    expect(await bannedBy(at.local)).toEqual([LOCAL])
    expect(await api.ignores.status.query({ host: 'web1' })).toMatchObject({ hosts: 2 })
    await everywhere(true)
    const entries = await api.ignores.list.query({ host: 'web1' })
    const entry = entries.find(({ address }) => address === ENTRY)
    await api.ignores.remove.mutate({ host: 'web1', id: entry?.id ?? 0 })
    await everywhere(false)
    for (const host of ['local', 'web1'])
      await eventually(async () => expect(await listedOn(host)).not.toContain(ENTRY))
    const banned = async () =>
      (await api.bans.list.query({ host: 'all' })).rows.map((ban) => `${ban.host} ${ban.address}`).toSorted()
    await eventually(async () => expect(await banned()).toEqual([`local ${LOCAL}`, `web1 ${WEB1}`]))
    await eventually(async () => {
      const idle = (await api.jails.list.query({ host: 'all' })).filter((jail) => jail.idle)
      expect(idle.map(({ host, name }) => [host, name])).toEqual([['local', 'app']])
    })
  })
})
