import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { findFail2banVersions } from '../testing.ts'

const write = async ({ daemon }: TestHost, name: string, text: string) => {
  await mkdir(join(daemon.configDir, name, '..'), { recursive: true })
  await writeFile(join(daemon.configDir, name), text)
}

describe.each(findFail2banVersions())('the effective settings, with fail2ban $version', (programs) => {
  test('name every place that sets an option, and what the daemon has instead until it loads them', async () => {
    await using at = await createTestHost({ ...programs, jails: [{ name: 'app' }] })
    const path = (name: string) => join(at.daemon.configDir, name)
    await write(at, 'jail.d/a.conf', '[app]\nfindtime = 5m\nbantime = 20m\n')
    await write(
      at,
      'jail.local',
      '[DEFAULT]\nbantime = 2h\nmaxmatches = 7\n[app]\nbantime = %(findtime)s ; as long\n',
    )
    await at.daemon.start()
    await write(at, 'jail.d/z.local', '[app]\nbantime = 1h\n')
    const settings = await at.host.config.listSettings('jail', 'app')
    const find = (key: string) => settings.find((setting) => setting.key === key)
    expect(find('bantime')).toMatchObject({
      section: 'app',
      value: '1h',
      raw: '1h',
      file: path('jail.d/z.local'),
      line: 2,
      isDefault: false,
      inForce: '300',
    })
    expect(find('bantime')?.overrides.slice(0, 2)).toEqual([
      { file: path('jail.local'), line: 5, value: '5m' },
      { file: path('jail.d/a.conf'), line: 3, value: '20m' },
    ])
    expect(find('bantime')?.overrides.slice(-3)).toEqual([
      { file: path('jail.local'), line: 2, value: '2h' },
      { file: path('jail.conf'), line: 3, value: '10m' },
      { file: null, line: null, value: '600' },
    ])
    const { settings: shown } = await at.host.jails.get('app')
    expect(shown.find(({ key }) => key === 'bantime')).toEqual({
      key: 'bantime',
      value: '1h',
      file: path('jail.d/z.local'),
      line: 2,
      inForce: '300',
    })
    expect(shown.find(({ key }) => key === 'findtime')).not.toHaveProperty('inForce')
    expect(find('findtime')).toMatchObject({ value: '5m', inForce: null })
    expect(find('maxmatches')).toMatchObject({ value: '7', inForce: null })
    expect(find('maxlines')).toMatchObject({
      value: '1',
      raw: null,
      file: null,
      isDefault: true,
      inForce: null,
    })
    await rm(path('jail.d/z.local'))
    expect(
      (await at.host.config.listSettings('jail', 'app')).find(({ key }) => key === 'bantime'),
    ).toMatchObject({
      value: '5m',
      inForce: null,
    })
  })
})

test('the settings of a jail have those of its filter and its actions, with the parameters that it gives them', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }] })
  await write(
    at,
    'filter.d/own.conf',
    '[Definition]\nfailregex = ^<word> %(tail)s\ntail = <HOST>$\n[Init]\nword = one\nmaxlines = 3\n',
  )
  await write(at, 'filter.d/own.local', '[Definition]\ntail = from <HOST>$\n')
  await write(at, 'action.d/own.conf', '[Definition]\nactionban = block <ip> in <set>\n[Init]\nset = plain\n')
  await write(at, 'jail.local', '[app]\nfilter = own[word=two]\naction = own[set="%(__name__)s-set"]\n')
  const settings = await at.host.config.listSettings('jail', 'app')
  const find = (section: string, key: string) =>
    settings.find((each) => each.section === section && each.key === key)
  expect(find('filter.d/own', 'failregex')).toMatchObject({
    value: '^two from <HOST>$',
    raw: '^<word> %(tail)s',
    file: join(at.daemon.configDir, 'filter.d/own.conf'),
    line: 2,
  })
  expect(find('filter.d/own', 'word')).toMatchObject({
    value: 'two',
    file: null,
    isDefault: false,
    overrides: [{ value: 'one' }],
  })
  // the filter decides, not fail2ban's default
  expect(find('app', 'maxlines')).toBeUndefined()
  expect(find('action.d/own', 'actionban')).toMatchObject({ value: 'block <ip> in app-set' })
  const [filter] = await at.host.config.listSettings('filter', 'own')
  expect(filter).toMatchObject({ key: 'failregex', value: '^one from <HOST>$' })
  const ofFail2ban = await at.host.config.listSettings('fail2ban', null)
  expect(ofFail2ban.find(({ key }) => key === 'stacksize')).toMatchObject({
    section: 'Thread',
    value: '0',
    isDefault: true,
  })
  expect(await at.host.config.listSettings('action', '../own')).toEqual([])
  expect(await at.host.config.listSettings('filter', 'missing')).toEqual([])
  expect(await at.host.config.listSettings('filter', null)).toEqual([])
  await expect(at.host.config.listSettings('jail', 'missing')).rejects.toMatchObject({ code: 'jail_unknown' })
})
