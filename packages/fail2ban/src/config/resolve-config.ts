import { readDefinitions } from './definitions.ts'
import { configuredJails } from './list-jails.ts'
import { readFail2banConfig } from './read-config.ts'
import { resolveJail } from './resolve-jail.ts'
import type { ResolvedJail, ResolveOptions } from './resolve-jail.ts'

/** Reads a configuration folder and resolves its enabled jails. @throws ConfigUnreadableError */
export async function resolveConfig(
  configDir: string,
  { version, ...options }: ResolveOptions & { readonly version?: string } = {},
): Promise<ResolvedJail[]> {
  const config = await readFail2banConfig(configDir, version)
  const enabled = configuredJails(config).filter((jail) => jail.enabled)
  const names = enabled.map(({ name }) => name)
  const definitions = await readDefinitions(config, names)
  return names.map((name) => resolveJail(config, name, { definitions, ...options }))
}
