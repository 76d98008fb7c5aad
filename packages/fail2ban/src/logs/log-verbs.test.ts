import { appendFile, link, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogBatch } from '@bangui/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalHost } from '../host/local-host.ts'

let folder: string
let logs: string
let elsewhere: string
const own = () => join(folder, 'own', 'fail2ban.log')
const paths = () => ({
  app: join(logs, 'app.log'),
  site: join(elsewhere, 'site.log'),
  linked: join(elsewhere, 'linked.log'),
  secret: join(folder, 'secret'),
})

/** A configuration whose jails read a log in the folder of logs, one elsewhere, and one that is a link to a secret. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'))
  logs = join(folder, 'log')
  elsewhere = join(folder, 'srv')
  const configDir = join(folder, 'config')
  for (const path of [logs, elsewhere, configDir, join(folder, 'own')]) await mkdir(path)
  const { app, site, linked, secret } = paths()
  await writeFile(join(configDir, 'fail2ban.conf'), `[Definition]\nlogtarget = ${own()}\n`)
  await writeFile(
    join(configDir, 'jail.conf'),
    `[app]\nenabled = true\nlogpath = ${logs}/*.log\n[site]\nlogpath = ${site}\n           ${linked} tail\n[unit]\nbackend = systemd\njournalmatch = _SYSTEMD_UNIT=ssh.service + _COMM=sshd\n`,
  )
  await writeFile(app, 'one\ntwo\nthree\n')
  await writeFile(site, 'site one\n')
  await writeFile(own(), '2026-11-30 own line\n')
  await writeFile(secret, 'hunter2\n')
  await symlink(secret, linked)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const openHost = () => openWhole().logs

const openWhole = () =>
  createLocalHost({
    socketPath: join(folder, 'none.sock'),
    configDir: join(folder, 'config'),
    client: 'fail2ban-client',
    configWrite: 'off',
    stateDir: join(folder, 'state'),
    logDirs: [logs],
  })

describe('the list of logs', () => {
  it('has fail2ban\u2019s own, those of jails with the jails, and others of the folder, with what is wrong', async () => {
    await writeFile(join(logs, 'other'), 'x\n')
    await writeFile(join(logs, 'old.gz'), 'x\n')
    const { files, journals } = await openHost().list()
    expect(files.map(({ path, kind, jails }) => [path, kind, jails])).toEqual([
      [own(), 'own', []],
      [paths().app, 'jail', ['app']],
      [paths().site, 'jail', ['site']],
      [paths().linked, 'jail', ['site']],
      [join(logs, 'other'), 'folder', []],
    ])
    expect(files[1]).toMatchObject({ size: 14, problem: null })
    expect(files[3]?.problem).toContain('is reached by a link')
    expect(journals).toEqual([{ matches: '_SYSTEMD_UNIT=ssh.service + _COMM=sshd', jails: ['unit'] }])
  })
})

describe('the files of a logpath', () => {
  const check = (...wanted: string[]) => openWhole().config.checkLogs({ paths: wanted })

  it('are those of the folders of logs, and of patterns that jails have', async () => {
    const [ofJail, other, missing, named] = await check(
      `${logs}/*.log`,
      `${logs}/a*`,
      `${logs}/x/y`,
      paths().site,
    )
    expect(ofJail?.files).toMatchObject([{ path: paths().app, exists: true, problem: null }])
    expect(other?.files).toMatchObject([{ path: paths().app }])
    expect(missing?.files).toMatchObject([{ exists: false }])
    expect(named?.files).toMatchObject([{ exists: true, problem: null }])
  })

  it('are not listed elsewhere, where nothing is said of what exists, and the whole machine is not searched', async () => {
    await symlink(folder, join(logs, 'up'))
    const [linked] = await check(`${logs}/*/secret`)
    expect(linked?.files).toEqual([])
    const elsewhereOnly = [
      `${folder}/*`,
      `${logs}/../*`,
      '/*/*/*/*/*/nosuch',
      '/etc/pass*',
      '/etc/nosuch',
      '/etc/passwd',
    ]
    for (const { files } of await check(...elsewhereOnly))
      expect(files).toMatchObject([{ exists: true, problem: expect.stringContaining('does not read it') }])
  })
})

