import { join } from 'node:path'
import { dumpConfig } from '../src/config/dump-config.ts'
import type { StreamCommand } from '../src/config/dump-config.ts'
import type { PythonValue } from '../src/config/python-literal.ts'
import { resolveConfig } from '../src/config/resolve-config.ts'
import type { ResolvedJail } from '../src/config/resolve-jail.ts'
import type { TestedFail2ban } from '../src/testing.ts'
import { comparable, streamOf } from './stream-of.ts'

/** The commands of each jail in a form that can be compared, by jail. */
type Streams = ReadonlyMap<string, unknown[]>

/** Returns what `fail2ban-client -d` prints for each jail of a folder. */
export async function dumpJails(configDir: string, { binDir }: TestedFail2ban): Promise<Streams> {
  const client = binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client')
  const { ok, stream, output } = await dumpConfig({ path: configDir, configDir }, { client })
  if (!ok) throw new Error(output.slice(output.lastIndexOf('Failed during configuration')))
  const jails = new Map<string, StreamCommand[]>()
  for (const command of stream) {
    const [verb, name] = command
    if (typeof name !== 'string') continue
    if (verb === 'add') jails.set(name, [])
    if (verb !== 'start') jails.get(name)?.push(command)
  }
  return new Map([...jails].map(([name, commands]) => [name, comparable(commands)]))
}

/** Returns what BanGUI reads of the enabled jails of a folder. */
export const resolveJails = (configDir: string, version: string): Promise<ResolvedJail[]> =>
  resolveConfig(configDir, { version, replacesConditional: version >= '1.1.1' })

/** Returns what `fail2ban-client -d` would print for them. */
export const streamsOf = (
  jails: readonly ResolvedJail[],
  options: { readonly configDir: string; readonly version: string },
): Streams => new Map(jails.map((jail) => [jail.name, comparable(streamOf(jail, options))]))

/** Returns the settings of fail2ban itself as `fail2ban-client -d` prints them. */
export async function dumpOwnSettings(
  configDir: string,
  { binDir }: TestedFail2ban,
): Promise<Record<string, PythonValue>> {
  const client = binDir === undefined ? 'fail2ban-client' : join(binDir, 'fail2ban-client')
  const { stream } = await dumpConfig({ path: configDir, configDir }, { client })
  const own = stream.flatMap(([verb, key, value, ...more]) =>
    verb === 'set' && typeof key === 'string' && value !== undefined && more.length === 0
      ? [[key, value] as const]
      : [],
  )
  return Object.fromEntries(own)
}
