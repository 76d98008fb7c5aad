import type { PrivateDaemon } from '@bangui/fail2ban'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rm, rmdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'
import { hasRsyslog, startRsyslog } from './own-logger.ts'

const hasSystemd = existsSync('/run/systemd/system')

type BadDay = Awaited<ReturnType<typeof createBadDay>>

/** Lets a ban begin and end that no log tells of. */
async function banWithoutLog(day: BadDay, bangui: Awaited<ReturnType<BadDay['start']>>) {
  const { inForce, history, reconcile } = bangui
  await day.ban('app', '45.1.1.1')
  await eventually(async () => {
    await reconcile()
    expect(await inForce()).toEqual(['45.1.1.1'])
  })
  await day.unban('app', '45.1.1.1')
  await eventually(async () => {
    await reconcile()
    expect(await inForce()).toEqual([])
  })
  expect(await history()).toMatchObject([{ address: '45.1.1.1', active: false }])
}

/** Lets fail2ban log to a file with options. */
const logAs = ({ folder, configDir }: PrivateDaemon, options: string) =>
  writeFile(join(configDir, 'fail2ban.local'), `[DEFAULT]\nlogtarget = ${folder}/own.log[${options}]\n`)

describe.runIf(hasRsyslog)('a fail2ban that logs to a syslog', () => {
  it('is reported as one that cannot be followed, and its bans are found all the same', async () => {
    await using syslog = await startRsyslog()
    await using day = await createBadDay({ settings: ['logtarget = SYSLOG'], logger: syslog })
    expect(await syslog.run('cat', '/var/log/syslog')).toContain('fail2ban.jail')
    const bangui = await day.start()
    await eventually(() =>
      expect(bangui.runtime()?.watching.events).toMatchObject({
        kind: 'none',
        state: 'unsupported',
        message: expect.stringMatching(/logs to SYSLOG.*no journal here.*within ten seconds.*set logtarget/),
      }),
    )
    await banWithoutLog(day, bangui)
    await day.daemon.ask('set', 'logtarget', day.daemon.logfile)
    await eventually(() => expect(bangui.runtime()?.watching.events.state).toBe('following'))
    await day.ban('app', '45.1.1.2')
    await eventually(async () => expect(await bangui.inForce()).toEqual(['45.1.1.2']))
  })
})

describe('a fail2ban that logs elsewhere', { concurrent: true }, () => {
  it.skipIf(hasSystemd)('to its own output is told to be one that cannot be followed', async () => {
    await using day = await createBadDay({ settings: ['logtarget = STDOUT'] })
    const bangui = await day.start()
    for (const target of ['STDOUT', 'STDERR', 'SYSOUT']) {
      await day.daemon.ask('set', 'logtarget', target)
      await eventually(() =>
        expect(bangui.runtime()?.watching.events).toMatchObject({
          kind: 'none',
          state: 'unsupported',
          message: expect.stringMatching(new RegExp(`logs to ${target}.*set logtarget`)),
        }),
      )
    }
    await banWithoutLog(day, bangui)
  })

  it('in a form of its own is reported with one of its lines, and its bans are found all the same', async () => {
    const format = 'format="%%(levelname)s <b>%%(message)s"'
    await using day = await createBadDay({ prepare: (daemon) => logAs(daemon, format) })
    const bangui = await day.start()
    await eventually(() =>
      expect(bangui.runtime()?.watching.events).toMatchObject({
        kind: 'file',
        state: 'unsupported',
        path: `${day.daemon.folder}/own.log`,
        message: expect.stringMatching(/format that BanGUI does not recognize.*INFO <b>/),
      }),
    )
    await banWithoutLog(day, bangui)
    await day.daemon.ask('set', 'logtarget', day.daemon.logfile)
    await eventually(() => expect(bangui.runtime()?.watching.events.state).toBe('following'))
  })

  it.each(['datetime=off', 'datetime=off, padding=off'])('with %s is followed', async (options) => {
    await using day = await createBadDay({ prepare: (daemon) => logAs(daemon, options) })
    const before = Date.now() - 5_000
    const { runtime, inForce, history } = await day.start()
    await eventually(() => expect(runtime()?.watching.events.state).toBe('following'))
    for (let attempt = 0; attempt < 3; attempt += 1) await day.daemon.logFailure('app', '45.1.1.1')
    await eventually(async () => expect(await inForce()).toEqual(['45.1.1.1']))
    const [ban] = await history()
    expect(ban?.at).toBeGreaterThan(before)
    expect(ban?.at).toBeLessThanOrEqual(Date.now() + 1_000)
  })
})

describe('a log', { concurrent: true }, () => {
  it('that becomes a folder is reported, and followed again once it is a file', async () => {
    await using day = await createBadDay()
    const bangui = await day.start()
    const { logfile } = day.daemon
    await eventually(() => expect(bangui.runtime()?.watching.events.state).toBe('following'))
    await rm(logfile)
    await mkdir(logfile)
    await eventually(() =>
      expect(bangui.runtime()?.watching.events).toMatchObject({
        state: 'unsupported',
        path: logfile,
        message: expect.stringContaining('not a regular file'),
      }),
    )
    await banWithoutLog(day, bangui)
    await rmdir(logfile)
    await day.daemon.ask('flushlogs')
    await day.ban('app', '45.1.1.2')
    await eventually(async () => expect(await bangui.inForce()).toEqual(['45.1.1.2']))
    await eventually(() =>
      expect(bangui.runtime()?.watching.events).toMatchObject({ state: 'following', message: null }),
    )
  })

  it('that is copied and truncated while bans come has each of them once', async () => {
    await using day = await createBadDay()
    const { inForce, history, runtime } = await day.start()
    const { logfile } = day.daemon
    const addresses = Array.from({ length: 60 }, (_, index) => `45.1.1.${index}`)
    const banning = (async () => {
      for (const address of addresses) await day.ban('app', address)
    })()
    for (const turn of [1, 2, 3]) {
      await eventually(async () => expect((await inForce()).length).toBeGreaterThanOrEqual(turn * 10))
      await copyFile(logfile, `${logfile}.${turn}`)
      await truncate(logfile)
    }
    await banning
    await eventually(async () => expect(await inForce()).toHaveLength(addresses.length))
    const told = (await history()).map(({ address }) => address)
    expect(told.toSorted()).toEqual(addresses.toSorted())
    expect(runtime()?.watching.events).toMatchObject({ state: 'following', message: null })
  })

  it.each([
    ['NOTICE', 'following', /no failed attempts/],
    ['ERROR', 'unsupported', /no bans.*within ten seconds/],
  ])('of the level %s is told to lack something, and the bans are found all the same', async (...row) => {
    const [level, state, message] = row
    await using day = await createBadDay({ settings: [`loglevel = ${level}`] })
    const bangui = await day.start()
    await eventually(() =>
      expect(bangui.runtime()?.watching.events).toMatchObject({
        state,
        message: expect.stringMatching(message),
      }),
    )
    await banWithoutLog(day, bangui)
    await day.daemon.ask('set', 'loglevel', 'INFO')
    await eventually(() =>
      expect(bangui.runtime()?.watching.events).toMatchObject({ state: 'following', message: null }),
    )
  })
})
