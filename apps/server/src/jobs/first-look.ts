import type { HostDeps } from '../deps.ts'
import { settleWhenOnline, type SettleDeps } from '../features/recovery/settle-when-online.ts'
import { jobNameOf } from './jobs.ts'

type FirstLookDeps = SettleDeps & {
  readonly scheduler: Pick<HostDeps['scheduler'], 'runNow'>
  readonly config: Pick<HostDeps['config'], 'readOnly'>
}

/**
 * Probes a daemon for the first time, settles the changes that the last run was cut off in, now and whenever another fail2ban comes
 * online, and goes on to wait for the confirmation of the change that waits. Never rejects: what cannot be done is logged, and keeps
 * nothing else from being done.
 */
export async function takeFirstLook(deps: FirstLookDeps, signal: AbortSignal): Promise<void> {
  try {
    await deps.scheduler.runNow(jobNameOf('health_check', deps.key))
  } catch (error) {
    deps.log.error({ event: 'first_probe_failed', err: error }, 'the first probe failed')
  }
  // what was cut off stays as it is until BanGUI may change something again
  if (!deps.config.readOnly) await settleWhenOnline(deps, signal)
}
