import { resultOf, sleep } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import type { PendingRecovery, RecoveryProgress, RollbackResult, RollbackStep } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import { missingOf } from '../jails/jail-list.ts'

type RecoveryDeps = Pick<HostDeps, 'host' | 'changes' | 'state' | 'monitor' | 'jails' | 'clock' | 'log'>

/** How long the daemon has to be up after a rollback, in milliseconds. */
const UP_TIMEOUT_MS = 10_000

/** Undoes the failed change and recovers the daemon; the live stream shows each step as it happens. */
export async function rollback(deps: RecoveryDeps): Promise<RollbackResult> {
  refuseDuringRollback(deps)
  const pending = deps.state.get().pendingRecovery
  if (!pending) throw new AppError('recovery_none')
  await show(deps, () => startOf(pending, deps.clock()))
  try {
    const result = await deps.monitor.withActivity('starting', () =>
      resultOf(
        deps.host.config.rollback(pending),
        (step) => void show(deps, (progress) => nextStep(progress, step)),
      ),
    )
    if (pending.changeId !== null) await deps.changes.noteState(pending.changeId, 'reverted')
    return await finish(deps, pending, result)
  } catch (error) {
    await fail(deps, error)
    throw error
  }
}

/** Rolls back at once: the change that waits to be confirmed, or else the failed change. */
export const rollbackNow = async (
  deps: RecoveryDeps & Pick<HostDeps, 'confirmations'>,
): Promise<RollbackResult> => (await deps.confirmations.rollBack()) ?? rollback(deps)

/** Removes the record of the failed change, and with it the offer to roll back. */
export async function dismissRecovery(deps: RecoveryDeps): Promise<{ dismissed: boolean }> {
  refuseDuringRollback(deps)
  const { pendingRecovery } = deps.state.get()
  const dismissed = pendingRecovery !== null
  if (pendingRecovery?.cause === 'not_confirmed' && !pendingRecovery.recovered)
    await keepUnconfirmed(deps, pendingRecovery)
  // nor are they missing after a restart of BanGUI
  const missing = pendingRecovery && !pendingRecovery.recovered ? pendingRecovery.missingJails : []
  for (const name of missing) await deps.jails.stopped.add(name, deps.clock())
  await deps.state.update((state) => ({
    ...state,
    pendingRecovery: null,
    lastActivation: null,
    recovery: null,
  }))
  return { dismissed }
}

/** Keeps a change that could not be rolled back: with the record, nothing else would end its wait. */
async function keepUnconfirmed(deps: RecoveryDeps, { changeId }: PendingRecovery): Promise<void> {
  if (changeId === null) return
  await deps.host.config.confirm(changeId).catch((error: unknown) => {
    // it was rolled back as far as its record
    if (!isHostError(error, 'config_changed')) throw error
  })
  await deps.changes.noteState(changeId, 'applied')
}

/** @throws AppError change_pending while a change waits to be confirmed */
export function refuseWhileUnconfirmed(deps: Pick<HostDeps, 'state'>): void {
  const { unconfirmedChange } = deps.state.get()
  if (unconfirmedChange) throw new AppError('change_pending', { title: unconfirmedChange.title })
}

/** Refuses while a rollback is under way. */
export function refuseDuringRollback(deps: Pick<HostDeps, 'state'>): void {
  const { recovery } = deps.state.get()
  if (recovery && recovery.step !== 'done' && recovery.step !== 'failed') throw new AppError('busy')
}

async function finish(
  deps: RecoveryDeps,
  pending: PendingRecovery,
  result: RollbackResult,
): Promise<RollbackResult> {
  await show(deps, (progress) => nextStep(progress, 'waiting'))
  const online = await waitUntilUp(deps)
  const missingJails = online ? await stillMissing(deps, pending) : []
  const recovered = online && missingJails.length === 0
  await keep(deps, (state) => ({
    ...state,
    lastActivation: online ? null : state.lastActivation,
    pendingRecovery:
      state.pendingRecovery && online
        ? { ...state.pendingRecovery, recovered, missingJails }
        : state.pendingRecovery,
    recovery: state.recovery && {
      ...state.recovery,
      step: recovered ? 'done' : 'failed',
      done: online ? [...state.recovery.done, 'waiting'] : state.recovery.done,
      output: result.output,
      message: problemOf(online, missingJails),
    },
  }))
  if (recovered)
    deps.log.info(
      { event: 'rollback_complete', jail: pending.jailName, restored: result.restored },
      'rolled back',
    )
  deps.monitor.probeOften()
  return { ...result, online }
}

const problemOf = (online: boolean, missingJails: readonly string[]) => {
  if (!online) return 'fail2ban did not respond within 10 seconds.'
  return missingJails.length > 0
    ? `fail2ban is running, but these jails are not: ${missingJails.join(', ')}.`
    : null
}

/** The jails of the record that are switched on and do not run. */
async function stillMissing(deps: RecoveryDeps, { missingJails }: PendingRecovery): Promise<string[]> {
  if (missingJails.length === 0) return []
  const jails = await deps.jails.refresh().catch((error: unknown) => {
    deps.log.warn({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
    return []
  })
  const missing = missingOf(jails)
  return missingJails.filter((name) => missing.includes(name))
}

async function waitUntilUp(deps: RecoveryDeps): Promise<boolean> {
  const deadline = performance.now() + UP_TIMEOUT_MS
  for (;;) {
    const status = await deps.monitor.probe()
    if (status.online && status.responding) return true
    if (performance.now() >= deadline) return false
    await sleep(250)
  }
}

async function fail(deps: RecoveryDeps, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : 'The rollback failed.'
  const output = isHostError(error, 'start_failed', 'outcome_unknown') ? message : null
  deps.log.warn({ event: 'rollback_failed', err: error }, 'the rollback failed')
  await show(deps, (progress) => progress && { ...progress, step: 'failed', message, output })
  deps.monitor.probeOften()
  await deps.monitor.probe()
}

const show = (deps: RecoveryDeps, change: (progress: RecoveryProgress | null) => RecoveryProgress | null) =>
  keep(deps, (state) => ({ ...state, recovery: change(state.recovery) }))

/** A database that fails must not keep the daemon from coming back: the state holds it until it can be saved. */
async function keep(deps: RecoveryDeps, change: (state: RuntimeState) => RuntimeState): Promise<void> {
  try {
    await deps.state.update(change)
  } catch (error) {
    deps.log.error({ event: 'state_save_failed', err: error }, 'the state could not be saved')
  }
}

const startOf = (pending: PendingRecovery, now: number): RecoveryProgress => ({
  jailName: pending.jailName,
  startedAt: now,
  step: 'restoring',
  done: [],
  message: null,
  output: null,
})

const nextStep = (progress: RecoveryProgress | null, step: RollbackStep): RecoveryProgress | null => {
  if (!progress || progress.step === step || progress.step === 'done' || progress.step === 'failed')
    return progress
  return { ...progress, step, done: [...progress.done, progress.step] }
}
