import { stageConfig } from '../config/stage.ts'
import { ConfigRefusedError } from '../errors.ts'
import type { LoadOutcome } from '../models/daemon-models.ts'
import { checkConfig, describeFindings } from './check-config.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { waitUntil } from './daemon.ts'
import { isHolder } from './socket-guard.ts'
import { startDaemon } from './start-daemon.ts'
import { stopDaemon } from './stop-daemon.ts'

/** How long another process may take to listen in the place of a daemon that has ended, in milliseconds. */
const TAKE_OVER_MS = 250

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

/** Tests and rehearses the whole configuration: one bad value would cost every jail and every ban. @throws ConfigRefusedError */
export async function assertLoadable(context: LocalHostContext): Promise<void> {
  await using staged = await stageConfig(context.configDir)
  const found = await checkConfig(context, staged)
  if (found.length === 0) return
  throw new ConfigRefusedError(describeFindings(found).join('\n'))
}
