import * as z from 'zod'
import { OperationId } from './ban.ts'
import { HealthCadence, HealthSeverity } from './health-checks/health-check.ts'
import { HealthCheckId } from './health-checks/health-check-id.ts'
import { Finding, HealthUnknown } from './health.ts'
import { Count, Time } from './time.ts'

/** How many findings there are of each severity; accepted ones do not count. */
export const HealthCounts = z.object({ critical: Count, warning: Count, hint: Count })
export type HealthCounts = z.infer<typeof HealthCounts>

/** The findings of a host in numbers, as every page shows them. */
export const HealthSummary = HealthCounts.extend({
  /** grows whenever the findings change, or what was accepted of them */
  revision: Count,
  accepted: Count,
  /** checks that cannot tell */
  cannotTell: Count,
  /** every check has run since BanGUI started: without findings, nothing is wrong that they could see */
  complete: z.boolean(),
  /** the title of the most severe finding; null: there is none */
  worst: z.string().nullable(),
  /** the jails that have findings */
  jails: z.array(HealthCounts.extend({ jail: z.string() })),
})
export type HealthSummary = z.infer<typeof HealthSummary>

/** The findings of a host about which nothing is known yet. */
export const noHealthSummary: HealthSummary = {
  critical: 0,
  warning: 0,
  hint: 0,
  revision: 0,
  accepted: 0,
  cannotTell: 0,
  complete: false,
  worst: null,
  jails: [],
}

/** One check, and what its last run has shown. */
export const HealthCheckReport = z.object({
  id: HealthCheckId,
  /** the part of the protection, for people */
  area: z.string(),
  title: z.string(),
  meaning: z.string(),
  severity: HealthSeverity,
  cadence: HealthCadence,
  /** `waiting`: it has not run since BanGUI started, or not since fail2ban was loaded for the first time */
  verdict: z.enum(['fine', 'problem', 'cannot_tell', 'does_not_apply', 'waiting']),
  /** when it ran last */
  checkedAt: Time.nullable(),
  /** further problems, which are not listed */
  omitted: Count,
  cannotTell: z.array(HealthUnknown),
  note: z.string().nullable(),
  /** why there is nothing here that the check could be about */
  doesNotApply: z.string().nullable(),
})
export type HealthCheckReport = z.infer<typeof HealthCheckReport>

/** A possible problem that was seen once; it becomes a finding when it is seen again. */
export const SuspectedFinding = z.object({
  check: HealthCheckId,
  title: z.string(),
  jail: z.string().nullable(),
  since: Time,
})
export type SuspectedFinding = z.infer<typeof SuspectedFinding>

/** All checks of a host. */
export const HealthReport = z.object({
  checks: z.array(HealthCheckReport),
  suspected: z.array(SuspectedFinding),
  /** checks are running */
  running: z.boolean(),
  /** fail2ban was started or loaded within the last minute: the checks wait */
  settling: z.boolean(),
})
export type HealthReport = z.infer<typeof HealthReport>

/** What a run that somebody asked for has shown. */
export const HealthRunOutcome = z.object({
  /** how many checks ran */
  checks: Count,
  /** how many cannot tell */
  cannotTell: Count,
  /** how many findings there are, accepted ones too */
  findings: Count,
  /** possible problems, which are looked at again within a minute */
  suspected: Count,
  /** nothing was checked: fail2ban was started or loaded within the last minute */
  settling: z.boolean(),
  /** the revision of the summary that this is about */
  revision: Count,
})
export type HealthRunOutcome = z.infer<typeof HealthRunOutcome>

/** A finding with what is known about its time. */
export const ListedFinding = Finding.extend({
  /** when its check saw it last */
  lastSeen: Time,
  /** the evidence is only for those who may read secrets */
  evidenceHidden: z.boolean(),
})
export type ListedFinding = z.infer<typeof ListedFinding>

/** A finding that is no longer there. */
export const EndedFinding = Finding.pick({
  id: true,
  check: true,
  severity: true,
  jail: true,
  title: true,
  since: true,
}).extend({ until: Time })
export type EndedFinding = z.infer<typeof EndedFinding>

const FindingId = z.string().min(1).max(200)

export const RunHealthInput = z.object({ operationId: OperationId.optional() }).prefault({})
export type RunHealthInput = z.infer<typeof RunHealthInput>

export const FindingInput = z.object({ id: FindingId })

export const AcceptFindingInput = FindingInput.extend({
  reason: z.string().trim().min(1, 'Enter a reason.').max(500, 'A reason has at most 500 characters.'),
  /** when it counts again; null: when it comes back after it has gone */
  until: Time.nullable().default(null),
})
export type AcceptFindingInput = z.infer<typeof AcceptFindingInput>
