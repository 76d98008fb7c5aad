import { stopJail as sendStop } from '../commands.ts'
import { hasJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig } from '../config/stage.ts'
import { isEnabled } from '../config/switch-jail.ts'
import {
  ConfigRefusedError,
  Fail2banCommandError,
  Fail2banUnavailableError,
  JailDisabledError,
  JailUnknownError,
  LoadCancelledError,
  OutcomeUnknownError,
} from '../errors.ts'
import type { LoadOutcome } from '../host-models.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { findDaemon, isAnswering, listDaemonJails, waitUntil } from './daemon.ts'
import { jailsWithoutLog, whyLeftOut } from './jails-without-log.ts'
import { loadJail } from './load-jail.ts'
import { validateStaged } from './stage-change.ts'

/**
 * Starts a jail that the configuration has and switches on, tested and rehearsed first.
 * @throws JailUnknownError, JailDisabledError, ConfigRefusedError (nothing was touched), Fail2banCommandError (the daemon did
 * not take it), Fail2banUnavailableError
 */
export async function startJail(context: LocalHostContext, name: string): Promise<void> {
  await assertConfigured(context, name)
  const { ok, missingJails, output } = await reloadJail(context, name)
  // a jail that somebody else stopped meanwhile is not missing because of this load
  const isRefused = !ok && (missingJails.length === 0 || missingJails.includes(name))
  // a load that succeeded may still say why the jail does not run
  if (isRefused || output !== null)
    throw new Fail2banCommandError('LoadRefused', output ?? `fail2ban did not start ${name}.`)
}

/**
 * Loads the configuration of a jail again and nothing else, tested and rehearsed first; its bans stay.
 * @throws JailUnknownError, JailDisabledError, ConfigRefusedError (nothing was touched), LoadCancelledError,
 * Fail2banUnavailableError
 */
export async function reloadJail(context: LocalHostContext, name: string): Promise<LoadOutcome> {
  await assertConfigured(context, name)
  const before = await listJailsOrThrow(context)
  await assertLoadable(context, name)
  const load = await loadJail(context, name, true)
  const after = await listJailsOrThrow(context)
  const isLeftOut = !after.includes(name) && (await jailsWithoutLog(context)).has(name)
  const wanted = isLeftOut ? before : [...new Set([...before, name])]
  const missingJails = wanted.filter((jail) => !after.includes(jail))
  if (load.cancelled === true && missingJails.every((jail) => jail === name && !before.includes(name)))
    throw new LoadCancelledError()
  const ok = load.refused === null && missingJails.length === 0
  if (isLeftOut) return { ok, missingJails, output: whyLeftOut(name) }
  return { ok, missingJails, output: ok ? null : (load.refused ?? load.output) }
}

/**
 * Takes a jail out of the daemon, which ends its bans one by one and answers nobody meanwhile.
 * @throws JailUnknownError, OutcomeUnknownError when it still runs after the daemon was silent
 */
export async function stopJail(context: LocalHostContext, name: string): Promise<void> {
  try {
    await sendStop(context.connection, name, deadlines.stop)
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error
    await waitUntil(() => isAnswering(context), deadlines.busy)
    if ((await listDaemonJails(context)).includes(name)) throw error
  }
}

async function assertConfigured(context: LocalHostContext, name: string): Promise<void> {
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  if (isEnabled(config, name)) return
  throw new JailDisabledError(name)
}

async function listJailsOrThrow(context: LocalHostContext): Promise<string[]> {
  const { state } = await findDaemon(context)
  if (state === 'up') return listDaemonJails(context)
  if (state === 'down')
    throw new Fail2banUnavailableError('refused', 'fail2ban is not running. Start it first.')
  throw new Fail2banUnavailableError('timeout', 'fail2ban is running but does not respond.')
}

async function assertLoadable(context: LocalHostContext, name: string): Promise<void> {
  await using staged = await stageConfig(context.configDir)
  const { refused } = await validateStaged(context, staged, { jails: [name], before: null })
  if (refused !== null) throw new ConfigRefusedError(refused)
}
