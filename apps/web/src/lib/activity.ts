import type { RuntimeSnapshot } from '@bangui/shared'

const words = {
  loading: 'fail2ban is loading a change',
  starting: 'fail2ban is starting',
  stopping: 'fail2ban is stopping',
  banning: 'fail2ban is processing bans',
} as const

/** What fail2ban is doing now that has to end before anything else is asked of it; undefined: nothing. */
export function describeActivity(runtime: RuntimeSnapshot | undefined): string | undefined {
  if (isRollingBack(runtime)) return 'A rollback is in progress'
  const activity = runtime?.serverStatus.activity
  return activity ? words[activity] : undefined
}

/** Whether a rollback is under way. */
export function isRollingBack(runtime: RuntimeSnapshot | undefined): boolean {
  const step = runtime?.recovery?.step
  return step !== undefined && step !== 'done' && step !== 'failed'
}
