import type { Fail2banConfig } from '../config/config-model.ts'
import { dumpConfig } from '../config/dump-config.ts'
import { interpolate } from '../config/interpolate.ts'
import { configuredJails } from '../config/list-jails.ts'
import { isYes } from '../config/options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { readDump } from '../config/read-dump.ts'
import { ToolMissingError } from '../errors.ts'
import type { LocalHostContext } from './local-host-context.ts'

/**
 * Returns the names of the jails that fail2ban leaves out without an error, since they have no log file and set `skip_if_nologs`
 * (1.1.1; before, such a jail keeps fail2ban from starting). Only fail2ban-client knows whether it does so.
 * @throws ConfigUnreadableError
 */
export async function jailsWithoutLog(
  context: Pick<LocalHostContext, 'client' | 'configDir'>,
  config?: Fail2banConfig,
): Promise<ReadonlySet<string>> {
  const { client, configDir } = context
  if (!mayLeaveOut(config ?? (await readFail2banConfig(configDir)))) return new Set()
  try {
    return readDump(await dumpConfig({ path: configDir, configDir }, { client })).jailsWithoutLog
  } catch (error) {
    if (error instanceof ToolMissingError) return new Set()
    throw error
  }
}

const mayLeaveOut = (config: Fail2banConfig): boolean =>
  configuredJails(config).some(({ name, enabled }) => enabled && maySkip(config, name))

/** Returns whether a jail is set to be left out while it has no log. */
export const maySkip = (config: Fail2banConfig, name: string): boolean =>
  isYes(interpolate(config.jail, name, 'skip_if_nologs')?.value ?? '')

/** Returns the jails that fail2ban runs after a load of the whole configuration: switched on, and not left out. */
export async function expectedJails(
  context: Pick<LocalHostContext, 'client' | 'configDir'>,
  config: Fail2banConfig,
): Promise<string[]> {
  const leftOut = await jailsWithoutLog(context, config)
  return configuredJails(config)
    .filter(({ name, enabled }) => enabled && !leftOut.has(name))
    .map(({ name }) => name)
}

/** Why a jail that was loaded does not run, in words. */
export const whyLeftOut = (name: string): string =>
  `fail2ban skips ${name}: the jail has no log file, and skip_if_nologs is set. Once the log file exists, the jail starts at the next reload.`
