import { resultOf } from '@bangui/async'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  loaded,
  reloadAll,
  reloadJail,
  restartJail,
  stageSwitch,
  startJail,
  stopJail,
} from '../../test/changes.ts'
import { ban, createTestHost, runningJails } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

it('starts a jail also where somebody stops another one meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const client = join(folder, 'fail2ban-client')
  await writeFile(join(folder, 'fail2ban-server'), '#!/bin/sh\nexec fail2ban-server "$@"\n', { mode: 0o700 })
  await using at = await createTestHost(undefined, { client })
  const { clientProgram, socketPath } = at.daemon
  await writeFile(
    client,
    `#!/bin/sh
${clientProgram} "$@"
code=$?
case "$*" in *"reload --if-exists web") ${clientProgram} -s '${socketPath}' stop app >'${folder}/log' ;; esac
exit $code
`,
    { mode: 0o700 },
  )
  await at.daemon.start()
  await stopJail(at.host, 'web')
  await startJail(at.host, 'web')
  expect(await runningJails(at.host)).toEqual(['web'])
})

describe.each(findFail2banVersions())('a change without files of fail2ban $version', ({ binDir }) => {
  it('starts, stops, reloads and restarts a jail, and loads everything; the bans of a restart come back', async () => {
    await using at = await createTestHost({
      jails: [{ name: 'app' }, { name: 'web' }, { name: 'spare', enabled: false }],
      binDir,
    })
    await at.daemon.start()
    await ban(at, 'app', '192.0.2.7')
    await ban(at, 'web', '192.0.2.8')
    await at.host.jails.tune('app', { bantime: 60 })
    expect(await restartJail(at.host, 'app')).toEqual(loaded)
    expect(await at.host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
    expect(await at.host.jails.getTuning('app')).toMatchObject({ bantime: 600 })
    expect(await stopJail(at.host, 'app')).toEqual(loaded)
    expect(await runningJails(at.host)).toEqual(['web'])
    expect(await at.host.bans.list('web')).toMatchObject([{ address: '192.0.2.8' }])
    expect(await startJail(at.host, 'app')).toEqual(loaded)
    expect(await at.host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
    expect(await reloadJail(at.host, 'app')).toEqual(loaded)
    await writeFile(join(at.daemon.configDir, 'jail.d', 'edit.local'), '[spare]\nenabled = true\n')
    expect(await reloadAll(at.host)).toEqual(loaded)
    expect(await runningJails(at.host)).toEqual(['app', 'spare', 'web'])
    expect(await at.host.config.listInterrupted()).toEqual([])
  })
})

it('has one edit or one load', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const load = { jail: 'app', how: 'stop' } as const
  const edits = [{ kind: 'switch', jail: 'app', enabled: false }] as const
  await expect(at.host.config.stage({ edits, load, title: 'Both' })).rejects.toThrow(
    'edits or a load, not both',
  )
  const odd = { jail: 'app', how: 'unban' as never }
  await expect(at.host.config.stage({ edits: [], load: odd, title: 'Odd' })).rejects.toThrow(
    'started, stopped, reloaded or restarted',
  )
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

it('stops a jail also where the host cannot save anything', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  // a file where the folder of changes would be: as on a full disk, nothing can be saved
  await mkdir(at.stateDir, { recursive: true })
  await writeFile(join(at.stateDir, 'changes'), '')
  await expect(stageSwitch(at.host, 'spare', true)).rejects.toThrow('is not a folder')
  expect(await stopJail(at.host, 'web')).toEqual(loaded)
  expect(await runningJails(at.host)).toEqual(['app'])
})

it('takes away a jail that it started and that is not right, and leaves one that ran', async () => {
  await using at = await createTestHost(undefined, { client: 'fail2ban-client' })
  await at.daemon.start()
  await writeFile(join(at.daemon.configDir, 'jail.d', 'edit.local'), '[spare]\nenabled = true\n')
  const change = await at.host.config.stage({
    edits: [],
    load: { jail: 'spare', how: 'start' },
    title: 'Starting jail spare',
  })
  // what the test found right is wrong when it is loaded
  await writeFile(
    join(at.daemon.configDir, 'jail.d', 'edit.local'),
    '[spare]\nenabled = true\nfilter =\nfailregex = (((\n',
  )
  expect(await at.host.config.apply(change?.changeId ?? '')).toMatchObject({
    applied: false,
    files: [],
    failure: null,
    output: expect.stringContaining('(((') as string,
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  expect((await at.daemon.client('status')).output).not.toContain('spare')
})

it('is rolled back by switching off the jail that it started, where fail2ban ended', async () => {
  await using at = await createTestHost()
  await at.daemon.addCrashingJail('crasher')
  await at.daemon.start()
  const own = join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')
  await writeFile(own, '[crasher]\nenabled = true\n')
  const change = await at.host.config.stage({
    edits: [],
    load: { jail: 'crasher', how: 'start' },
    title: 'Starting jail crasher',
  })
  const changeId = change?.changeId ?? ''
  expect(await at.host.config.apply(changeId)).toMatchObject({
    applied: false,
    failure: { cause: 'crashed' },
  })
  const request = { changeId, jailName: 'crasher', missingJails: [] }
  expect(await resultOf(at.host.config.rollback(request))).toMatchObject({
    restored: [own],
    started: true,
    online: true,
    output: expect.stringMatching(
      /no previous files to restore, so the jail crasher was deactivated/,
    ) as string,
  })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

it('that stopped a jail is rolled back by starting fail2ban, and switches off nothing', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const change = await at.host.config.stage({
    edits: [],
    load: { jail: 'web', how: 'stop' },
    title: 'Stopping jail web',
  })
  const changeId = change?.changeId ?? ''
  expect(await at.host.config.apply(changeId)).toEqual(loaded)
  await at.daemon.kill('SIGKILL')
  const request = { changeId, jailName: 'web', missingJails: [] }
  expect(await resultOf(at.host.config.rollback(request))).toMatchObject({ restored: [], online: true })
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})

it('that BanGUI was in the middle of is finished: a jail between stop and start is loaded, but for one that somebody else stopped', async () => {
  await using at = await createTestHost()
  await at.daemon.start()
  const stage = async (how: 'restart' | 'reload' | 'stop') => {
    const change = await at.host.config.stage({ edits: [], load: { jail: 'web', how }, title: 'A load' })
    const id = change?.changeId ?? ''
    await at.changes.setState(id, 'applying')
    return id
  }
  const id = await stage('restart')
  await at.daemon.ask('stop', 'web')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id, state: 'applied' }])
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
  // somebody starts and stops the jail between the two steps, or stops it during a reload, while BanGUI is not there
  for (const [how, commands] of [
    [
      'restart',
      [
        ['stop', 'web'],
        ['reload', '--if-exists', 'web'],
        ['stop', 'web'],
      ],
    ],
    ['reload', [['stop', 'web']]],
  ] as const) {
    const cutOff = await stage(how)
    for (const command of commands) await at.daemon.client(...command)
    expect(await at.host.config.settleInterrupted()).toMatchObject([{ id: cutOff, state: 'failed' }])
    expect(await runningJails(at.host)).toEqual(['app'])
    await startJail(at.host, 'web')
  }
  const stop = await stage('stop')
  expect(await at.host.config.settleInterrupted()).toMatchObject([{ id: stop, state: 'failed' }])
  expect(await runningJails(at.host)).toEqual(['app', 'web'])
})
