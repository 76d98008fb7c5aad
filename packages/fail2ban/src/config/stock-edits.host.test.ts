import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { editIn, setIn } from '../../test/planned-edits.ts'
import { findFail2banVersions } from '../testing.ts'
import { emptyDraft } from './draft.ts'
import { removeOption, setOption } from './edit-ini.ts'
import { parseIni } from './ini-file.ts'
import { configuredJails } from './list-jails.ts'
import { planChange } from './plan-edits.ts'
import { findForbiddenCommand } from './privileges/compare-commands.ts'
import { readFail2banConfig } from './read-config.ts'

/** Returns every file of a folder with its bytes as text, by its path. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = paths.map(
    async (path) => [path.slice(folder.length + 1), await readFile(path, 'latin1')] as const,
  )
  return Object.fromEntries((await Promise.all(read)).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

describe.each(findFail2banVersions())('the configuration that comes with fail2ban $version', ({ binDir }) => {
  const stock = binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf')
  const client = binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client')

  it('has the same bytes in each file after it was parsed and printed, and after an option was set and removed', async () => {
    const files = Object.entries(await filesOf(stock)).filter(([name]) => /\.(?:conf|local)$/.test(name))
    expect(files.length).toBeGreaterThan(150)
    for (const [name, bytes] of files) {
      const text = Buffer.from(bytes, 'latin1').toString()
      const file = parseIni(text)
      expect(file.lines.map((line) => line.text + line.end).join(''), name).toBe(text)
      for (const section of new Set(file.sections.map((each) => each.name))) {
        const changed = setOption(text, { section, key: 'bangui_test', value: 'one\ntwo' })
        expect(removeOption(changed, section, 'bangui_test'), name).toBe(text)
      }
    }
  })

  it('is as before, byte for byte, when every jail was switched on and edited and everything was reverted', async () => {
    await using folder = await createFolder({})
    await cp(stock, folder.path, { recursive: true })
    const before = await filesOf(folder.path)
    const jails = configuredJails(await readFail2banConfig(folder.path)).map(({ name }) => name)
    expect(jails.length).toBeGreaterThan(80)
    const edits = (value: (key: string) => string | null): Edit[] =>
      jails.flatMap((name) => ['enabled', 'maxretry'].map((key) => setIn(name, key, value(key))))
    const written = await editIn(
      folder.path,
      edits((key) => (key === 'enabled' ? 'true' : '7')),
    )
    expect(Object.keys(written)).toEqual(['jail.d/zz-bangui.local'])
    const between = await readFail2banConfig(folder.path)
    expect(
      configuredJails(between).filter(({ enabled, maxretry }) => enabled && maxretry === 7),
    ).toHaveLength(jails.length)
    // in another order, in two changes
    const reverts = edits(() => null).toReversed()
    await editIn(folder.path, reverts.slice(0, 31))
    await editIn(folder.path, reverts.slice(31))
    expect(await filesOf(folder.path)).toEqual(before)
  })

  it('may change in plain parameters of actions, and in no command, as fail2ban itself reads them', async () => {
    await using folder = await createFolder({ 'jail.local': '[sshd]\nenabled = true\nlogpath = /dev/null\n' })
    await cp(stock, folder.path, { recursive: true })
    const draft = emptyDraft(await readFail2banConfig(folder.path), 'all')
    const find = async (...edits: Edit[]) => findForbiddenCommand(await planChange(draft, edits), { client })
    const file: Edit = {
      kind: 'file',
      file: 'jail.d/new.local',
      content: '[shop]\nfilter = sshd\nport = 8080\n',
    }
    const allowed = [setIn('sshd', 'port', '2222'), setIn('recidive', 'protocol', 'tcp,udp')]
    const created: Edit = { kind: 'create', scope: 'jail', name: 'copy', from: 'recidive' }
    expect(await find(...allowed, created, file)).toBeUndefined()
    // it reads every jail
    const inDefault: Edit = { kind: 'set', scope: 'default', key: 'action_', value: 'dummy' }
    for (const edit of [
      ...(binDir === undefined ? [inDefault] : []),
      setIn('sshd', 'action', 'dummy[name="$(touch x)"]'),
      { ...file, content: `${file.content}ignorecommand = touch x\n` },
      setIn('sshd', 'failregex', '^ z (?P<ip4>.+)$'),
      setIn('sshd', 'prefregex', '^<F-ID>.+</F-ID> <F-CONTENT>.+</F-CONTENT>$'),
      setIn('sshd', 'usedns', 'raw'),
    ] as Edit[])
      expect(await find(edit), JSON.stringify(edit)).toMatchObject({ needs: 'all' })
  })
})
