import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { comparable, streamOf } from '../../test/stream-of.ts'
import { findFail2banVersions } from '../testing.ts'
import { readDefinitions } from './definitions.ts'
import { dumpConfig } from './dump-config.ts'
import type { StreamCommand } from './dump-config.ts'
import { configuredJails } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'
import { resolveJail } from './resolve-jail.ts'

/** The commands of each jail, in the order of the stream. */
function byJail(stream: readonly StreamCommand[]): Map<string, StreamCommand[]> {
  const jails = new Map<string, StreamCommand[]>()
  for (const command of stream) {
    const [verb, name] = command
    if (verb === 'add' && typeof name === 'string') jails.set(name, [])
    if (verb !== 'start' && typeof name === 'string') jails.get(name)?.push(command)
  }
  return jails
}

describe.each(findFail2banVersions())('the configuration that comes with fail2ban $version', ({ binDir, version }) => {
  const stock = binDir === undefined ? '/etc/fail2ban' : join(binDir, '..', 'conf')
  const client = binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client')

  it('is what fail2ban makes of it, with every jail and every action on', async () => {
    await using folder = await createFolder({})
    await cp(stock, folder.path, { recursive: true })
    const config = await readFail2banConfig(folder.path, version)
    const names = configuredJails(config).map(({ name }) => name)
    await folder.write('jail.local', names.map((name) => `[${name}]\nenabled = true\n`).join('\n'))
    const all = await readFail2banConfig(folder.path, version)
    const definitions = await readDefinitions(all, names)
    const dump = await dumpConfig({ path: folder.path, configDir: folder.path }, { client })
    const expected = byJail(dump.stream)
    expect(expected.size).toBeGreaterThan(80)
    for (const name of names) {
      const resolved = resolveJail(all, name, { definitions, replacesConditional: version >= '1.1.1' })
      expect(comparable(streamOf(resolved, { configDir: folder.path, version })), name).toEqual(
        comparable(expected.get(name) ?? []),
      )
    }
  })
})
