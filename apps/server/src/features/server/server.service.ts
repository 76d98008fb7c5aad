import { resultOf, sleep } from '@bangui/async'
import { readExecutor } from '@bangui/db'
import { isHostError, type LoadOutcome } from '@bangui/fail2ban'
import { CRASH_WINDOW_MS, type LastActivation, type ServerStatus } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { withFailedChange } from '../recovery/failed-change.ts'
import { refuseDuringRollback, refuseWhileUnconfirmed } from '../recovery/recovery.service.ts'

type ServerDeps = Pick<HostDeps, 'host' | 'state' | 'monitor' | 'jails' | 'clock' | 'log'>

/** How long after the end of the old process a restart has to bring the new one, in milliseconds. */
const BACK_TIMEOUT_MS = 30_000

/** Returns the process that holds the lock of this database, with its last heartbeat. */
export async function findExecutor(deps: Pick<HostDeps, 'database' | 'clock'>) {
  const executor = await readExecutor(deps.database.db)
  if (!executor) return null
  const heartbeatAgeSeconds = Math.max(0, Math.round((deps.clock() - executor.heartbeatAt) / 1000))
  const { pid, hostname, createdAt, heartbeatAt } = executor
  return { pid, hostname, createdAt, heartbeatAt, heartbeatAgeSeconds, thisProcess: pid === process.pid }
}

/** Starts the daemon; jails that should run and do not become a pending recovery. */
export async function startServer(deps: ServerDeps): Promise<ServerStatus> {
  refuseDuringRollback(deps)
  const outcome = await starting(deps, () => deps.host.daemon.start())
  await recordFailedLoad(deps, outcome)
  return deps.monitor.probe()
}

export async function stopServer(deps: ServerDeps): Promise<ServerStatus> {
  refuseDuringRollback(deps)
  await deliberately(deps, () =>
    deps.monitor.withActivity('stopping', async () => {
      await deps.host.daemon.stop()
      await deps.monitor.probe()
    }),
  )
  return deps.monitor.probe()
}

/** Cancels the load under way; the caller that waits for it cleans up. */
export async function cancelLoad(
  deps: Pick<HostDeps, 'host' | 'log'>,
  user: string,
): Promise<{ cancelled: boolean }> {
  const cancelled = await deps.host.config.cancelLoad()
  if (cancelled) deps.log.info({ event: 'load_cancelled', user }, 'a load was cancelled')
  return { cancelled }
}

/**
 * Stops and starts, which loads a change that is still in its window once more: the window begins anew, and a daemon
 * that is not back in time becomes a pending recovery of it.
 */
export async function restartServer(deps: ServerDeps): Promise<ServerStatus> {
  refuseDuringRollback(deps)
  refuseWhileUnconfirmed(deps)
  const change = unconfirmedChange(deps)
  let goneAt = performance.now()
  const onStopped = () => {
    goneAt = performance.now()
  }
  try {
    const outcome = await deliberately(deps, () =>
      starting(deps, () => resultOf(deps.host.daemon.restart(), onStopped)),
    )
    if (change) await remember(deps, { ...change, at: deps.clock() })
    await recordFailedLoad(deps, outcome)
  } catch (error) {
    const status = await deps.monitor.probe()
    if (!status.online && change) await reportNotBack(deps, change, goneAt)
    throw error
  }
  return deps.monitor.probe()
}

async function starting<TResult>(deps: ServerDeps, work: () => Promise<TResult>) {
  try {
    return await deps.monitor.withActivity('starting', async () => {
      const result = await work()
      await deps.monitor.probe()
      return result
    })
  } finally {
    deps.monitor.probeOften()
    await deps.monitor.probe()
  }
}

/** A stop that was asked for is no crash: the activation is forgotten first, and kept where nothing was touched. */
async function deliberately<TResult>(deps: ServerDeps, work: () => Promise<TResult>): Promise<TResult> {
  const { lastActivation, activationConfirmed } = deps.state.get()
  await deps.state.update((state) => ({ ...state, lastActivation: null, activationConfirmed: false }))
  try {
    return await work()
  } catch (error) {
    if (lastActivation && isUntouched(error)) await remember(deps, lastActivation, activationConfirmed)
    throw error
  }
}

const isUntouched = (error: unknown) => isHostError(error, 'busy', 'config_refused', 'config_unreadable')

const remember = (deps: ServerDeps, lastActivation: LastActivation, activationConfirmed = false) =>
  deps.state.update((state) =>
    state.lastActivation ? state : { ...state, lastActivation, activationConfirmed },
  )

function unconfirmedChange({ state, clock }: ServerDeps): LastActivation | null {
  const { lastActivation, activationConfirmed } = state.get()
  if (!lastActivation || activationConfirmed) return null
  return clock() - lastActivation.at <= CRASH_WINDOW_MS ? lastActivation : null
}

/** Records jails that a start lost as a pending recovery. @throws AppError daemon_refused where none is known to be lost */
async function recordFailedLoad(deps: ServerDeps, outcome: LoadOutcome): Promise<void> {
  const [first] = outcome.missingJails
  if (outcome.ok && first === undefined) return
  const now = deps.clock()
  await deps.state.update((state) =>
    withFailedChange(state, {
      jailName: first ?? null,
      activatedAt: now,
      detectedAt: now,
      cause: outcome.ok ? 'jails_missing' : 'load_refused',
      missingJails: [...outcome.missingJails],
      changeId: null,
    }),
  )
  if (!outcome.ok && first === undefined)
    throw new AppError('daemon_refused', { output: outcome.output ?? 'no reason given' })
}

async function reportNotBack(deps: ServerDeps, change: LastActivation, goneAt: number): Promise<void> {
  // a supervisor may still bring it back
  while (performance.now() < goneAt + BACK_TIMEOUT_MS) {
    const status = await deps.monitor.probe()
    if (status.online) return
    await sleep(500)
  }
  await deps.state.update((state) => {
    if (state.serverStatus.online) return state
    const { jailName, at: activatedAt, changeId } = change
    const record = { jailName, activatedAt, detectedAt: deps.clock(), changeId, missingJails: [] }
    return withFailedChange(state, { ...record, cause: 'not_back' })
  })
}
