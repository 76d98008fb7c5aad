import type { RecoveryProgress, RollbackStep } from '@bangui/shared'
import type { ProgressStep } from '../../ui/progress-steps.tsx'

const labels: Record<RollbackStep, string> = {
  restoring: 'Put the saved files back',
  testing: 'Test the configuration',
  loading: 'Reload the configuration',
  starting: 'Start fail2ban',
  waiting: 'Wait for fail2ban to respond',
}
const order: readonly RollbackStep[] = ['restoring', 'testing', 'loading', 'starting', 'waiting']

/** Returns the steps of a rollback with their states; a running daemon is reloaded, a stopped one is started. */
export function rollbackSteps(progress: RecoveryProgress, online: boolean): ProgressStep[] {
  const seen = new Set<string>([...progress.done, progress.step])
  const ended = progress.step === 'done' || progress.step === 'failed'
  const bringing = seen.has('loading') || seen.has('starting')
  const expected = (step: RollbackStep) => {
    if (seen.has(step)) return true
    if (progress.step === 'done') return false
    if (step === 'loading' || step === 'starting') return !bringing && (step === 'loading') === online
    return true
  }
  const shown = order.filter(expected)
  const failed = progress.step === 'failed' ? shown.find((step) => !progress.done.includes(step)) : undefined
  const labelOf = (step: RollbackStep) =>
    step === 'restoring' && progress.jailName === null ? 'Find what fail2ban would refuse' : labels[step]
  return shown.map((step) => ({ label: labelOf(step), state: stateOf(step) }))

  function stateOf(step: RollbackStep): ProgressStep['state'] {
    if (progress.done.includes(step)) return 'done'
    if (step === failed) return 'failed'
    return !ended && step === progress.step ? 'active' : 'pending'
  }
}
