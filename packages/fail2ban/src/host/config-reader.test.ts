import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { createConfigReader } from './config-reader.ts'

const files = {
  'fail2ban.conf': '[Definition]\nlogtarget = STDERR\n',
  'filter.d/f.conf': '[Definition]\nfailregex = ^<HOST>$\n',
  'jail.conf': '[DEFAULT]\nbackend = polling\nlogpath = /dev/null\nfilter = f\n[web]\nenabled = true\n',
}

const readerOf = (configDir: string) => createConfigReader({ client: 'fail2ban-client', configDir })

test('the configuration is read again only when a file has changed', async () => {
  await using folder = await createFolder(files)
  const reader = readerOf(folder.path)
  const first = await reader.read()
  expect(first).toMatchObject({ notices: [], dump: { startedJails: ['web'] } })
  expect(await reader.read()).toBe(first)
  await folder.write('filter.d/f.local', '[Definition]\nfailregex = 5%\n')
  const second = await reader.read()
  expect(second.notices).toMatchObject([
    { kind: 'refused', file: join(folder.path, 'filter.d/f.local'), line: 2 },
  ])
  expect(await reader.read()).toBe(second)
})

test('a file that is included from elsewhere counts as one of the configuration', async () => {
  await using other = await createFolder({ 'more.conf': '[web]\nbantime = 1h\n' })
  const include = `[INCLUDES]\nafter = ${other.path}/more.conf\n`
  await using folder = await createFolder({ ...files, 'jail.local': include })
  const reader = readerOf(folder.path)
  const bantime = async () =>
    (await reader.read()).config.jail.sections.get('web')?.options.get('bantime')?.raw
  expect(await bantime()).toBe('1h')
  await other.write('more.conf', '[web]\nbantime = 2h\n')
  expect(await bantime()).toBe('2h')
})

test('whoever asks while a reading is under way gets one that began after the question', async () => {
  await using folder = await createFolder(files)
  const reader = readerOf(folder.path)
  const early = reader.read()
  await writeFile(join(folder.path, 'jail.local'), '[web]\nbantime = 3h\n')
  const late = await Promise.all([reader.read(), reader.read()])
  expect(late[0]).toBe(late[1])
  expect(late[0].config.jail.sections.get('web')?.options.get('bantime')?.raw).toBe('3h')
  await early
})

test('a client that is killed, as one that takes too long is, says nothing of the configuration', async () => {
  await using folder = await createFolder({ ...files, client: '#!/bin/sh\nkill -9 $$\n' })
  const client = join(folder.path, 'client')
  await chmod(client, 0o755)
  const reader = createConfigReader({ client, configDir: folder.path })
  expect(await reader.read()).toMatchObject({ dump: null, notices: [] })
})

test('a client that is missing leaves what BanGUI finds itself', async () => {
  await using folder = await createFolder({ ...files, 'jail.local': '[web]\nx = 1\nfailregex = 5%\n' })
  const reader = createConfigReader({ client: '/nowhere/fail2ban-client', configDir: folder.path })
  expect(await reader.read()).toMatchObject({
    dump: null,
    notices: [{ kind: 'refused', file: join(folder.path, 'jail.local'), line: 3, jail: 'web', output: null }],
  })
})

test('a misspelt option is a hint with its place, and no problem of the jail', async () => {
  await using folder = await createFolder({ ...files, 'jail.local': '[web]\nx = 1\nbantimme = 1h\n' })
  const { notices, faults } = await readerOf(folder.path).read()
  const message = '“bantimme” is unknown to fail2ban and has no effect. Did you mean “bantime”?'
  const place = { file: join(folder.path, 'jail.local'), line: 3, jail: 'web' }
  expect(notices).toEqual([{ kind: 'hint', ...place, message, output: null }])
  expect(faults.get('web')).toEqual([])
})
