import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stageSettings } from '../../test/changes.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { createLocalHost } from './local-host.ts'

const tuning = { bantime: 3600, findtime: 77, addIgnored: ['192.0.2.1'] }

test('what was tuned stays where it is to be kept over the load of other settings', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.host.jails.tune('app', tuning)
  const change = await stageSettings(at.host, 'app', { maxretry: 9, giveUp: ['findtime'] })
  expect(change?.runtime).toEqual([
    { jail: 'app', key: 'bantime', value: '3600' },
    { jail: 'app', key: 'addignoreip', value: '192.0.2.1' },
  ])
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({
    applied: true,
    output: null,
  })
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 3600, findtime: 600, maxretry: 9 })
  expect(await at.host.jails.listIgnored('app')).toEqual(['192.0.2.1'])
})

/** A client whose first load does what it should and then says that fail2ban refused it. */
async function clientThatFailsOnce({ daemon }: TestHost): Promise<string> {
  const tools = join(daemon.folder, 'bin')
  await mkdir(tools)
  const real = await realpath('/usr/bin/fail2ban-client')
  await symlink(await realpath('/usr/bin/fail2ban-server'), join(tools, 'fail2ban-server'))
  const refuse = `case "$*" in *reload*) mkdir '${tools}/done' 2>/dev/null && { echo refused; exit 255; };; esac`
  const client = join(tools, 'fail2ban-client')
  await writeFile(client, `#!/bin/sh\n${real} "$@" || exit $?\n${refuse}\nexit 0\n`, { mode: 0o755 })
  return client
}

test('a load that fail2ban refuses leaves the jail as it was, with what was tuned in it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await at.host.jails.tune('app', tuning)
  const { socketPath, configDir } = at.daemon
  const client = await clientThatFailsOnce(at)
  const host = createLocalHost({ socketPath, configDir, client, configWrite: 'jails', stateDir: at.stateDir })
  const change = await stageSettings(host, 'app', {
    maxretry: 9,
    findtime: 60,
    addIgnored: ['192.0.2.2'],
  })
  const outcome = await host.config.apply(change?.changeId ?? '')
  expect(outcome).toMatchObject({ applied: false, failure: null, output: expect.stringContaining('refused') })
  expect(await host.jails.getTuning('app')).toEqual({ bantime: 3600, findtime: 77, maxretry: 3 })
  expect(await host.jails.listIgnored('app')).toEqual(['192.0.2.1'])
  await host.close()
})
