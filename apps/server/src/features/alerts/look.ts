import { noAlertChanges, type AlertChanges } from '@bangui/db'
import type { AlertRule } from '@bangui/shared'
import { countOf, withoutOld } from './event-counter.ts'
import { isLevelKind, levelsOf } from './levels.ts'
import { settle, type Collected, type KnownIncident, type Observed, type SettleContext } from './settle.ts'
import { isForgettable, newSubject, type SubjectMemory } from './subjects.ts'
import { isAbout, MAX_SUBJECTS, takeEvents, type Happenings } from './take-events.ts'

/** Everything that one look of the rules goes by. */
export type Seen = Happenings &
  SettleContext['seen'] & {
    readonly rules: readonly AlertRule[]
    /** by rule, then by subject */
    readonly subjects: ReadonlyMap<number, ReadonlyMap<string, SubjectMemory>>
    readonly incidents: readonly KnownIncident[]
  }

/** What a look changes, beside the new memory of the rules. */
export interface LookResult {
  readonly changes: AlertChanges
  readonly subjects: ReadonlyMap<number, ReadonlyMap<string, SubjectMemory>>
  readonly incidents: readonly KnownIncident[]
}

/**
 * Works out what the rules say now: which incidents open and are resolved, and what is sent. Pure: what it returns is stored all
 * or nothing, and only then is it the memory that the next look begins with.
 */
export function look(seen: Seen): LookResult {
  const found: Collected = { subjects: [], opened: [], changed: [], history: [], deliveries: [] }
  const subjects = new Map<number, ReadonlyMap<string, SubjectMemory>>()
  const incidents: KnownIncident[] = []
  const enabled = seen.rules.filter((rule) => rule.enabled)
  for (const rule of enabled) {
    const before = seen.subjects.get(rule.id) ?? new Map<string, SubjectMemory>()
    const open = new Map(
      seen.incidents.filter(({ ruleId }) => ruleId === rule.id).map((each) => [each.subject, each]),
    )
    const after = new Map<string, SubjectMemory>()
    for (const [subject, { memory, isFiring }] of observe(rule, { before, open }, seen)) {
      const result = settle({ rule, subject, memory, isFiring, incident: open.get(subject) }, { seen, found })
      if (result.incident) incidents.push(result.incident)
      const isKept = result.incident !== null || !isForgettable(result.memory)
      if (isKept) after.set(subject, result.memory)
      noteSubject(
        { ruleId: rule.id, subject, before: before.get(subject) },
        isKept ? result.memory : null,
        found,
      )
    }
    subjects.set(rule.id, after)
  }
  endUnruled(seen, new Set(enabled.map(({ id }) => id)), found)
  return { changes: { ...noAlertChanges, ...found }, subjects, incidents }
}

function noteSubject(
  { ruleId, subject, before }: { ruleId: number; subject: string; before: SubjectMemory | undefined },
  after: SubjectMemory | null,
  found: Collected,
): void {
  const isSame = JSON.stringify(before ?? null) === JSON.stringify(after)
  if (!isSame) found.subjects.push({ ruleId, subject, state: after })
}

interface Known {
  readonly before: ReadonlyMap<string, SubjectMemory>
  readonly open: ReadonlyMap<string, KnownIncident>
}

/** Returns every subject of a rule that is known or firing, as it is now. */
function observe(rule: AlertRule, { before, open }: Known, seen: Seen): Map<string, Observed> {
  const known = new Map(before)
  for (const [subject, { host }] of open) if (!known.has(subject)) known.set(subject, newSubject(host))
  return isLevelKind(rule.kind) ? observeLevels(rule, known, seen) : observeEvents(rule, known, seen)
}

function observeLevels(rule: AlertRule, known: ReadonlyMap<string, SubjectMemory>, seen: Seen) {
  const observed = new Map<string, Observed>()
  const canTell = new Set<string>()
  for (const host of seen.hosts.filter(({ key }) => isAbout(rule, key))) {
    const levels = levelsOf(rule, host)
    if (!levels) continue
    canTell.add(host.key)
    for (const [subject, facts] of levels) {
      const memory = known.get(subject) ?? newSubject(host.key)
      if (observed.size < MAX_SUBJECTS)
        observed.set(subject, { memory: { ...memory, facts }, isFiring: true })
    }
  }
  const hosts = new Set(seen.hosts.map(({ key }) => key))
  for (const [subject, memory] of known) {
    if (observed.has(subject)) continue
    const isKnown = memory.host === null || canTell.has(memory.host) || !isAbout(rule, memory.host)
    // a host that is gone has no problem any more
    observed.set(subject, { memory, isFiring: isKnown || !hosts.has(memory.host ?? '') ? false : null })
  }
  return observed
}

function observeEvents(rule: AlertRule, known: ReadonlyMap<string, SubjectMemory>, seen: Seen) {
  const changed = takeEvents(rule, known, seen)
  const observed = new Map<string, Observed>()
  for (const [subject, memory] of new Map([...known, ...changed])) {
    const counter = withoutOld(memory.counter, rule.windowSeconds * 1000, seen.now)
    const isFiring = rule.kind === 'blocklist' ? memory.isOn : countOf(counter) >= thresholdOf(rule, memory)
    observed.set(subject, { memory: { ...memory, counter }, isFiring })
  }
  return observed
}

/** Some things are an incident each time. */
function thresholdOf({ threshold }: AlertRule, { facts }: SubjectMemory): number {
  const isEach = facts?.kind === 'config_changed_outside' || facts?.kind === 'sign_in_new'
  return isEach ? 1 : threshold
}

/** An incident whose rule was switched off or removed is over, without a message. */
function endUnruled({ incidents, now }: Seen, ruled: ReadonlySet<number>, found: Collected): void {
  for (const { id, ruleId } of incidents) {
    if (ruleId !== null && ruled.has(ruleId)) continue
    found.changed.push({ id, resolvedAt: now })
    const detail = ruleId === null ? 'The rule was removed.' : 'The rule was switched off.'
    found.history.push({ incident: id, at: now, kind: 'resolved', detail })
  }
}
