import { resultOf } from '@bangui/async'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loaded, previewSwitch, reloadAll, reloadJail, stageSwitch, startJail } from '../../test/changes.ts'
import { createTestHost, runningJails, type TestHost } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

const versions = findFail2banVersions()
const skipping = versions.filter(
  ({ version }) => version.localeCompare('1.1.1', 'en', { numeric: true }) >= 0,
)
const strict = versions.filter((version) => !skipping.includes(version))

/** A daemon with two jails that have their logs, and one whose options a test gives. */
async function createHost(
  programs: { readonly binDir?: string },
  options: Readonly<Record<string, string>>,
): Promise<TestHost> {
  return createTestHost({
    ...programs,
    jails: [{ name: 'app' }, { name: 'web' }, { name: 'late', logPath: '/nonexistent/late.log', options }],
  })
}

const skip = { skip_if_nologs: 'true' }
const journal = { backend: 'auto', journalmatch: '_COMM=nothing-at-all' }

describe.each(skipping)('fail2ban $version', (programs) => {
  test('starts, reloads and restarts without the jail that waits for its log, and nothing is missing', async () => {
    await using at = await createHost(programs, skip)
    const good = { ok: true, missingJails: [], output: null }
    expect(await at.host.daemon.start()).toEqual(good)
    expect(await runningJails(at.host)).toEqual(['app', 'web'])
    expect(await reloadAll(at.host)).toMatchObject({ applied: true, failure: null })
    expect(await resultOf(at.host.daemon.restart())).toEqual(good)
    expect(await runningJails(at.host)).toEqual(['app', 'web'])
    const log = join(at.daemon.folder, 'late.log')
    await writeFile(log, '')
    await writeFile(join(at.daemon.configDir, 'jail.d', 'log.local'), `[late]\nlogpath = ${log}\n`)
    expect(await reloadAll(at.host)).toEqual(loaded)
    expect(await runningJails(at.host)).toEqual(['app', 'late', 'web'])
  })

  test('lists a jail as one that waits for its log, also where the log was there when it was listed before', async () => {
    await using at = await createTestHost({
      ...programs,
      jails: [{ name: 'app' }, { name: 'late', options: skip }],
    })
    await at.daemon.start()
    const late = async () => (await at.host.jails.list()).find(({ name }) => name === 'late')
    expect(await late()).toMatchObject({ running: true })
    expect(await late()).not.toHaveProperty('waitsForLog')
    await at.daemon.stop()
    await rm(join(at.daemon.folder, 'logs', 'late.log'))
    await at.daemon.start()
    expect(await late()).toMatchObject({ running: false, waitsForLog: true, problem: null })
    await at.daemon.ask('stop', 'app')
    expect((await at.host.jails.list()).find(({ name }) => name === 'app')).not.toHaveProperty('waitsForLog')
  })

  test('lets a jail without a log be switched on and loaded, and BanGUI says why it does not run', async () => {
    await using at = await createHost(programs, skip)
    await at.daemon.start()
    const off = await stageSwitch(at.host, 'late', false)
    expect(await at.host.config.apply(off?.changeId ?? '')).toMatchObject({ applied: true })
    expect(await previewSwitch(at.host, 'late', true)).toMatchObject({ refused: null })
    const on = await stageSwitch(at.host, 'late', true)
    expect(await at.host.config.apply(on?.changeId ?? '')).toMatchObject({
      applied: true,
      failure: null,
      output: expect.stringMatching(/skips late: the jail has no log file/),
    })
    for (const load of [reloadJail, startJail])
      expect(await load(at.host, 'late')).toMatchObject({
        applied: false,
        failure: null,
        output: expect.stringMatching(/no log file/),
      })
    expect(await runningJails(at.host)).toEqual(['app', 'web'])
  })

  test('moves a jail without a log to the journal, and is reloaded, restarted and switched as ever', async () => {
    await using at = await createHost(programs, journal)
    const good = { ok: true, missingJails: [], output: null }
    expect(await at.host.daemon.start()).toEqual(good)
    expect(await runningJails(at.host)).toEqual(['app', 'late', 'web'])
    expect(await reloadAll(at.host)).toMatchObject({ applied: true, failure: null })
    expect(await resultOf(at.host.daemon.restart())).toEqual(good)
    const off = await stageSwitch(at.host, 'late', false)
    expect(await at.host.config.apply(off?.changeId ?? '')).toMatchObject({ applied: true })
    const on = await stageSwitch(at.host, 'late', true)
    expect(await at.host.config.apply(on?.changeId ?? '')).toMatchObject({
      applied: true,
      output: expect.stringMatching(/^WARNING .*'late' jail\. Jail will monitor systemd journal\.$/),
    })
    expect(await runningJails(at.host)).toEqual(['app', 'late', 'web'])
  })

  test('still does not start where a jail neither waits nor can read the journal', async () => {
    await using at = await createHost(programs, {})
    await expect(at.host.daemon.start()).rejects.toThrow(/Have not found any log file for 'late' jail/)
  })
})

test.each(strict)('fail2ban $version knows no jail that waits for its log', async (programs) => {
  await using at = await createHost(programs, { ...skip, ...journal })
  await expect(at.host.daemon.start()).rejects.toThrow(/Have not found any log file for late jail/)
  await expect(resultOf(at.host.daemon.restart())).rejects.toMatchObject({ name: 'ConfigRefusedError' })
})
