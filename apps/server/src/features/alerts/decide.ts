/** What a rule wants to know, in milliseconds. */
export interface Thresholds {
  readonly failAfterMs: number
  readonly recoverAfterMs: number
  /** null: no reminders */
  readonly remindMs: number | null
  readonly sendResolved: boolean
  /** nothing is sent until then; null: it is not muted */
  readonly mutedUntil: number | null
}

/** What decides about the messages of an open incident. Times are epoch milliseconds. */
export interface OpenIncident {
  /** when its first message was queued; null: none was */
  readonly announcedAt: number | null
  readonly remindedAt: number | null
  readonly isAcknowledged: boolean
  readonly mutedUntil: number | null
}

/** What is known of one subject of a rule, such as a jail. */
export interface SubjectState {
  /** since when the problem is there without a break; null: it is not there */
  readonly firingSince: number | null
  /** since when the problem of an open incident is over; null: it is there, or there is no incident */
  readonly clearSince: number | null
  /** the incident that is not resolved; null: there is none */
  readonly incident: OpenIncident | null
}

/** `notify`: the first message of an incident; `notify_resolved`: its last. */
export type Effect = 'open' | 'notify' | 'remind' | 'resolve' | 'notify_resolved'

export interface Decision {
  readonly next: Pick<SubjectState, 'firingSince' | 'clearSince'>
  /** in their order */
  readonly effects: readonly Effect[]
}

/**
 * Decides what happens to a subject that is observed now. `isFiring` null: nobody can tell, so an incident stays as it is and
 * a problem that has not lasted long enough is waited for anew. An incident is announced once, and resolved once.
 */
export function decide(
  thresholds: Thresholds,
  { subject, isFiring, now }: { subject: SubjectState; isFiring: boolean | null; now: number },
): Decision {
  const { incident } = subject
  if (isFiring === null) {
    const firingSince = incident ? subject.firingSince : null
    return { next: { firingSince, clearSince: null }, effects: [] }
  }
  if (!isFiring) return decideClear(thresholds, subject, now)
  // a clock that stepped back starts the wait anew
  const firingSince = Math.min(subject.firingSince ?? now, now)
  const next = { firingSince, clearSince: null }
  if (!incident && now - firingSince < thresholds.failAfterMs) return { next, effects: [] }
  const opened: Effect[] = incident ? [] : ['open']
  return { next, effects: [...opened, ...messagesOf(thresholds, incident ?? newIncident, now)] }
}

const newIncident: OpenIncident = {
  announcedAt: null,
  remindedAt: null,
  isAcknowledged: false,
  mutedUntil: null,
}

function messagesOf(thresholds: Thresholds, incident: OpenIncident, now: number): Effect[] {
  if (incident.isAcknowledged || isMuted(thresholds, incident, now)) return []
  if (incident.announcedAt === null) return ['notify']
  // not the later one of both: the clock may have been set back in between
  const last = incident.remindedAt ?? incident.announcedAt
  const { remindMs } = thresholds
  // in either direction: a clock that was set back by a day delays no reminder by a day
  return remindMs !== null && Math.abs(now - last) >= remindMs ? ['remind'] : []
}

function decideClear(thresholds: Thresholds, { clearSince, incident }: SubjectState, now: number): Decision {
  if (!incident) return { next: { firingSince: null, clearSince: null }, effects: [] }
  const since = Math.min(clearSince ?? now, now)
  if (now - since < thresholds.recoverAfterMs)
    return { next: { firingSince: null, clearSince: since }, effects: [] }
  const isAnnounced =
    thresholds.sendResolved && incident.announcedAt !== null && !isMuted(thresholds, incident, now)
  const effects: Effect[] = isAnnounced ? ['resolve', 'notify_resolved'] : ['resolve']
  return { next: { firingSince: null, clearSince: null }, effects }
}

const isMuted = (rule: Pick<Thresholds, 'mutedUntil'>, incident: OpenIncident, now: number): boolean =>
  Math.max(rule.mutedUntil ?? 0, incident.mutedUntil ?? 0) > now
