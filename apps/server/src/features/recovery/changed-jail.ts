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

/** As {@link kinds}, of changes without files. */
const loadKinds = {
  start: 'started',
  stop: 'stopped',
  reload: 'reloaded',
  restart: 'reloaded',
  none: 'reloaded',
} as const

/** Returns what a change with this load is about, and what it does to its jail. */
export function subjectOf(
  load: ChangeLoad,
  { isLoadOnly = false }: { readonly isLoadOnly?: boolean } = {},
): ChangeSubject {
  const [step, ...others] = loadSteps(load)
  if (!step || others.length > 0) return { kind: isLoadOnly ? 'reloaded' : 'edited', jailName: null }
  return { kind: (isLoadOnly ? loadKinds : kinds)[step.how], jailName: step.jail }
}

/** Returns whether a change of a kind has files that a rollback restores. */
export const hasFiles = (kind: RecoveryKind | undefined): boolean =>
  kind !== 'started' && kind !== 'stopped' && kind !== 'reloaded'
