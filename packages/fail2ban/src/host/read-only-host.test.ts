import { resultOf } from '@bangui/async'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { previewSwitch, stageSwitch } from '../../test/changes.ts'
import { ban, createTestHost, runningJails } from '../../test/with-host.ts'
import { ReadOnlyError } from '../errors.ts'
import type { Fail2banHost } from '../host.ts'
import { verbEffects } from './read-only-host.ts'

const address = '203.0.113.9'
const rollback = { changeId: null, jailName: 'app', missingJails: [] }

/** Every verb that changes something, with arguments that a host which is not read-only would take. */
const calls: Readonly<Record<string, (host: Fail2banHost) => Promise<unknown>>> = {
  'daemon.start': ({ daemon }) => daemon.start(),
  'daemon.stop': ({ daemon }) => daemon.stop(),
  'daemon.restart': ({ daemon }) => resultOf(daemon.restart()),
  'jails.setIdle': ({ jails }) => jails.setIdle('app', true),
  'jails.tune': ({ jails }) => jails.tune('app', { bantime: 60 }),
  'ignores.set': ({ ignores }) => ignores.set([{ jail: 'app', add: ['192.0.2.1'], remove: [] }]),
  'bans.ban': ({ bans }) => bans.ban('app', [address]),
  'bans.unban': ({ bans }) => resultOf(bans.unban(null, ['203.0.113.1'])),
  'health.proveBan': ({ health }) => health.proveBan('app'),
  'config.stage': (host) => stageSwitch(host, 'spare', true),
  'config.apply': ({ config }) => config.apply('1'),
  'config.confirm': ({ config }) => config.confirm('1'),
  'config.rollback': ({ config }) => resultOf(config.rollback(rollback)),
  'config.forget': ({ config }) => config.forget('1'),
  'config.settleInterrupted': ({ config }) => config.settleInterrupted(),
}

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
  const changing = Object.entries(verbEffects).flatMap(([group, verbs]) =>
    Object.entries(verbs).flatMap(([verb, effect]) => (effect !== 'reads' ? [`${group}.${verb}`] : [])),
  )
  expect(Object.keys(calls).toSorted()).toEqual(changing.toSorted())
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
  expect((await at.host.bans.list('app')).map((each) => each.address)).toEqual(['203.0.113.1'])
  expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
})

it('answers what only reads', async () => {
  await using at = await createTestHost(undefined, { readOnly: true })
  await at.daemon.start()
  expect(await at.host.daemon.probe()).toMatchObject({ ok: true })
  expect(await at.host.jails.get('app')).toMatchObject({ name: 'app' })
  expect(await previewSwitch(at.host, 'spare', true)).toMatchObject({ readOnly: true, refused: null })
})
