import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestHost, type TestHost } from '../../test/with-host.ts'

const write = async ({ daemon }: TestHost, name: string, text: string) => {
  await mkdir(join(daemon.configDir, name, '..'), { recursive: true })
  await writeFile(join(daemon.configDir, name), text)
}

test('the parts of the configuration are its jails, its filters and its actions with the jails that use them', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }, { name: 'spare', enabled: false }] })
  await write(at, 'filter.d/own.conf', '[Definition]\nfailregex = <HOST>$\n')
  await write(at, 'filter.d/own.local', '[Definition]\n')
  await write(at, 'filter.d/own.d/more.conf', '[Definition]\n')
  await write(at, 'filter.d/notes.txt', 'no filter')
  await write(at, 'filter.d/app.local', '[INCLUDES]\nbefore = own.local\nafter = ../filter.d/own.conf\n')
  await write(at, 'action.d/one.conf', '[Definition]\nactionban = true\n')
  await write(at, 'action.d/two.py', '# a program\n')
  await write(
    at,
    'jail.local',
    '[DEFAULT]\nbanaction = one[key="s3cret"]\n[app]\nfilter = own[mode=x]\naction = %(banaction)s\n two.py[a=b]\n',
  )
  const { jails, filters, actions } = await at.host.config.listParts()
  expect(jails.find(({ name }) => name === 'app')).toEqual({
    name: 'app',
    enabled: true,
    filter: 'own',
    actions: ['one', 'two.py'],
    // its section is in jail.conf, which comes with fail2ban
    own: false,
  })
  await write(at, 'filter.d/sshd.local', '[Definition]\n')
  await write(at, 'filter.d/sshd.conf', '[Definition]\n')
  const again = await at.host.config.listParts()
  expect(again.filters.find(({ name }) => name === 'sshd')).toMatchObject({ own: false })
  expect(jails.find(({ name }) => name === 'spare')).toMatchObject({ enabled: false })
  expect(filters.find(({ name }) => name === 'own')).toEqual({
    name: 'own',
    files: ['filter.d/own.conf', 'filter.d/own.d/more.conf', 'filter.d/own.local'],
    jails: ['app'],
    own: true,
    includedBy: ['app'],
  })
  expect(filters.map(({ name }) => name)).not.toContain('notes')
  expect(actions.find(({ name }) => name === 'one')).toMatchObject({ jails: ['app'] })
  expect(actions.find(({ name }) => name === 'two.py')).toEqual({
    name: 'two.py',
    files: ['action.d/two.py'],
    jails: ['app'],
    own: true,
    includedBy: [],
  })
})

test('a value of [DEFAULT] names the jails that set it themselves, and an unknown name what was meant', async () => {
  await using at = await createTestHost({ jails: [{ name: 'app' }, { name: 'web' }] })
  await write(
    at,
    'jail.local',
    '[DEFAULT]\nbantime = 1h\nbantimme = 2h\nwords = 1\nother = %(words)s\n[app]\nmaxretrry = 3\n[web]\nbantime = 1d\n',
  )
  const settings = await at.host.config.listSettings('default', null)
  const find = (key: string) => settings.find((setting) => setting.key === key)
  expect(find('bantime')?.ownIn).toContain('web')
  expect(find('bantimme')).toMatchObject({ meant: 'bantime', ownIn: [] })
  expect(find('words')).not.toHaveProperty('meant')
  expect(find('bantime')).not.toHaveProperty('meant')
  const ofApp = await at.host.config.listSettings('jail', 'app')
  expect(ofApp.find(({ key }) => key === 'maxretrry')).toMatchObject({ meant: 'maxretry' })
  const ofWeb = await at.host.config.listSettings('jail', 'web')
  expect(ofWeb.find(({ key }) => key === 'bantime')).not.toHaveProperty('inherited')
  expect(ofWeb.find(({ key }) => key === 'banaction')?.inherited ?? true).toBe(true)
})
