import type { Event } from '@bangui/shared'
import type { HealthDeps } from './health-deps.ts'
import type { LevelChanges, OpenFinding } from './health-levels.ts'

export type HealthEvent = Extract<Event, { readonly type: 'health.changed' }>

/** What happened to a finding, and who did it. */
export type FindingChange = Pick<HealthEvent, 'at' | 'change' | 'accepted' | 'by'>

/** Returns the event of a change of a finding. */
export const eventOf = ({ id, check, problem }: OpenFinding, change: FindingChange): HealthEvent => ({
  type: 'health.changed',
  jail: problem.jail,
  finding: id,
  check,
  severity: problem.severity,
  title: problem.title,
  ...change,
})

/** Returns the events of what a result changed: findings that began, ended, or have another severity. */
export function eventsOf(
  { began, seenAgain, ended }: LevelChanges,
  { at, isAccepted }: { readonly at: number; readonly isAccepted: (id: string) => boolean },
): HealthEvent[] {
  const changed = seenAgain.filter(({ finding, before }) => finding.problem.severity !== before.severity)
  const toEvents = (findings: readonly OpenFinding[], change: HealthEvent['change']) =>
    findings.map((finding) => eventOf(finding, { at, change, accepted: isAccepted(finding.id) }))
  return [
    ...toEvents(ended, 'ended'),
    ...toEvents(
      changed.map(({ finding }) => finding),
      'changed',
    ),
    ...toEvents(began, 'began'),
  ]
}

/** Stores events and passes them on. Never rejects: an event that cannot be stored is not emitted. */
export async function emitHealthEvents(
  { archive, events, log }: Pick<HealthDeps, 'archive' | 'events' | 'log'>,
  changes: readonly HealthEvent[],
): Promise<void> {
  for (const change of changes) {
    try {
      const stored = await archive.addEvent(change)
      if (stored.length > 0) events.emit(stored)
    } catch (error) {
      log.warn({ event: 'event_not_stored', err: error }, 'a change of a finding could not be stored')
    }
  }
}
