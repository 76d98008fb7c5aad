import type { AlertRule, AlertRuleKind, HealthSeverity, ListedFinding } from '@bangui/shared'
import type { HostContext } from '../../hosts/host-context.ts'
import { missingOf } from '../jails/jail-list.ts'
import type { AlertFacts } from './alert-facts.ts'
import { subjectName } from './subjects.ts'

/** What is wrong on a host now, by subject; null: nobody can tell. */
export type Levels = ReadonlyMap<string, AlertFacts> | null

/** What of a host the rules look at. */
export interface SeenHost {
  readonly key: string
  readonly id: number
  readonly name: string
  readonly status: ReturnType<HostContext['state']['get']>['serverStatus']
  readonly recovery: ReturnType<HostContext['state']['get']>['pendingRecovery']
  /** jails that should run and do not; null: not known */
  readonly missingJails: readonly string[] | null
  /** findings that nobody accepted; null: not known yet */
  readonly findings:
    | readonly Pick<ListedFinding, 'id' | 'check' | 'severity' | 'jail' | 'title' | 'remedy'>[]
    | null
}

/** Returns what the rules see of a host. */
export async function lookAt({ key, id, name, state, jails, health }: HostContext): Promise<SeenHost> {
  const { serverStatus, pendingRecovery } = state.get()
  const isSettled = serverStatus.online && serverStatus.responding && serverStatus.activity === null
  const listed = jails.store.get()
  const findings = await health.findings().catch(() => null)
  return {
    key,
    id,
    name,
    status: serverStatus,
    recovery: pendingRecovery,
    missingJails: isSettled && listed ? missingOf(listed) : null,
    findings: findings?.list().filter(({ accepted }) => accepted === null) ?? null,
  }
}

/** The kinds of rules that are about what is wrong now, not about events. */
const levels: Partial<Record<AlertRuleKind, (rule: AlertRule, host: SeenHost) => Levels>> = {
  daemon_down: (_rule, { key, status }) => {
    // what BanGUI itself starts, stops or loads is no alarm
    if (status.checkedAt === null || status.activity !== null) return null
    if (status.online && status.responding) return new Map()
    return one(subjectName(key), {
      kind: 'daemon_down',
      offline: !status.online,
      reason: status.message?.slice(0, 500) ?? null,
    })
  },
  recovery_pending: (_rule, { key, recovery }) => {
    if (!recovery || recovery.recovered) return new Map()
    const { detectedAt, cause, title, jailName, missingJails } = recovery
    return one(subjectName(key, detectedAt), {
      kind: 'recovery_pending',
      cause,
      change: title ?? (jailName === null ? null : `jail ${jailName}`),
      jails: missingJails.slice(0, 5),
      moreJails: Math.max(0, missingJails.length - 5),
    })
  },
  jail_missing: ({ jails }, { key, missingJails }) =>
    missingJails &&
    new Map(
      missingJails
        .filter((jail) => jails.length === 0 || jails.includes(jail))
        .map((jail) => [subjectName(key, jail), { kind: 'jail_missing', jail }]),
    ),
  health: ({ jails, checks, minSeverity }, { key, findings }) =>
    findings &&
    new Map(
      findings
        .filter(({ severity }) => rank[severity] >= rank[minSeverity])
        .filter(({ check }) => checks.length === 0 || checks.includes(check))
        .filter(({ jail }) => jails.length === 0 || (jail !== null && jails.includes(jail)))
        .map(({ id, title, remedy }) => [subjectName(key, id), { kind: 'health', title, remedy }]),
    ),
}

const rank: Readonly<Record<HealthSeverity, number>> = { hint: 0, warning: 1, critical: 2 }

const one = (subject: string, facts: AlertFacts): Levels => new Map([[subject, facts]])

/** Returns whether rules of a kind are about what is wrong now; the others are about events. */
export const isLevelKind = (kind: AlertRuleKind): boolean => levels[kind] !== undefined

/** Returns what is wrong on a host by a rule of such a kind. */
export const levelsOf = (rule: AlertRule, host: SeenHost): Levels => levels[rule.kind]?.(rule, host) ?? null
