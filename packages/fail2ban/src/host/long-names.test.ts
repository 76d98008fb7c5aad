import { resultOf } from '@bangui/async'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loaded, reloadJail, stageSettings, stageSwitch, startJail, stopJail } from '../../test/changes.ts'
import { createTestHost, runningJails } from '../../test/with-host.ts'

test.each([65, 200, 255])(
  'a jail whose name has %i characters can be acted on like any other',
  async (length) => {
    const name = 'nginx-behind-the-proxy-'.padEnd(length, 'x')
    await using at = await createTestHost({ jails: [{ name: 'app' }] })
    const { host, daemon } = at
    const section = `\n[${name}]\nenabled = true\nfilter = app\nlogpath = ${daemon.folder}/logs/app.log\n`
    await appendFile(join(daemon.configDir, 'jail.conf'), section)
    await daemon.start()
    const apply = async (enabled: boolean) => {
      const change = await stageSwitch(host, name, enabled)
      expect(await host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
    }

    expect(await host.jails.get(name)).toMatchObject({ name, running: true })
    expect(await host.bans.ban(name, ['192.0.2.7', '192.0.2.8'])).toMatchObject({ banned: 2 })
    expect((await host.bans.list(name)).map(({ address }) => address).sort()).toEqual([
      '192.0.2.7',
      '192.0.2.8',
    ])
    expect(await resultOf(host.bans.unban(name, ['192.0.2.7']))).toMatchObject({ unbanned: 1 })
    await host.jails.tune(name, { maxretry: 9, addIgnored: ['192.0.2.9'] })
    expect(await host.jails.listIgnored(name)).toEqual(['192.0.2.9'])
    const settings = await stageSettings(host, name, { bantime: 77 })
    expect(await host.config.apply(settings?.changeId ?? '')).toMatchObject({ applied: true, failure: null })
    expect(await host.jails.getTuning(name)).toMatchObject({ bantime: 77 })
    await host.jails.setIdle(name, true)
    await host.jails.setIdle(name, false)
    expect(await reloadJail(host, name)).toEqual(loaded)

    await apply(false)
    expect(await runningJails(host)).toEqual(['app'])
    await apply(true)
    expect(await runningJails(host)).toEqual(['app', name])
    await stopJail(host, name)
    await startJail(host, name)
    expect(await runningJails(host)).toEqual(['app', name])
  },
)
