import type { AlertChanges, IncidentChange, NewDelivery, NewIncident } from '@bangui/db'
import type { AlertRule, AlertSeverity } from '@bangui/shared'
import { decide, type Effect, type Thresholds } from './decide.ts'
import { countOf } from './event-counter.ts'
import type { SeenHost } from './levels.ts'
import { incidentMessage, type Announced } from './messages.ts'
import type { SubjectMemory } from './subjects.ts'
import { textsOf } from './templates.ts'

/** An incident that is not resolved, as the rules remember it. */
export interface KnownIncident extends Omit<Announced, 'resolved'> {
  readonly ruleId: number | null
  readonly subject: string
  readonly count: number
  readonly announcedAt: number | null
  readonly remindedAt: number | null
  readonly isAcknowledged: boolean
  readonly mutedUntil: number | null
}

/** A channel, as far as the rules know it. */
export interface KnownChannel {
  readonly id: number
  readonly enabled: boolean
  readonly sends: 'all' | 'critical' | 'none'
}

/** What is collected while the rules are gone through. */
export interface Collected {
  readonly subjects: AlertChanges['subjects'][number][]
  readonly opened: NewIncident[]
  readonly changed: IncidentChange[]
  readonly history: AlertChanges['history'][number][]
  readonly deliveries: NewDelivery[]
}

/** What settling goes by, and where its effects go. */
export interface SettleContext {
  readonly seen: {
    readonly channels: readonly KnownChannel[]
    readonly hosts: readonly SeenHost[]
    /** what incidents without a host are about: this BanGUI */
    readonly nodeName: string
    readonly now: number
    /** Returns the page of an incident; null: BANGUI_PUBLIC_URL is not set. */
    readonly urlOf: (incident: string) => string | null
    readonly createId: () => string
  }
  readonly found: Collected
}

/** A subject as it is now. */
export interface Observed {
  readonly memory: SubjectMemory
  /** null: nobody can tell */
  readonly isFiring: boolean | null
}

const thresholdsOf = (rule: AlertRule): Thresholds => ({
  failAfterMs: rule.failAfterSeconds * 1000,
  recoverAfterMs: rule.recoverAfterSeconds * 1000,
  remindMs: rule.remindMinutes === null ? null : rule.remindMinutes * 60_000,
  sendResolved: rule.sendResolved,
  mutedUntil: rule.mutedUntil,
})

interface Settling extends Observed {
  readonly rule: AlertRule
  readonly subject: string
  readonly incident: KnownIncident | undefined
}

/** Decides about one subject, and collects what follows. Returns its memory and its incident; null: it has none. */
export function settle({ rule, subject, memory, isFiring, incident }: Settling, context: SettleContext) {
  const { seen, found } = context
  const { next, effects } = decide(thresholdsOf(rule), {
    subject: { ...memory, incident: incident ?? null },
    isFiring,
    now: seen.now,
  })
  const after = { ...memory, ...next }
  let current = incident ?? null
  for (const effect of effects)
    current = carryOut(effect, { rule, subject, memory: after, incident: current }, context)
  if (current && effects.length === 0) current = withNewCount(current, after, found)
  return { memory: after, incident: effects.includes('resolve') ? null : current }
}

interface Carrying {
  readonly rule: AlertRule
  readonly subject: string
  readonly memory: SubjectMemory
  readonly incident: KnownIncident | null
}

function carryOut(effect: Effect, of: Carrying, context: SettleContext): KnownIncident | null {
  const { seen, found } = context
  const { now } = seen
  if (effect === 'open') return open(of, context)
  const { incident } = of
  if (!incident) return null
  switch (effect) {
    case 'notify':
      found.changed.push({ id: incident.id, announcedAt: now })
      queue('opened', { ...of, incident }, context)
      return { ...incident, announcedAt: now }
    case 'remind':
      found.changed.push({ id: incident.id, remindedAt: now })
      queue('reminder', { ...of, incident }, context)
      return { ...incident, remindedAt: now }
    case 'resolve':
      found.changed.push({ id: incident.id, resolvedAt: now })
      found.history.push({ incident: incident.id, at: now, kind: 'resolved' })
      return incident
    case 'notify_resolved':
      queue('resolved', { ...of, incident }, context)
      return incident
  }
}

function open({ rule, subject, memory }: Carrying, { seen, found }: SettleContext): KnownIncident | null {
  if (!memory.facts) return null
  const host = seen.hosts.find(({ key }) => key === memory.host)
  const hostName = host?.name ?? seen.nodeName
  const { title, text } = textsOf(memory.facts, hostName)
  const incident: KnownIncident = {
    id: seen.createId(),
    ruleId: rule.id,
    rule: rule.kind,
    subject,
    severity: rule.severity,
    host: memory.host,
    hostName,
    title,
    text,
    count: countIn(memory),
    openedAt: seen.now,
    announcedAt: null,
    remindedAt: null,
    isAcknowledged: false,
    mutedUntil: null,
  }
  const { id, severity, count, openedAt } = incident
  const stored = { id, subject, severity, hostName, title, text, count, openedAt }
  found.opened.push({
    ...stored,
    ruleId: rule.id,
    rule: rule.kind,
    ruleName: rule.name,
    hostId: host?.id ?? null,
  })
  found.history.push({ incident: incident.id, at: seen.now, kind: 'opened' })
  return incident
}

const countIn = ({ facts, counter }: SubjectMemory): number =>
  facts && 'count' in facts ? facts.count : Math.max(1, countOf(counter))

/** An incident stands for the most events that its window had. */
function withNewCount(incident: KnownIncident, memory: SubjectMemory, found: Collected): KnownIncident {
  const count = Math.max(incident.count, countIn(memory))
  if (count === incident.count) return incident
  found.changed.push({ id: incident.id, count })
  return { ...incident, count }
}

function queue(
  kind: 'opened' | 'reminder' | 'resolved',
  { rule, memory, incident }: Carrying & { readonly incident: KnownIncident },
  { seen, found }: SettleContext,
): void {
  const texts = memory.facts
    ? textsOf(memory.facts, incident.hostName)
    : { text: incident.text, resolved: 'The problem is over.' }
  const message = incidentMessage(
    { ...incident, resolved: texts.resolved, ...(kind === 'reminder' && { text: texts.text }) },
    { kind, now: seen.now, url: seen.urlOf(incident.id) },
  )
  for (const channel of seen.channels)
    if (rule.channels.includes(channel.id) && takes(channel, incident.severity))
      found.deliveries.push({
        deliveryId: seen.createId(),
        channelId: channel.id,
        incident: incident.id,
        kind,
        critical: incident.severity === 'critical',
        title: incident.title,
        message,
        createdAt: seen.now,
      })
}

const takes = ({ enabled, sends }: KnownChannel, severity: AlertSeverity): boolean =>
  enabled && (sends === 'all' || (sends === 'critical' && severity === 'critical'))
