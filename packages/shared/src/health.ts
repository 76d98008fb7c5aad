import * as z from 'zod'
import { Edit } from './edit.ts'
import { FilterTest } from './filter-test.ts'
import { HealthCheckId } from './health-checks/health-check-id.ts'
import { HealthSeverity } from './health-checks/health-check.ts'
import { MAX_IGNORES } from './ignorable.ts'
import { Count, Time } from './time.ts'

/** Something BanGUI can do about a finding that is no change of the configuration: a verb of the host. `jail` null: not about one jail. */
export const HealthAction = z.object({
  kind: z.enum([
    'jail.start',
    'jail.reload',
    'jail.restart',
    'jail.resume',
    'daemon.start',
    'daemon.restart',
    'bans.unban',
  ]),
  jail: z.string().nullable(),
  /** the addresses to unban */
  addresses: z.array(z.string()).max(50),
})
export type HealthAction = z.infer<typeof HealthAction>

/** One problem that a check has seen. `check`, `jail` and `subject` together identify it from run to run. */
export const HealthProblem = z.object({
  severity: HealthSeverity,
  /** null: not about one jail */
  jail: z.string().nullable(),
  /** what it is about besides the jail, such as a path, an address or an action; empty: nothing else */
  subject: z.string().max(300),
  /** a short sentence that names the jail and the subject */
  title: z.string().max(300),
  /** what was seen and why it matters */
  detail: z.string().max(2000),
  /** lines of logs, commands and their output; may quote the configuration: not for everybody */
  evidence: z.array(z.string().max(2000)).max(20),
  /** what to do */
  remedy: z.string().max(2000),
  /** the change of the configuration that solves it; null: none that BanGUI knows */
  fix: z.array(Edit).max(200).nullable(),
  action: HealthAction.nullable(),
})
export type HealthProblem = z.infer<typeof HealthProblem>

/** Why a check cannot tell, and for which jail; `jail` null: for none. */
export const HealthUnknown = z.object({ jail: z.string().nullable(), why: z.string().max(500) })
export type HealthUnknown = z.infer<typeof HealthUnknown>

/** What one run of a check has shown. */
export const HealthCheckResult = z.object({
  check: HealthCheckId,
  at: Time,
  /** how long the check itself took, in milliseconds, without the collecting of what it looks at */
  tookMs: z.number().min(0),
  /** fail2ban has been started or has loaded something within the last minute: problems are not to be reported yet */
  settling: z.boolean(),
  problems: z.array(HealthProblem).max(200),
  /** how many further problems are left out */
  omitted: Count,
  /** what the check cannot tell; a problem seen before may still be there */
  cannotTell: z.array(HealthUnknown).max(200),
  /** what is worth saying although nothing is wrong */
  note: z.string().max(500).nullable(),
  /** why there is nothing here that the check could be about; null: there is */
  doesNotApply: z.string().max(500).nullable(),
})
export type HealthCheckResult = z.infer<typeof HealthCheckResult>

/** `cannot_tell` is neither fine nor a problem; what does not apply has nothing that it could be about. */
export type HealthVerdict = 'fine' | 'problem' | 'cannot_tell' | 'does_not_apply'

/** Returns what a result says on the whole. */
export function verdictOf({
  problems,
  cannotTell,
  doesNotApply,
}: Pick<HealthCheckResult, 'problems' | 'cannotTell' | 'doesNotApply'>): HealthVerdict {
  if (problems.length > 0) return 'problem'
  if (cannotTell.length > 0) return 'cannot_tell'
  return doesNotApply === null ? 'fine' : 'does_not_apply'
}

/**
 * What BanGUI's own history says, for the checks that need more than the host can see. A null part is not known: its checks
 * cannot tell. Ban times are those of the last 7 days, failures those of the last 24 hours.
 */
export const HealthHistory = z.object({
  /** the addresses from which people have used BanGUI in the last 30 days */
  visitors: z.array(z.string()).max(1000).nullable(),
  /** by jail: its ended bans, and how many of their addresses were banned there again within one bantime of the end */
  returns: z
    .array(z.object({ jail: z.string(), ended: Count, returned: Count }))
    .max(1000)
    .nullable(),
  /** the addresses that a jail banned at least three times, with those times, the oldest first */
  repeats: z
    .array(z.object({ jail: z.string(), address: z.string(), at: z.array(Time).max(200) }))
    .max(500)
    .nullable(),
  /** failures by jail and address, the most first, and whether the address was banned in that time */
  failures: z
    .array(z.object({ jail: z.string(), address: z.string(), failures: Count, banned: z.boolean() }))
    .max(20_000)
    .nullable(),
  /** by jail: what was set through BanGUI until the next load, the newest value of each option */
  tuned: z
    .array(
      z.object({
        jail: z.string(),
        numbers: z.partialRecord(z.enum(['bantime', 'findtime', 'maxretry']), z.number()),
        /** entries of the ignore list */
        added: z.array(z.string()).max(1000),
        removed: z.array(z.string()).max(1000),
      }),
    )
    .max(1000)
    .nullable(),
  /** BanGUI's allow list: running jails have its entries, also where they are not written; `jail` null: every jail */
  allowed: z
    .array(z.object({ jail: z.string().nullable(), address: z.string() }))
    .max(MAX_IGNORES)
    .nullable(),
})
export type HealthHistory = z.infer<typeof HealthHistory>

/** The history of a host of which BanGUI has none. */
export const noHealthHistory: HealthHistory = {
  visitors: null,
  returns: null,
  repeats: null,
  failures: null,
  tuned: null,
  allowed: null,
}

/** How many samples of filters one run takes. */
export const MAX_FILTER_TESTS = 1000

/** Which checks to run. They run one after the other, in the order of the catalogue. */
export const HealthRunRequest = z.object({
  checks: z.array(HealthCheckId).min(1).max(200),
  history: HealthHistory,
  /** the samples of filters, where a check asks for them */
  filterTests: z.array(FilterTest).max(MAX_FILTER_TESTS).optional(),
})
export type HealthRunRequest = z.infer<typeof HealthRunRequest>

/** That somebody has accepted a finding: it stays in the list and no longer counts. */
export const HealthAcceptance = z.object({
  by: z.string(),
  reason: z.string().max(500),
  /** null: for as long as the finding lasts */
  until: Time.nullable(),
})
export type HealthAcceptance = z.infer<typeof HealthAcceptance>

/** A problem that is reported: it has been seen for long enough, and lasts. */
export const Finding = HealthProblem.omit({ subject: true }).extend({
  id: z.string(),
  check: HealthCheckId,
  since: Time,
  accepted: HealthAcceptance.nullable(),
})
export type Finding = z.infer<typeof Finding>
