import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'

const title = 'A change of a test'

const ownFile = ({ daemon }: TestHost) => join(daemon.configDir, 'jail.d', 'zz-bangui.local')

const textOf = (at: TestHost) => readFile(ownFile(at), 'utf8').catch(() => null)

async function apply(at: TestHost, ...edits: ConfigEdit[]): Promise<string> {
  const change = await at.host.config.stage({ edits, title })
  const id = change?.changeId ?? ''
  expect(await at.host.config.apply(id)).toMatchObject({ applied: true })
  return id
}

const set = (name: string, key: string, value: string): ConfigEdit => ({
  kind: 'set',
  scope: 'jail',
  name,
  key,
  value,
})
const revert = (changeId: string): ConfigEdit => ({ kind: 'revert', changeId })

it('a change is taken back as a change of its own: the file is as before, and its jails are loaded', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const id = await apply(at, { kind: 'switch', jail: 'spare', enabled: true }, set('app', 'bantime', '2h'))
  expect(await at.host.config.stage({ edits: [revert(id)], title })).toMatchObject({
    load: [
      { jail: 'app', how: 'reload' },
      { jail: 'spare', how: 'stop' },
    ],
  })
  await apply(at, revert(id))
  expect(await textOf(at)).toBeNull()
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
  // there is nothing left to take back
  expect(await at.host.config.stage({ edits: [revert(id)], title })).toBeUndefined()
})

it('what was changed in the same file after a change stays when it is taken back, in either order', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const first = await apply(at, set('app', 'bantime', '2h'))
  const second = await apply(at, set('web', 'maxretry', '9'))
  await apply(at, revert(first))
  expect(await textOf(at)).not.toContain('[app]')
  expect(await textOf(at)).toContain('[web]\nmaxretry = 9\n')
  expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
  expect(await at.host.jails.getTuning('web')).toMatchObject({ maxretry: 9 })
  await apply(at, revert(second))
  expect(await textOf(at)).toBeNull()
  expect(await at.host.jails.getTuning('web')).toMatchObject({ maxretry: 3 })
})

it('a change whose option was changed again is not taken back, and names the option', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const first = await apply(at, set('app', 'bantime', '2h'))
  await apply(at, set('app', 'bantime', '3h'))
  const staging = at.host.config.stage({ edits: [revert(first)], title })
  await expect(staging).rejects.toMatchObject({
    code: 'config_changed',
    params: { message: expect.stringContaining('bantime in [app]') },
  })
  expect(await textOf(at)).toContain('bantime = 3h')
})

it('a change that fail2ban would refuse to have taken back stays', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const off = await apply(at, { kind: 'switch', jail: 'app', enabled: false })
  await writeFile(join(at.daemon.configDir, 'jail.local'), '[app]\nfilter = nonesuch\n')
  const staging = at.host.config.stage({ edits: [revert(off)], title })
  await expect(staging).rejects.toMatchObject({ code: 'config_refused' })
  expect(await textOf(at)).toContain('enabled = false')
})
