import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultOf } from '@bangui/async'
import { describe, expect, it } from 'vitest'
import { loaded, reloadAll, reloadJail } from '../../test/changes.ts'
import { ban, createTestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'
import { findFail2banVersions } from '../testing.ts'

const options = {
  action: `mark[name=%(__name__)s, port="80,443"]`,
  bantime: '1h',
}

/** An action that notes its rules in a file, as it was edited last. */
function actionOf(marks: string, version: string): string {
  const command = (what: string) => `echo '${what} ${version} <name> <port>' >> '${marks}'`
  return `[Definition]
actionstart = ${command('start')}
actionstart_on_demand = false
actionstop = ${command('stop')}
actioncheck =
actionban = true <ip> <blocktype>
actionunban = true <ip>
norestored = 1
timeout = 2m
[Init]
blocktype = REJECT
[Init?family=inet6]
blocktype = REJECT6
`
}

async function withMarks(binDir: string | undefined) {
  const at = await createTestHost({ jails: [{ name: 'app', options }, { name: 'web' }], binDir })
  const marks = join(at.daemon.folder, 'marks')
  const edit = (version: string) =>
    writeFile(join(at.daemon.configDir, 'action.d', 'mark.conf'), actionOf(marks, version))
  await edit('v1')
  await at.daemon.start()
  await ban(at, 'app', '192.0.2.7')
  /** the marks since the last time */
  let known = 0
  const listMarks = async () => {
    const lines = (await readFile(marks, 'utf8')).trim().split('\n')
    return lines.slice(known, (known = lines.length))
  }
  return { at, edit, listMarks }
}

const setRetries = (value: string): ConfigEdit => ({
  kind: 'set',
  scope: 'jail',
  name: 'app',
  key: 'maxretry',
  value,
})

const exchanged = (one: string, other: string) => [`stop ${one} app 80,443`, `start ${other} app 80,443`]

describe.each(findFail2banVersions())(
  'an action that was edited on the disk, in fail2ban $version',
  ({ binDir }) => {
    it('is exchanged by a restart of its jail, which keeps the ban', async () => {
      const { at, edit, listMarks } = await withMarks(binDir)
      await using _ = at
      expect(await reloadJail(at.host, 'app')).toEqual(loaded)
      expect(await listMarks()).toEqual(['start v1 app 80,443'])
      await edit('v2')
      expect(await reloadJail(at.host, 'app')).toEqual(loaded)
      expect(await listMarks()).toEqual(exchanged('v1', 'v2'))
      expect(await at.host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
    })
  },
)

it('an action that was edited on the disk is exchanged by a restart of its jail, whatever loads it', async () => {
  const { at, edit, listMarks } = await withMarks(undefined)
  await using _ = at
  const { host } = at
  await edit('v2')
  expect(await reloadAll(host)).toEqual(loaded)
  expect(await listMarks()).toEqual(['start v1 app 80,443', ...exchanged('v1', 'v2')])
  const change = await host.config.stage({ edits: [setRetries('4')], title: 'A change of a test' })
  expect(change?.load).toEqual([{ jail: 'app', how: 'reload' }])
  const changeId = change?.changeId ?? ''
  expect(await host.config.apply(changeId)).toMatchObject({ applied: true })
  expect(await listMarks()).toEqual([])
  await edit('v3')
  const { load } = await host.config.preview({ edits: [{ kind: 'revert', changeId }] })
  expect(load).toEqual([{ jail: 'app', how: 'restart' }])
  const request = { changeId, jailName: 'app', missingJails: [] }
  expect(await resultOf(host.config.rollback(request))).toMatchObject({ online: true, output: null })
  expect(await listMarks()).toEqual(exchanged('v2', 'v3'))
  expect(await host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
})
