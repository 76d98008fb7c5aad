import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { reloadAll } from '../../test/changes.ts'
import { problemsIn, runHealth } from '../../test/health-run.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { configuredJails } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { findFail2banVersions, type TestedFail2ban } from '../testing.ts'

const MAX_JAILS = 200

/** Gives a daemon the configuration that comes with fail2ban, with every jail on and actions that do nothing. */
async function useStock({ daemon }: TestHost, { binDir }: TestedFail2ban): Promise<string[]> {
  const { configDir, folder } = daemon
  const own = await readFile(join(configDir, 'fail2ban.conf'), 'utf8')
  const noop = await readFile(join(configDir, 'action.d/noop.conf'), 'utf8')
  await rm(configDir, { recursive: true })
  await cp(binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf'), configDir, {
    recursive: true,
  })
  await writeFile(join(configDir, 'fail2ban.local'), own)
  await writeFile(join(configDir, 'action.d/noop.conf'), noop)
  const logs = join(folder, 'logs')
  for (const name of (await readdir(configDir)).filter((each) => each.endsWith('.conf'))) {
    const text = await readFile(join(configDir, name), 'utf8')
    await writeFile(join(configDir, name), text.replaceAll('/var/log/', `${logs}/`))
  }
  await rm(join(configDir, 'jail.d'), { recursive: true, force: true })
  const jails = configuredJails(await readFail2banConfig(configDir)).slice(0, MAX_JAILS)
  for (const path of jails.flatMap(({ logPaths }) => logPaths).filter((each) => each.startsWith(logs))) {
    const file = path.replaceAll('*', 'any')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, '')
  }
  await writeFile(join(logs, 'none.log'), '')
  const section = ({ name, logPaths }: (typeof jails)[number]) =>
    [
      `[${name}]`,
      'enabled = true',
      'action = noop',
      'backend = polling',
      ...(logPaths.some((path) => path.startsWith(logs)) ? [] : [`logpath = ${logs}/none.log`]),
    ].join('\n')
  await writeFile(join(configDir, 'jail.local'), `${jails.map(section).join('\n\n')}\n`)
  return jails.map(({ name }) => name)
}

describe.each(findFail2banVersions())('what is in force, with fail2ban $version', (tested) => {
  test('is what the files say, for every jail that comes with fail2ban', async () => {
    await using at = await createTestHost({ ...tested, jails: [{ name: 'app' }] })
    const names = await useStock(at, tested)
    await at.daemon.start()
    const wrong: string[] = []
    let compared = 0
    for (const name of names) {
      for (const { section, key, inForce, value } of await at.host.config.listSettings('jail', name)) {
        if (inForce !== null) wrong.push(`${name} ${section} ${key}: ${inForce} instead of ${value}`)
        if (key === 'failregex' && section !== name && value !== '') compared += 1
      }
    }
    for (const { key, inForce } of await at.host.config.listSettings('fail2ban', null))
      if (inForce !== null) wrong.push(`${key}: ${inForce}`)
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(60)
    const drift = await runHealth(at.host, ['drift'])
    expect(problemsIn(drift)).toEqual([])
    expect(drift.get('drift')?.cannotTell).toEqual([])
  })

  test('is named where the files were changed and not loaded', async () => {
    await using at = await createTestHost({ ...tested, jails: [{ name: 'app' }] })
    const { configDir, folder } = at.daemon
    await at.daemon.start()
    await writeFile(join(folder, 'logs/other.log'), '')
    await writeFile(
      join(configDir, 'jail.local'),
      `[app]\nlogpath = ${folder}/logs/other.log\nignorecommand = /bin/false <ip>\nignoreip = 192.0.2.1\nmaxretry = 7\n`,
    )
    await writeFile(
      join(configDir, 'filter.d/app.local'),
      '[Definition]\nfailregex = ^<F-USER>\\S+</F-USER> <HOST>$\nignoreregex = x\nprefregex = ^<F-CONTENT>.+</F-CONTENT>$\n',
    )
    await writeFile(join(configDir, 'fail2ban.local'), '[Definition]\nloglevel = debug\ndbpurgeage = 2d\n')
    const settings = await at.host.config.listSettings('jail', 'app')
    const inForce = Object.fromEntries(
      settings.flatMap((setting) => (setting.inForce === null ? [] : [[setting.key, setting.inForce]])),
    )
    expect(inForce).toEqual({
      maxretry: '3',
      logpath: `${folder}/logs/app.log`,
      ignorecommand: '',
      ignoreip: '',
      failregex: '^.*Failed login for .* from <ADDR>$',
      ignoreregex: '',
      prefregex: '',
    })
    const ofDaemon = await at.host.config.listSettings('fail2ban', null)
    expect(ofDaemon.filter((setting) => setting.inForce !== null)).toMatchObject([
      { key: 'loglevel', value: 'debug', inForce: 'INFO' },
      { key: 'dbpurgeage', value: '2d', inForce: '86400' },
    ])
    await reloadAll(at.host)
    expect(
      (await at.host.config.listSettings('jail', 'app')).filter((setting) => setting.inForce !== null),
    ).toEqual([])
  })
})
