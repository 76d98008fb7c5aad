import { loadSteps, type ChangeLoad, type LoadStep } from '@bangui/shared'
import { jailArgument } from '../commands.ts'
import type { StreamCommand } from '../config/dump-config.ts'
import { evaluatedSeconds } from '../config/evaluated-seconds.ts'
import { ConfigUnreadableError, Fail2banCommandError, ToolMissingError } from '../errors.ts'
import { readStream } from '../health/collect/read-stream.ts'
import type { StreamJail } from '../health/seen/config-seen.ts'
import { commandsBefore } from './commands-before.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { restartInstead } from './plan-load.ts'

/**
 * Returns those of the jails that run with other actions than a command stream has. A reload exchanges the actions of such a jail
 * without undoing their rules, which leaves its bans without a rule: it has to be restarted.
 */
export async function findStaleActions(
  context: Pick<LocalHostContext, 'connection'>,
  stream: readonly StreamCommand[],
  jails: readonly string[],
): Promise<ReadonlySet<string>> {
  const stale = new Set<string>()
  if (jails.length === 0) return stale
  const configured = readStream(stream).jails.filter(({ name, starts }) => starts && jails.includes(name))
  for (const jail of configured) if (await hasOtherActions(context, jail)) stale.add(jail.name)
  return stale
}

/** As {@link findStaleActions}, with the configuration as it stands. Empty: fail2ban-client cannot say what it means. */
export async function findStaleJails(
  context: Pick<LocalHostContext, 'connection' | 'configDir' | 'client' | 'configReader'>,
  jails: readonly string[],
): Promise<ReadonlySet<string>> {
  if (jails.length === 0) return new Set()
  try {
    const { stream } = await commandsBefore(context)
    return await findStaleActions(context, stream, jails)
  } catch (error) {
    // the load fails in the same way, and says so
    if (error instanceof ConfigUnreadableError || error instanceof ToolMissingError) return new Set()
    throw error
  }
}

/** Returns a load in which those of the running jails are restarted that a reload would leave with bans without a rule. */
export async function restartStale(
  context: LocalHostContext,
  load: ChangeLoad,
  { stream, running }: { readonly stream: readonly StreamCommand[]; readonly running: readonly string[] },
): Promise<ChangeLoad> {
  const isReloaded = ({ jail, how }: LoadStep) => how === 'reload' && running.includes(jail)
  const reloaded = loadSteps(load).flatMap((step) => (isReloaded(step) ? [step.jail] : []))
  return restartInstead(load, await findStaleActions(context, stream, reloaded))
}

async function hasOtherActions(
  { connection }: Pick<LocalHostContext, 'connection'>,
  { name: jail, actions }: StreamJail,
): Promise<boolean> {
  const get = (...args: readonly string[]) => connection.request(['get', jailArgument(jail), ...args])
  try {
    const names = textsOf(await get('actions'))
    if (names.length !== actions.length || !actions.every(({ name }) => names.includes(name))) return true
    for (const { name, properties } of actions) {
      // an action in Python has none in the stream
      if (properties.size === 0) continue
      const known = textsOf(await get('actionproperties', name))
      const wanted = [...properties.keys()].filter((key) => !ignored(key))
      if (!wanted.every((key) => known.includes(key))) return true
      // one for a family of addresses stays over a reload
      if (known.some((key) => key.includes('?') && !properties.has(key))) return true
      const running = await Promise.all(wanted.map((key) => get('action', name, key)))
      if (wanted.some((key, index) => !isSame(key, properties.get(key) ?? '', running[index]))) return true
    }
    return false
  } catch (error) {
    // the jail was stopped in this moment
    if (error instanceof Fail2banCommandError) return false
    throw error
  }
}

/** As in a command stream. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value ?? '')
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** fail2ban drops the bantime (`WRAP_CMD_PARAMS` in `action.py`), and `known/…` is for its own reading. */
const ignored = (key: string) => key === 'bantime' || key.startsWith('known/')

function isSame(key: string, configured: string, running: unknown): boolean {
  if (key !== 'timeout') return configured === textOf(running)
  const seconds = evaluatedSeconds(configured)
  return seconds.kind !== 'number' || seconds.value === Number(running)
}
