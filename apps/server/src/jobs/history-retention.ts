import { nextTurn } from '@bangui/async'
import { DAY_MS, STATE_DAYS } from '@bangui/shared'
import {
  deleteOldAlerts,
  deleteOldFindings,
  deleteOldStateDays,
  type OperationLimits,
  type RetentionLimits,
} from '@bangui/db'
import type { Deps, HostDeps } from '../deps.ts'
import type { JobDefinition } from './scheduler.ts'

/** The newest operations that stay; older ones are deleted, whatever the retention. */
const MAX_OPERATIONS = 100_000

/** The newest findings of the protection's checks that are no longer there and stay. */
const MAX_ENDED_FINDINGS = 10_000

/** How long incidents that are resolved, and the messages about them, are kept. */
const ALERTS_MS = 90 * DAY_MS

/** The newest incidents, and the newest messages, that stay, whatever their age. */
const MAX_ALERTS = 10_000

/** The newest events that stay, whatever their age. */
const MAX_EVENTS = 500_000

/** The comparison of a host's bans with fail2ban. */
export const eventReconcile = (deps: HostDeps): JobDefinition => ({
  name: 'event_reconcile',
  everySeconds: 60,
  deadline: 20_000,
  run: async (signal) => {
    await deps.reconcile()
    // events of all hosts are deleted together: once is enough
    if (deps.hosts.list()[0]?.key !== deps.key) return
    // failures are kept for a day and no longer, and an attack of hours must not fill the disk before the night
    await retainAll(deps, { bansBefore: null, linesBefore: 0, ...eventLimits(deps) }, signal)
  },
})

const eventLimits = ({ clock }: Pick<Deps, 'clock'>) => ({
  eventsBefore: clock() - DAY_MS,
  maxEvents: MAX_EVENTS,
})

/** Deletes in small steps until nothing is left to delete. Returns the number of deleted rows. */
async function retainAll(
  { archive }: Pick<Deps, 'archive'>,
  limits: RetentionLimits,
  signal: AbortSignal,
): Promise<number> {
  let deleted = 0
  for (;;) {
    if (signal.aborted) return deleted
    const step = await archive.retain(limits)
    deleted += step.deleted
    if (step.done) return deleted
  }
}

/** Operations are kept as long as the history of bans. */
async function retainOperations(
  { operations }: Pick<Deps, 'operations'>,
  limits: OperationLimits,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if ((await operations.records.deleteOld(limits)) === 0) return
    // the database works on this thread
    await nextTurn()
  }
}

/** The nightly deletion of what is past its retention, of all hosts. */
export const historyRetention = (deps: Deps): JobDefinition => ({
  name: 'history_retention',
  everySeconds: 86_400,
  nightly: { cron: '17 3 * * *', catchUpSeconds: 900 },
  deadline: 6 * 3_600_000,
  run: async (signal) => {
    const { historyRetentionDays, logLineRetentionDays } = deps.appState.get().runtimeSettings
    const now = deps.clock()
    const limits = {
      bansBefore: historyRetentionDays === 0 ? null : now - historyRetentionDays * DAY_MS,
      linesBefore: now - logLineRetentionDays * DAY_MS,
      ...eventLimits(deps),
    }
    const deleted = await retainAll(deps, limits, signal)
    await retainOperations(deps, { endedBefore: limits.bansBefore, most: MAX_OPERATIONS }, signal)
    await deleteOldAlerts(deps.database.db, { before: now - ALERTS_MS, most: MAX_ALERTS })
    await deleteOldFindings(deps.database.db, { endedBefore: limits.bansBefore, most: MAX_ENDED_FINDINGS })
    await deleteOldStateDays(deps.database.db, now - (STATE_DAYS + 1) * DAY_MS)
    if (deleted > 0) deps.log.info({ event: 'history_retention', deleted }, 'old history was deleted')
  },
})
