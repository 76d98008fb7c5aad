import { isJailName } from '@bangui/shared'
import { isUnknownJail, stopJail } from '../commands.ts'
import { tidyOutput } from '../config/tools.ts'
import { Fail2banCommandError, Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { deadlines, runLoad, type LocalHostContext } from './local-host-context.ts'
import { listDaemonJails } from './daemon.ts'

/** How a narrow load ended. `refused`: the daemon's own words. */
export interface NarrowLoad {
  readonly refused: string | null
  /** it was ended before its time; `refused` says so, too */
  readonly cancelled?: boolean
  readonly output: string | null
}

/** What `fail2ban-client reload` takes for an option where a name stands. */
const clientOptions = new Set(['--restart', '--unban', '--if-exists'])

/**
 * Brings one jail in the daemon to what the configuration says, touching no other: loads it when it is `enabled`,
 * else takes it away. Never throws for what the daemon or its tool answers.
 */
export async function loadJail(
  context: LocalHostContext,
  name: string,
  enabled: boolean,
): Promise<NarrowLoad> {
  if (!isJailName(name) || clientOptions.has(name))
    return {
      refused: 'BanGUI cannot load a jail of this name: it means something else to fail2ban.',
      output: null,
    }
  return enabled ? reloadJail(context, name) : takeAway(context, name)
}

async function reloadJail(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  const first = await reloadOnce(context, name)
  // a jail that stood half-configured is deleted by its reload; the next one makes it anew
  if (first.refused === null && (await isMissing(context, name))) return reloadOnce(context, name)
  return first
}

async function reloadOnce(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  const result = await runLoad(context, ['reload', '--if-exists', name])
  if (result.cancelled === true) return { refused: 'The load was cancelled.', cancelled: true, output: null }
  const late = result.timedOut ? 'fail2ban did not end loading in time.' : ''
  const { configDir } = context
  const said = tidyOutput(result.output, { path: configDir, configDir }).replace(/\n?OK$/, '')
  const output = [said, late].filter((part) => part !== '').join('\n') || null
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

/** Stopping unbans one by one while the daemon answers nobody, so the wait is long. */
async function takeAway(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  try {
    if (!(await listDaemonJails(context)).includes(name)) return { refused: null, output: null }
    await stopJail(context.connection, name, deadlines.stop)
    return { refused: null, output: null }
  } catch (error) {
    if (error instanceof Fail2banCommandError) {
      return { refused: isUnknownJail(error) ? null : error.message, output: error.message }
    }
    // whether it happened is seen from the list of jails
    if (error instanceof OutcomeUnknownError || error instanceof Fail2banUnavailableError) {
      return { refused: null, output: error.message }
    }
    throw error
  }
}
