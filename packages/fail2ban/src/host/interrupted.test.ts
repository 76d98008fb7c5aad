import type { ChangeConfirmation } from '@bangui/shared'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stageSettings, stageSwitch, stopJail } from '../../test/changes.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'

const ownFile = (at: TestHost) => join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')
const localFile = (at: TestHost) => join(at.daemon.configDir, 'jail.local')

/** Prepares settings and stops where a BanGUI that is killed would: with `files` written and nothing loaded. */
async function cutOff(
  at: TestHost,
  files?: readonly string[],
  confirmation?: ChangeConfirmation,
): Promise<{ readonly id: string }> {
  await writeFile(localFile(at), '[app]\nbantime = 10m ; as ever\n')
  const change = await stageSettings(at.host, 'app', { bantime: 7200, maxretry: 9 })
  if (!change) throw new Error('There was nothing to prepare.')
  await at.changes.setState(change.changeId, 'applying', confirmation)
  for (const { path, content } of (await at.changes.get(change.changeId))?.written ?? [])
    if (files === undefined || files.includes(path)) await writeFile(path, content ?? '')
  return { id: change.changeId }
}

const loadByHand = ({ daemon }: TestHost) => daemon.client('reload', '--if-exists', 'app')

test('settings that were written and never loaded are failed, and the files and the jail are as before', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const { id } = await cutOff(at)
  await at.host.jails.tune('app', { findtime: 77 })
  expect(await at.host.config.settleInterrupted()).toMatchObject([
    { id, load: [{ jail: 'app', how: 'reload' }], state: 'failed' },
  ])
  expect(await readFile(localFile(at), 'utf8')).toBe('[app]\nbantime = 10m ; as ever\n')
  await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')
  // nothing was loaded: what was changed until the next load is still there
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 600, findtime: 77, maxretry: 3 })
})

test('settings that the daemon is seen to have are applied, whatever else was changed until the next load', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const { id } = await cutOff(at)
  await loadByHand(at)
  await at.host.jails.tune('app', { findtime: 77, addIgnored: ['192.0.2.1'] })
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'applied' }])
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 7200, findtime: 77, maxretry: 9 })
})

test('settings that were loaded and had to be confirmed are as before: nobody knows whether they lock people out', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const { id } = await cutOff(at, undefined, { withinMs: 60_000, by: null })
  await loadByHand(at)
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'failed' }])
  expect(await readFile(localFile(at), 'utf8')).toBe('[app]\nbantime = 10m ; as ever\n')
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 600, findtime: 600, maxretry: 3 })
})

test('settings of which the daemon has a part are failed, and the jail is loaded as the files have it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const { id } = await cutOff(at)
  await at.daemon.ask('set', 'app', 'bantime', '7200')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'failed' }])
  expect(await at.host.jails.getTuning('app')).toEqual({ bantime: 600, findtime: 600, maxretry: 3 })
})

test('settings that were written by halves are failed, and what was written goes', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const { id } = await cutOff(at, [ownFile(at)])
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'failed' }])
  await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')
  expect(await readFile(localFile(at), 'utf8')).toContain('bantime = 10m')
})

test('a file that somebody else has changed since stays as it is', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const { id } = await cutOff(at)
  await writeFile(localFile(at), '[app]\nbantime = 1d\n')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'failed' }])
  expect(await readFile(localFile(at), 'utf8')).toBe('[app]\nbantime = 1d\n')
  await expect(stat(ownFile(at))).rejects.toThrow('ENOENT')
})

test('settings of a jail that is stopped are applied without a load, and do not start it', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  await stopJail(at.host, 'app')
  const change = await stageSettings(at.host, 'app', { bantime: 7200 })
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({ applied: true })
  expect(await runningJails(at.host)).toEqual(['web'])
  await at.changes.setState(change?.changeId ?? '', 'applying')
  expect(await at.host.config.settleInterrupted()).toMatchObject([
    { load: [{ jail: 'app', how: 'reload' }], state: 'applied' },
  ])
})

test('a change that is known to have been applied stays so, though its jail was stopped since', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await stageSwitch(at.host, 'spare', true)
  const id = change?.changeId ?? ''
  expect(await at.host.config.apply(id)).toMatchObject({ applied: true })
  // its end could not be stored, and somebody stopped the jail for a while
  await at.changes.setState(id, 'applying')
  await stopJail(at.host, 'spare')
  expect(await at.host.config.settleInterrupted({ applied: [id] })).toMatchObject([{ id, state: 'applied' }])
  expect(await at.host.jails.get('spare')).toMatchObject({ enabled: true, running: false })
  expect(await at.host.config.listInterrupted()).toEqual([])
})
