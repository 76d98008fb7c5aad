import { loadSteps, type ChangeLoad, type RecoveryKind } from '@bangui/shared'

const kinds = {
  start: 'activated',
  stop: 'deactivated',
  reload: 'edited',
  restart: 'edited',
  none: 'edited',
} as const

/** What a change is about. */
export interface ChangeSubject {
  readonly kind: RecoveryKind
  /** null: several jails, or none */
  readonly jailName: string | null
}

/** Returns what a change with this load is about, and what it does to its jail. */
export function subjectOf(load: ChangeLoad): ChangeSubject {
  const [step, ...others] = loadSteps(load)
  if (!step || others.length > 0) return { kind: 'edited', jailName: null }
  return { kind: kinds[step.how], jailName: step.jail }
}
