import type { RuntimeSnapshot } from '@bangui/shared'

const words = {
  loading: 'fail2ban is loading a change',
  starting: 'fail2ban is starting',
  stopping: 'fail2ban is stopping',
  banning: 'fail2ban is processing bans',
} as const

/** Returns what fail2ban is doing that has to finish before it gets another request; undefined: nothing. */
export function describeActivity(runtime: RuntimeSnapshot | undefined): string | undefined {
  if (isRollingBack(runtime)) return 'A rollback is in progress'
  const activity = runtime?.serverStatus.activity
  return activity ? words[activity] : undefined
}

/** Returns whether a rollback is in progress. */
export function isRollingBack(runtime: RuntimeSnapshot | undefined): boolean {
  const step = runtime?.recovery?.step
  return step !== undefined && step !== 'done' && step !== 'failed'
}
