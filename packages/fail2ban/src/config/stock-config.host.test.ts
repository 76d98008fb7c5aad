import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { findFail2banVersions } from '../testing.ts'
import { readDefinitions } from './definitions.ts'
import { dumpConfig } from './dump-config.ts'
import { findFolderFaults } from './folder-faults.ts'
import { findJailFaults } from './jail-faults.ts'
import { configuredJails } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'
import { readDump } from './read-dump.ts'

describe.each(findFail2banVersions())('the configuration that comes with fail2ban $version', ({ binDir }) => {
  const stock = binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf')
  const client = binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client')

  it('has no fault that fail2ban does not find, as it is and with every jail and every action switched on', async () => {
    await using folder = await createFolder({})
    await cp(stock, folder.path, { recursive: true })
    const find = async () => {
      const config = await readFail2banConfig(folder.path)
      const jails = configuredJails(config)
      const names = jails.filter(({ enabled }) => enabled).map(({ name }) => name)
      const definitions = await readDefinitions(config, names)
      const faulty = names.filter((name) => findJailFaults(config, name, definitions).length > 0)
      return { config, jails, names, faulty, folderFaults: findFolderFaults(config, new Map()) }
    }
    const before = await find()
    expect(before).toMatchObject({ faulty: [], folderFaults: [] })
    const on = 'enabled = true\nlogpath = /dev/null\nbackend = polling\n'
    const actions = [...(before.config.actions ?? [])].filter((name) => !name.endsWith('-common'))
    await folder.write(
      'jail.local',
      [
        ...before.jails.map(({ name }) => `[${name}]\n${on}`),
        ...actions.map((name) => `[with-${name}]\n${on}filter = sshd\naction = ${name}\n`),
      ].join('\n'),
    )
    const all = await find()
    expect(all.names.length).toBeGreaterThan(80)
    expect(all.folderFaults).toEqual([])
    const dump = readDump(await dumpConfig({ path: folder.path, configDir: folder.path }, { client }))
    expect(dump).toMatchObject({ refusals: [], isRefused: false })
    expect(all.faulty).toEqual([...dump.wrongJails.keys()])
  })
})
