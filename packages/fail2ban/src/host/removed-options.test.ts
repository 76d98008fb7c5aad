import { chmod, mkdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultOf } from '@bangui/async'
import { expect, it } from 'vitest'
import { ban, bannedIn, createTestHost, type TestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'
import { createLocalHost } from './local-host.ts'

const title = 'A change of a test'

const set = (name: string, key: string, value: string): ConfigEdit => ({
  kind: 'set',
  scope: 'jail',
  name,
  key,
  value,
})

// a reload leaves each of them as it is where the files do not name it any more
const edits = [
  set('app', 'bantime.increment', 'true'),
  set('app', 'bantime.maxtime', '1h'),
  set('app', 'prefregex', '^ <F-CONTENT>.+</F-CONTENT>$'),
]

const inForce = ({ daemon }: TestHost) =>
  Promise.all(
    ['bantime.increment', 'bantime.maxtime', 'prefregex'].map(async (key) =>
      String(await daemon.ask('get', 'app', key)),
    ),
  )

async function apply(at: TestHost, wanted: readonly ConfigEdit[]): Promise<string> {
  const change = await at.host.config.stage({ edits: [...wanted], title })
  const id = change?.changeId ?? ''
  expect(await at.host.config.apply(id)).toMatchObject({ applied: true, failure: null })
  return id
}

it('options that a change takes back are no longer in force, and the bans are kept', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const before = await inForce(at)
  await ban(at, 'app', '192.0.2.1')
  const id = await apply(at, edits)
  const changed = await inForce(at)
  expect(changed.filter((value) => before.includes(value))).toEqual([])
  const revert: ConfigEdit[] = [{ kind: 'revert', changeId: id }]
  expect(await at.host.config.preview({ edits: revert })).toMatchObject({
    load: [{ jail: 'app', how: 'restart' }],
    bansInterrupted: 1,
  })
  await apply(at, revert)
  expect(await inForce(at)).toEqual(before)
  expect(await bannedIn(at, 'app')).toEqual(['192.0.2.1'])
})

it('options that a rollback takes back are no longer in force', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const before = await inForce(at)
  await ban(at, 'app', '192.0.2.1')
  const changeId = await apply(at, edits)
  const rollback = at.host.config.rollback({ changeId, jailName: null, missingJails: [] })
  expect(await resultOf(rollback)).toMatchObject({ online: true })
  expect(await inForce(at)).toEqual(before)
  expect(await bannedIn(at, 'app')).toEqual(['192.0.2.1'])
})

it('options of a change that is undone because a jail was refused are no longer in force', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const before = await inForce(at)
  await ban(at, 'app', '192.0.2.1')
  const tools = join(at.daemon.folder, 'bin')
  await mkdir(tools)
  const real = await realpath('/usr/bin/fail2ban-client')
  await symlink(await realpath('/usr/bin/fail2ban-server'), join(tools, 'fail2ban-server'))
  const client = join(tools, 'fail2ban-client')
  const refuse = `case "$*" in *"--if-exists web") mkdir '${tools}/once' 2>/dev/null && { echo 'Not now'; exit 255; };; esac`
  await writeFile(client, `#!/bin/sh\n${refuse}\nexec ${real} "$@"\n`)
  await chmod(client, 0o755)
  const { socketPath, configDir } = at.daemon
  const options = { socketPath, configDir, client, stateDir: at.stateDir }
  const host = createLocalHost({ ...options, configWrite: 'jails' })
  const change = await host.config.stage({ edits: [...edits, set('web', 'bantime', '2h')], title })
  expect(change?.load).toEqual([
    { jail: 'app', how: 'reload' },
    { jail: 'web', how: 'reload' },
  ])
  const outcome = await host.config.apply(change?.changeId ?? '')
  await host.close()
  expect(outcome).toMatchObject({ applied: false, failure: null, output: expect.stringContaining('Not now') })
  expect(await inForce(at)).toEqual(before)
  expect(await bannedIn(at, 'app')).toEqual(['192.0.2.1'])
})
