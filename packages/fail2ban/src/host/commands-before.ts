import { dumpConfig, type StreamCommand } from '../config/dump-config.ts'
import { readDump, type DumpReading } from '../config/read-dump.ts'
import { stageConfig } from '../config/stage.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** What fail2ban makes of the configuration before a change. */
export interface CommandsBefore {
  readonly stream: readonly StreamCommand[]
  readonly dump: DumpReading
}

type Context = Pick<LocalHostContext, 'client' | 'configDir' | 'configReader'>

/**
 * Returns what fail2ban-client makes of the configuration as it is now. It is asked again only when a file of the configuration
 * has changed, or after minutes. @throws ConfigUnreadableError, ToolMissingError
 */
export async function commandsBefore(context: Context): Promise<CommandsBefore> {
  const { stream, dump } = await context.configReader.read()
  if (stream !== null && dump !== null) return { stream, dump }
  // in a copy, fail2ban-client waits for no file and sees no log that it may not
  await using staged = await stageConfig(context.configDir)
  const dumped = await dumpConfig(staged, { client: context.client })
  return { stream: dumped.stream, dump: readDump(dumped) }
}

/**
 * Returns the commands before a change that fit those after it: read again where a jail that the change does not name has other logs,
 * since logs can appear and vanish while no file of the configuration changes.
 */
export async function commandsWithLogs(
  context: Context,
  before: CommandsBefore,
  { after, named }: { readonly after: readonly StreamCommand[]; readonly named: readonly string[] },
): Promise<CommandsBefore> {
  if (logsIn(before.stream, named) === logsIn(after, named)) return before
  context.configReader.forget()
  return commandsBefore(context)
}

/** What depends on the logs that are there: their paths, and which jails are started and left out. */
const logsIn = (stream: readonly StreamCommand[], without: readonly string[]): string =>
  stream
    .filter(([verb, target, option]) => {
      if (typeof target === 'string' && without.includes(target)) return false
      return verb === 'start' || verb === 'config-error' || option === 'addlogpath'
    })
    .map((command) => JSON.stringify(command))
    .join('\n')
