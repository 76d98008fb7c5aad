import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ban, createTestHost, runningJails } from '../../test/with-host.ts'
import { ReadOnlyError } from '../errors.ts'
import type { Fail2banHost } from '../host.ts'
import { verbEffects } from './read-only-host.ts'

const address = '203.0.113.9'
const rollback = { changeId: null, jailName: 'app', missingJails: [] }

/** Every verb that changes something, with arguments that a host which is not read-only would take. */
const calls = {
  prepareSwitch: (host) => host.prepareSwitch('spare', true),
  applyChange: (host) => host.applyChange('1'),
  rollback: (host) => host.rollback(rollback, () => undefined),
  settleInterrupted: (host) => host.settleInterrupted(),
  start: (host) => host.start(),
  stop: (host) => host.stop(),
  reload: (host) => host.reload(),
  restart: (host) => host.restart(() => undefined),
  ban: (host) => host.ban('app', [address]),
  unban: (host) => host.unban(null, ['203.0.113.1']),
  startJail: (host) => host.startJail('app'),
  stopJail: (host) => host.stopJail('app'),
  reloadJail: (host) => host.reloadJail('app'),
  setIdle: (host) => host.setIdle('app', true),
  tuneJail: (host) => host.tuneJail('app', { bantime: 60 }),
  prepareSettings: (host) => host.prepareSettings('app', { bantime: 60 }),
  prepareManualJail: (host) => host.prepareManualJail(),
} satisfies Partial<Record<keyof Fail2banHost, (host: Fail2banHost) => Promise<unknown>>>

async function contentsOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  return Promise.all(
    files.toSorted().map(async (file) => {
      const hash = createHash('sha256').update(await readFile(file))
      return `${file} ${hash.digest('hex')}`
    }),
  )
}

it('has a call for every verb that changes something', () => {
  const changing = Object.entries(verbEffects).filter(([, effect]) => effect === 'changes')
  expect(Object.keys(calls).toSorted()).toEqual(changing.map(([verb]) => verb).toSorted())
})

it('refuses every verb that changes something, and fail2ban, its files and its bans stay as they are', async () => {
  await using at = await createTestHost(undefined, { readOnly: true })
  await at.daemon.start()
  await ban(at, 'app', '203.0.113.1')
  const before = await contentsOf(at.daemon.configDir)
  for (const [verb, call] of Object.entries(calls))
    await expect(call(at.host), verb).rejects.toThrow(ReadOnlyError)
  expect(await contentsOf(at.daemon.configDir)).toEqual(before)
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect((await at.host.listJailBans('app')).map((each) => each.address)).toEqual(['203.0.113.1'])
  expect(await at.host.getTuning('app')).toMatchObject({ bantime: 600 })
})

it('answers what only reads', async () => {
  await using at = await createTestHost(undefined, { readOnly: true })
  await at.daemon.start()
  expect(await at.host.probe()).toMatchObject({ ok: true })
  expect(await at.host.getJail('app')).toMatchObject({ name: 'app' })
  expect(await at.host.previewSwitch('spare', true)).toMatchObject({ readOnly: true, refused: null })
})