describe('the end of a log', () => {
  it('is its last lines, and whether there are more', async () => {
    const host = openHost()
    const { app, site } = paths()
    expect(await host.tail({ log: app }, 2)).toMatchObject({
      lines: ['two', 'three'],
      isCut: true,
      own: false,
    })
    expect(await host.tail({ log: site }, 10)).toMatchObject({ lines: ['site one'], isCut: false })
    expect(await host.tail({}, 10)).toMatchObject({
      source: own(),
      lines: ['2026-11-30 own line'],
      own: true,
    })
  })

  it('leaves out a line that is not finished, and reads no more than 512 KiB', async () => {
    const { app } = paths()
    await writeFile(app, `${'x'.repeat(99)}\n`.repeat(8000) + 'unfinished')
    const { lines, isCut } = await openHost().tail({ log: app }, 1000)
    expect(lines).toHaveLength(1000)
    expect(new Set(lines)).toEqual(new Set(['x'.repeat(99)]))
    expect(isCut).toBe(true)
  })

  it('knows fail2ban\u2019s own log by any name, and after a rotation', async () => {
    const host = openHost()
    await link(own(), `${own()}.1`)
    await symlink(own(), join(logs, 'alias.log'))
    // outside of the folders of logs, only what is named is read
    expect((await host.tail({ log: `${own()}.1` }, 10)).problem).toContain('neither the log of a jail')
    expect((await host.tail({ log: join(logs, 'alias.log') }, 10)).lines).toEqual([])
    expect(await host.tail({ log: own() }, 10)).toMatchObject({ own: true })
  })

  it('is refused for every file that is no log, and for links that lead to one', async () => {
    const host = openHost()
    const { secret, linked } = paths()
    await symlink(secret, join(logs, 'link.log'))
    await symlink(folder, join(logs, 'up'))
    execFileSync('mkfifo', [join(logs, 'pipe.log')])
    const hostile = [
      secret,
      linked,
      join(logs, 'link.log'),
      join(logs, 'up', 'secret'),
      join(logs, '..', 'secret'),
      `${paths().app}\0`,
      '/etc/passwd',
      '/proc/self/environ',
      '/dev/zero',
      logs,
      join(logs, 'pipe.log'),
      join(logs, 'missing.log'),
    ]
    for (const log of hostile) {
      const { lines, problem } = await host.tail({ log }, 10)
      expect([log, lines]).toEqual([log, []])
      expect(problem).not.toBeNull()
    }
    expect((await host.tail({ journal: '--file=/etc/passwd' }, 10)).problem).toContain('No jail reads')
  })
})

describe('following a log', () => {
  it('yields its end, what is written then, and what follows a rotation', async () => {
    const { app } = paths()
    const end = new AbortController()
    const batches = openHost().follow({ log: app }, { limit: 2, signal: end.signal })[Symbol.asyncIterator]()
    const next = async (): Promise<LogBatch> => (await batches.next()).value as LogBatch
    expect(await next()).toMatchObject({ lines: ['two', 'three'], restarted: false, problem: null })
    await appendFile(app, 'four\nfi')
    expect(await next()).toMatchObject({ lines: ['four'] })
    await appendFile(app, 've\n')
    expect(await next()).toMatchObject({ lines: ['five'] })
    await rename(app, `${app}.1`)
    expect((await next()).problem).toContain('does not exist')
    await writeFile(`${app}.new`, 'new\n')
    await rename(`${app}.new`, app)
    expect(await next()).toMatchObject({ lines: ['new'], restarted: true, problem: null })
    await truncate(app)
    expect(await next()).toMatchObject({ lines: [], restarted: true })
    end.abort()
    expect(await batches.next()).toEqual({ value: undefined, done: true })
    const followed = openHost().follow({}, { limit: 1, signal: AbortSignal.timeout(60_000) })
    for await (const batch of followed) {
      expect(batch).toMatchObject({ lines: ['2026-11-30 own line'], own: true })
      break
    }
  })

  it('stops at a log that becomes a link to another file', async () => {
    const { site, secret } = paths()
    const end = new AbortController()
    const batches = openHost().follow({ log: site }, { limit: 5, signal: end.signal })[Symbol.asyncIterator]()
    expect((await batches.next()).value).toMatchObject({ lines: ['site one'] })
    await rm(site)
    await symlink(secret, site)
    let problem: string | null = null
    // between the two, the log may be missing
    while (!problem?.includes('link')) {
      const { value } = await batches.next()
      const batch = value as LogBatch
      expect(batch.lines).toEqual([])
      problem = batch.problem
    }
    end.abort()
    await batches.next()
  })
})
