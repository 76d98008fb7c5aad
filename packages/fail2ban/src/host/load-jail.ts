import { isJailName } from '@bangui/shared'
import { isUnknownJail, stopJail as sendStop } from '../commands.ts'
import { tidyOutput } from '../config/tools.ts'
import { Fail2banCommandError, Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import type { JailBan } from '../models/ban-models.ts'
import { deadlines, runLoad, type LocalHostContext } from './local-host-context.ts'
import { isAnswering, listDaemonJails, waitUntil } from './daemon.ts'

/** How a narrow load ended. `refused`: the daemon's own words. */
export interface NarrowLoad {
  readonly refused: string | null
  /** somebody cancelled it; `refused` has the sentence, too */
  readonly cancelled?: boolean
  readonly output: string | null
  /** the bans that a jail had that was stopped, and that did not start again */
  readonly endedBans?: readonly JailBan[] | undefined
}

/** The names that `fail2ban-client reload` reads as an option. */
const clientOptions = new Set(['--restart', '--unban', '--if-exists'])

/**
 * Loads one jail as configured where it is `enabled`, else unloads it; no other jail is touched. Errors of the daemon or
 * its tool are returned.
 */
export async function loadJail(
  context: LocalHostContext,
  name: string,
  enabled: boolean,
): Promise<NarrowLoad> {
  if (!isJailName(name) || clientOptions.has(name))
    return {
      refused: 'BanGUI cannot load a jail with this name, because the name has another meaning in fail2ban.',
      output: null,
    }
  return enabled ? reloadJail(context, name) : unloadJail(context, name)
}

async function reloadJail(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  const first = await reloadOnce(context, name)
  // a jail that stood half-configured is deleted by its reload; the next one makes it anew
  if (first.refused === null && (await isMissing(context, name))) return reloadOnce(context, name)
  return first
}

const reloadOnce = (context: LocalHostContext, name: string) => load(context, ['--if-exists', name])

/** Loads the whole configuration. Errors of the daemon or its tool are returned. */
export const loadAll = (context: LocalHostContext): Promise<NarrowLoad> => load(context, [])

async function load(context: LocalHostContext, args: readonly string[]): Promise<NarrowLoad> {
  const result = await runLoad(context, ['reload', ...args])
  if (result.cancelled === true) return { refused: 'The load was cancelled.', cancelled: true, output: null }
  const late = result.timedOut ? 'fail2ban did not end loading in time.' : ''
  const { configDir } = context
  const text = tidyOutput(result.output, { path: configDir, configDir }).replace(/\n?OK$/, '')
  const output = [text, late].filter((part) => part !== '').join('\n') || null
  if (result.ok) return { refused: null, output }
  return { refused: output ?? `fail2ban-client ended with ${result.code ?? 'a signal'}.`, output }
}

async function isMissing(context: LocalHostContext, name: string): Promise<boolean> {
  try {
    return !(await listDaemonJails(context)).includes(name)
  } catch {
    // ended or silent: loading again would not help
    return false
  }
}

/**
 * Stops a jail at once, also where the daemon is busy. An error of the daemon is returned.
 * @throws OutcomeUnknownError where it still runs after the daemon was silent
 */
export async function stopJail(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  try {
    await sendStop(context.connection, name, deadlines.stop)
  } catch (error) {
    if (error instanceof Fail2banCommandError)
      return { refused: isUnknownJail(error) ? null : error.message, output: null }
    if (!(error instanceof OutcomeUnknownError)) throw error
    await waitUntil(() => isAnswering(context), deadlines.busy)
    if ((await listDaemonJails(context)).includes(name)) throw error
  }
  return { refused: null, output: null }
}

/** Stops a jail. The timeout is long: the daemon unbans one by one, and answers nobody meanwhile. */
async function unloadJail(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  try {
    if (!(await listDaemonJails(context)).includes(name)) return { refused: null, output: null }
    await sendStop(context.connection, name, deadlines.stop)
    return { refused: null, output: null }
  } catch (error) {
    if (error instanceof Fail2banCommandError) {
      return { refused: isUnknownJail(error) ? null : error.message, output: error.message }
    }
    // the list of jails shows whether the jail has stopped
    if (error instanceof OutcomeUnknownError || error instanceof Fail2banUnavailableError) {
      return { refused: null, output: error.message }
    }
    throw error
  }
}
