import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { dumpOwnSettings } from '../../test/resolved-stream.ts'
import { findFail2banVersions } from '../testing.ts'
import { readDefinitions } from './definitions.ts'
import { effectiveSettings } from './effective-settings.ts'
import { configuredJails, parseWhole } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'

const layers = {
  'fail2ban.local': '[Definition]\nloglevel = DEBUG\ndbpurgeage = 2d\n[Thread]\nstacksize = 64\n',
  'fail2ban.d/x.conf': '[DEFAULT]\nage = 3d\n[Definition]\ndbpurgeage = %(age)s\ndbmaxmatches = 7\n',
}

describe.each(findFail2banVersions())('the effective settings of fail2ban $version', (tested) => {
  const stock = tested.binDir === undefined ? '/etc/fail2ban' : join(tested.binDir, '..', 'conf')

  it.each([
    ['as they come', {}],
    ['with files over them', layers],
  ])('are those of fail2ban-client, %s', async (_, files) => {
    await using folder = await createFolder({})
    await cp(stock, folder.path, { recursive: true })
    for (const [name, text] of Object.entries(files)) await folder.write(name, text)
    const config = await readFail2banConfig(folder.path)
    const settings = effectiveSettings({ config, definitions: new Map() }, { scope: 'fail2ban' })
    const found = new Map(settings.map(({ key, value }) => [key, value]))
    const { thread, dbmaxmatches, ...texts } = await dumpOwnSettings(folder.path, tested)
    expect(Object.keys(texts).length).toBeGreaterThan(4)
    for (const [key, value] of Object.entries(texts)) expect(found.get(key), key).toBe(value)
    expect(parseWhole(found.get('dbmaxmatches') ?? '')).toBe(dbmaxmatches)
    const [stacksize] = typeof thread === 'object' && thread !== null ? Object.values(thread) : [0]
    expect(parseWhole(found.get('stacksize') ?? '')).toBe(stacksize ?? 0)
  })
})

describe('the places of a setting', () => {
  it('decide one after the other, as each before is taken away', async () => {
    await using folder = await createFolder({})
    await cp('/etc/fail2ban', folder.path, { recursive: true })
    const sections = '[DEFAULT]\nbantime = 11m\nusedns = raw\n[sshd]\nbantime = 12m\nmaxretry = 21\n'
    await folder.write('jail.d/a.conf', `${sections}logencoding = utf-8\n`)
    await folder.write(
      'jail.local',
      '[DEFAULT]\nbantime = 13m\nmaxmatches = 4\n[sshd]\nbantime = %(findtime)s\nport = 2222\n',
    )
    await folder.write('jail.d/z.local', '[sshd]\nfindtime = 14m\nmaxretry = 22\nport = %(known/port)s,22\n')
    const read = async () => {
      const config = await readFail2banConfig(folder.path)
      const definitions = await readDefinitions(
        config,
        configuredJails(config).map(({ name }) => name),
      )
      return effectiveSettings({ config, definitions }, { scope: 'jail', name: 'sshd' })
    }
    const keys = ['bantime', 'findtime', 'maxretry', 'maxmatches', 'usedns', 'logencoding', 'port']
    for (const key of keys) {
      const restore: [string, string][] = []
      for (let turn = 0; ; turn++) {
        const setting = (await read()).find((each) => each.section === 'sshd' && each.key === key)
        const file = setting?.file
        if (!file) break
        const [next] = setting.overrides
        const text = await readFile(file, 'utf8')
        restore.unshift([file, text])
        await writeFile(file, withoutLine(text, setting.line ?? 0))
        const after = (await read()).find((each) => each.section === 'sshd' && each.key === key)
        // what is known of a replaced value goes with the place that replaced it
        if (!setting.raw?.includes('%(known/')) expect(after?.value, `${key}, ${turn}`).toBe(next?.value)
        expect([after?.file ?? null, after?.line ?? null], `${key}, ${turn}`).toEqual([
          next?.file ?? null,
          next?.line ?? null,
        ])
      }
      for (const [file, text] of restore) await writeFile(file, text)
    }
  })
})

/** Empties a line, so that the others keep their numbers. */
const withoutLine = (text: string, line: number): string =>
  text
    .split('\n')
    .map((each, index) => (index === line - 1 ? '#' : each))
    .join('\n')
