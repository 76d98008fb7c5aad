import { findMissingJails, isFullLoad, loadSteps } from '@bangui/shared'
import { findConfiguredJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { Fail2banUnavailableError } from '../errors.ts'
import { findDaemon, listDaemonJails, waitUntil } from './daemon.ts'
import { jailsWithoutLog } from './jails-without-log.ts'
import type { LoadResult } from './load-change.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { noteState } from './note-state.ts'
import { isLoadOnly, isStopOnly, type SavedChange } from './saved-change.ts'

/** How long a daemon has to go on after a load that starts actions, in milliseconds. */
const OBSERVED_MS = 250

/** Returns the jails of a change that fail2ban leaves out because they have no log. */
export async function jailsLeftOut(context: LocalHostContext, { load }: SavedChange): Promise<string[]> {
  const loaded = loadSteps(load)
    .filter(({ how }) => how !== 'stop')
    .map(({ jail }) => jail)
  if (loaded.length === 0) return []
  const withoutLog = await jailsWithoutLog(context)
  return loaded.filter((jail) => withoutLog.has(jail))
}

/**
 * Returns the running jails; null: the daemon does not run, and the change may wait for its next start.
 * @throws Fail2banUnavailableError where it may not
 */
export async function jailsBefore(context: LocalHostContext, change: SavedChange): Promise<string[] | null> {
  const found = await findDaemon(context)
  if (found.state === 'up') return listDaemonJails(context)
  // one that is busy stops a jail when it listens again
  if (found.state === 'silent' && isStopOnly(change)) return [...change.expect.before]
  if (found.state === 'down' && !isLoadOnly(change) && (await mayWait(context, change))) return null
  await noteState(context, change.id, 'abandoned')
  if (found.state !== 'down') {
    throw new Fail2banUnavailableError('timeout', 'fail2ban does not answer, so nothing was changed.')
  }
  const reason = found.staleSocket ? 'refused' : 'socket_missing'
  throw new Fail2banUnavailableError(
    reason,
    'fail2ban is not running, so nothing was changed. Start it first.',
  )
}

/** Returns whether a change can wait for the next start of fail2ban: it enables nothing and loads nothing. */
async function mayWait(context: LocalHostContext, { load }: SavedChange): Promise<boolean> {
  // a restart loads what is enabled, as the next start will
  const config = await readFail2banConfig(context.configDir)
  return loadSteps(load).every(
    ({ jail, how }) =>
      how === 'stop' || (how !== 'start' && findConfiguredJail(config, jail)?.enabled !== true),
  )
}

/** Returns the names of the jails that should run after a change and do not, or that should not and do; null: the daemon ended. */
export async function compareJails(
  context: LocalHostContext,
  before: readonly string[],
  { change, load, leftOut }: Loaded,
): Promise<string[] | null> {
  if (load.refused === null && startsActions(change) && (await endsSoon(context))) return null
  const after = await jailsAfter(context)
  if (after === null) return null
  const isOwn = (name: string) => !isLoadOnly(change) || isLoadedBy(change, name)
  const missing = findMissingJails({ ...change.expect, before }, after).filter(
    (name) => !leftOut.includes(name) && isOwn(name),
  )
  return [...missing, ...change.expect.stopped.filter((name) => after.includes(name))]
}

/** Returns whether a load without files is about a jail: what somebody else stops meanwhile is not missing because of it. */
const isLoadedBy = ({ load }: SavedChange, name: string) =>
  isFullLoad(load) || loadSteps(load).some(({ jail }) => jail === name)

interface Loaded {
  readonly change: SavedChange
  readonly load: LoadResult
  readonly leftOut: readonly string[]
}

const startsActions = ({ load }: SavedChange) =>
  load === 'daemon-restart' ||
  isFullLoad(load) ||
  loadSteps(load).some(({ how }) => how === 'start' || how === 'restart')

/**
 * Returns whether the daemon ends right after a load. The action of a jail starts beside the load, which has then succeeded: one that
 * ends the daemon does so a moment later.
 */
export const endsSoon = (context: LocalHostContext): Promise<boolean> =>
  waitUntil(async () => (await findDaemon(context)).state === 'down', OBSERVED_MS)

/** Returns the jails of the daemon; null: it ended. One that is still busy with the load is waited for. */
export async function jailsAfter(context: LocalHostContext): Promise<string[] | null> {
  let state = await findDaemon(context)
  const settled = async () => {
    state = await findDaemon(context)
    return state.state !== 'silent'
  }
  if (state.state === 'silent') await waitUntil(settled, deadlines.busy)
  if (state.state === 'down') return null
  return listDaemonJails(context).catch(async (error: unknown) => {
    // it answered a moment ago, and may end in this one
    if (await waitUntil(async () => (await findDaemon(context)).state === 'down', OBSERVED_MS)) return null
    throw error
  })
}
