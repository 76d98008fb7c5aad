import type { HostDeps } from '../deps.ts'
import { jobNameOf } from './jobs.ts'
import { resolveInterruptedChanges } from '../features/recovery/interrupted-changes.ts'

type FirstLookDeps = Parameters<typeof resolveInterruptedChanges>[0] &
  Pick<HostDeps, 'confirmations'> & {
    readonly scheduler: Pick<HostDeps['scheduler'], 'runNow'>
    readonly config: Pick<HostDeps['config'], 'readOnly'>
  }

/**
 * Probes a daemon for the first time, settles the changes that the last run was cut off in, and goes on to wait for the confirmation of
 * the change that waits. Never rejects: what cannot be done is logged, and keeps nothing else from being done.
 */
export async function takeFirstLook(deps: FirstLookDeps): Promise<void> {
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      deps.log.error(
        { event: 'interrupted_changes_failed', err: error },
        'interrupted changes could not be resolved',
      )
    }
  }
  await attempt(() => deps.scheduler.runNow(jobNameOf('health_check', deps.key)))
  // what was cut off stays as it is until BanGUI may change something again
  if (deps.config.readOnly) return
  await attempt(() => resolveInterruptedChanges(deps))
  await attempt(() => deps.confirmations.resume())
}
