import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig } from '../config/stage.ts'
import { ConfigRefusedError, Fail2banUnavailableError, LoadCancelledError } from '../errors.ts'
import type { LoadOutcome } from '../host-models.ts'
import { checkConfig, describeFindings } from './check-config.ts'
import { runLoad, type LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails, waitUntil } from './daemon.ts'
import { expectedJails } from './jails-without-log.ts'
import { isHolder } from './socket-guard.ts'
import { startDaemon } from './start-daemon.ts'
import { stopDaemon } from './stop-daemon.ts'

/** How long another process may take to listen in the place of a daemon that has ended, in milliseconds. */
const TAKE_OVER_MS = 250

/**
 * Loads the whole configuration. One bad value would cost every jail and every ban, so all of it is tested and rehearsed
 * first. @throws ConfigRefusedError (nothing was touched), LoadCancelledError, Fail2banUnavailableError
 */
export async function reloadAll(context: LocalHostContext): Promise<LoadOutcome> {
  const found = await findDaemon(context)
  if (found.state !== 'up')
    throw new Fail2banUnavailableError(
      found.state === 'down' ? 'refused' : 'timeout',
      unavailable(found.state),
    )
  await assertLoadable(context)
  const result = await runLoad(context, ['reload'])
  const running = new Set(await listDaemonJails(context))
  const wanted = await expectedJails(context, await readFail2banConfig(context.configDir))
  const missingJails = wanted.filter((name) => !running.has(name))
  if (result.cancelled === true && missingJails.length === 0) throw new LoadCancelledError()
  const ok = result.ok && missingJails.length === 0
  return { ok, missingJails, output: ok ? null : result.output }
}

/**
 * Stops and starts the daemon, after testing and rehearsing the configuration. `onStopped` is called when the old process has
 * ended. @throws ConfigRefusedError (nothing was changed), StartFailedError, Fail2banUnavailableError
 */
export async function restartDaemon(context: LocalHostContext, onStopped: () => void): Promise<LoadOutcome> {
  await assertLoadable(context)
  return stopAndStart(context, onStopped)
}

/** Stops and starts the daemon, whatever the configuration is. @throws StartFailedError, Fail2banUnavailableError */
export async function stopAndStart(context: LocalHostContext, onStopped: () => void): Promise<LoadOutcome> {
  await stopDaemon(context)
  onStopped()
  // a start command beside one who starts the daemon at a connection would start it twice
  await waitUntil(async () => isHolder(await context.guard.look()), TAKE_OVER_MS)
  return startDaemon(context)
}

/** All jails must pass: a full load touches every one. */
async function assertLoadable(context: LocalHostContext): Promise<void> {
  await using staged = await stageConfig(context.configDir)
  const found = await checkConfig(context, staged)
  if (found.length === 0) return
  throw new ConfigRefusedError(describeFindings(found).join('\n'))
}

const unavailable = (state: 'silent' | 'down') =>
  state === 'down'
    ? 'fail2ban is not running. Start it instead.'
    : 'fail2ban is running but does not respond.'
