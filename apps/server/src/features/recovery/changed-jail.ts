import type { ChangeLoad, RecoveryKind } from '@bangui/shared'

const kinds = { start: 'activated', stop: 'deactivated', reload: 'edited', none: 'edited' } as const

/** Returns the jail that a change is about, and what the change does to it. */
export function changedJail([step]: ChangeLoad): { readonly kind: RecoveryKind; readonly jailName: string } {
  if (!step) throw new TypeError('A change is about a jail.')
  return { kind: kinds[step.how], jailName: step.jail }
}
