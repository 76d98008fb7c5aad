import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultOf } from '@bangui/async'
import { describe, expect, it } from 'vitest'
import { load, loaded, reloadAll, reloadJail } from '../../test/changes.ts'
import { ban, createTestHost, type TestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../host-models.ts'
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

const loadOf = async ({ host }: TestHost, edit: ConfigEdit) =>
  (await host.config.preview({ edits: [edit] })).load

const exchanged = (one: string, other: string) => [`stop ${one} app 80,443`, `start ${other} app 80,443`]

describe.each(findFail2banVersions())(
  'an action that was edited on the disk, in fail2ban $version',
  ({ binDir }) => {
    it('is exchanged by a restart of its jail, whatever loads it, so that no ban stays without a rule', async () => {
      const { at, edit, listMarks } = await withMarks(binDir)
      await using _ = at
      const { host } = at
      const reload = [{ jail: 'app', how: 'reload' }]
      const restart = [{ jail: 'app', how: 'restart' }]
      expect(await listMarks()).toEqual(['start v1 app 80,443'])
      expect(await loadOf(at, setRetries('4'))).toEqual(reload)
      expect(await reloadJail(host, 'app')).toEqual(loaded)
      expect(await listMarks()).toEqual([])
      await edit('v2')
      expect(await loadOf(at, setRetries('4'))).toEqual(restart)
      expect(await reloadJail(host, 'app')).toEqual(loaded)
      expect(await listMarks()).toEqual(exchanged('v1', 'v2'))
      await edit('v3')
      expect(await load(host, { jail: 'app', how: 'start' })).toEqual(loaded)
      expect(await listMarks()).toEqual(exchanged('v2', 'v3'))
      await edit('v4')
      expect(await reloadAll(host)).toEqual(loaded)
      expect(await listMarks()).toEqual(exchanged('v3', 'v4'))
      const change = await host.config.stage({ edits: [setRetries('4')], title: 'A change of a test' })
      expect(change?.load).toEqual(reload)
      const changeId = change?.changeId ?? ''
      expect(await host.config.apply(changeId)).toMatchObject({ applied: true })
      expect(await listMarks()).toEqual([])
      await edit('v5')
      expect(await loadOf(at, { kind: 'revert', changeId })).toEqual(restart)
      const request = { changeId, jailName: 'app', missingJails: [] }
      expect(await resultOf(host.config.rollback(request))).toMatchObject({ online: true, output: null })
      expect(await listMarks()).toEqual(exchanged('v4', 'v5'))
      expect(await host.bans.list('app')).toMatchObject([{ address: '192.0.2.7' }])
    })
  },
)
