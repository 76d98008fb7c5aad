import { listIgnores, saveIgnoreState } from '@bangui/db'
import { isHostError, type ConfiguredIgnores } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { makeChange, type ApplyDeps } from '../jails/make-change.ts'
import { refuseDuringRollback } from '../recovery/recovery.service.ts'
import type { WriteOutcome } from './ignore-kept.ts'
import { hasEnded, hasWork, planWrite, wantedSections, type PlannedWrite } from './ignore-plan.ts'

export type WriteDeps = ApplyDeps & Pick<HostDeps, 'hostDb' | 'config'>

/** Brings the configuration up to date by a change. What keeps that from being done is an outcome. */
export async function writeEntries(
  deps: WriteDeps,
  change: { readonly operationId: string; readonly title: string },
): Promise<WriteOutcome> {
  const { hostDb, clock } = deps
  const entries = await listIgnores(hostDb)
  const now = clock()
  try {
    const configured = await deps.host.ignores.listConfigured()
    const plan = planWrite({ entries, running: null, configured, now })
    if (deps.config.configWrite === 'off' && hasWork(plan)) return { state: 'off', problem: OFF }
    if (plan.add.length + plan.remove.length > 0) {
      refuseDuringRollback(deps)
      await saveSections(deps, { plan, configured, isBefore: true })
      const { add, remove } = plan
      const made = await makeChange(deps, { ...change, edits: [{ kind: 'ignores', add, remove }] })
      if (made && !made.applied)
        return { state: 'failed', problem: made.output ?? 'fail2ban did not take the change.' }
    }
    await saveSections(deps, { plan, configured, isBefore: false })
    return { state: 'done', problem: null }
  } catch (error) {
    return outcomeOf(error)
  }
}

/** Why nothing is written where the configuration may not be changed. */
export const OFF =
  'BanGUI may not change the configuration (BANGUI_CONFIG_WRITE=off). The entries hold at runtime only: BanGUI sets them again after each load of a jail.'

function outcomeOf(error: unknown): WriteOutcome {
  const isApp = error instanceof AppError
  if (isHostError(error, 'config_read_only')) return { state: 'off', problem: OFF }
  if (
    isHostError(error, 'busy', 'change_pending') ||
    (isApp && ['busy', 'change_pending'].includes(error.code))
  )
    return {
      state: 'later',
      problem: 'Another change is in progress. BanGUI changes the configuration when that change has ended.',
    }
  const isKnown = isHostError(
    error,
    'config_refused',
    'config_unwritable',
    'config_unreadable',
    'config_changed',
    'config_not_allowed',
    'jail_unknown',
    'tool_missing',
  )
  if (isKnown) return { state: 'failed', problem: error.message }
  throw error
}

interface SavedPlan {
  readonly plan: PlannedWrite
  readonly configured: ConfiguredIgnores
  /** the change is about to be made: a crash leaves more on record than there is, never less */
  readonly isBefore: boolean
}

async function saveSections(
  { hostDb, clock }: WriteDeps,
  { plan, configured, isBefore }: SavedPlan,
): Promise<void> {
  const now = clock()
  for (const entry of await listIgnores(hostDb)) {
    const sections = plan.sections.get(entry.id) ?? entry.sections
    if (isBefore && sections.length <= entry.sections.length) continue
    const isWritten = !isBefore && !hasEnded(entry, now) && wantedSections(entry, configured).length > 0
    const writtenAt = isWritten ? (entry.writtenAt ?? now) : entry.writtenAt
    if (sections !== entry.sections || writtenAt !== entry.writtenAt)
      await saveIgnoreState(hostDb, entry.id, { sections, writtenAt, holds: entry.holds })
  }
}
