import * as z from 'zod'
import { AlertRuleKind } from './alert-rule-kind.ts'
import { AlertName } from './alert-name.ts'
import { parseAddress } from './address.ts'
import { HealthSeverity } from './health-checks/health-check.ts'
import { HealthCheckId } from './health-checks/health-check-id.ts'
import { Time } from './time.ts'
import { AlertSeverity } from './alert-severity.ts'

/** A whole number, with one sentence about whatever is wrong with it. */
const whole = (min: number, max: number, wrong: string) => z.int(wrong).min(min, wrong).max(max, wrong)
const seconds = (min: number) => whole(min, 86_400, `Enter whole seconds from ${min} to 86,400 (a day).`)
const names = z.array(z.string().min(1).max(256)).max(200)

/** An address or a network in canonical text. */
const WatchedAddress = z
  .string()
  .trim()
  .transform((text, context) => {
    const address = parseAddress(text)
    if (address) return address.text
    context.addIssue({ code: 'custom', message: 'This is neither an address nor a network.' })
    return z.NEVER
  })

/** What a failed or new sign-in is to a rule. */
export const SignInKind = z.enum(['new_place', 'failed'])
export type SignInKind = z.infer<typeof SignInKind>

/** Everything of a rule that its author decides. */
const RuleFields = z.object({
  name: AlertName,
  enabled: z.boolean(),
  /** keys of the hosts that it is about; none: all */
  hosts: names,
  /** the jails that it is about; none: all */
  jails: names,
  severity: AlertSeverity,
  /** the channels that get a message */
  channels: z.array(z.int().min(1)).max(20),
  /** how often something has to happen within the window; only of rules that count */
  threshold: whole(1, 1_000_000, 'Enter a whole number from 1 to 1,000,000.'),
  windowSeconds: seconds(1),
  /** how long a problem has to last before it is an incident */
  failAfterSeconds: seconds(0),
  /** how long it has to be over before the incident is resolved */
  recoverAfterSeconds: seconds(0),
  /** how long after the last message an incident that nobody has acknowledged is sent again; null: never */
  remindMinutes: z.int().min(5).max(10_080).nullable(),
  sendResolved: z.boolean(),
  /** the checks of the protection that it is about; none: all */
  checks: z.array(HealthCheckId).max(200),
  /** findings that are less severe open no incident */
  minSeverity: HealthSeverity,
  /** addresses and networks of interest */
  addresses: z.array(WatchedAddress).max(1000),
  signIns: z.array(SignInKind).min(1, 'Choose at least one.').max(2),
})

export const AddAlertRuleInput = RuleFields.partial().extend({ kind: AlertRuleKind, name: AlertName })
export type AddAlertRuleInput = z.infer<typeof AddAlertRuleInput>

export const UpdateAlertRuleInput = RuleFields.partial().extend({ id: z.int() }).strict()
export type UpdateAlertRuleInput = z.infer<typeof UpdateAlertRuleInput>

/** A rule without its place in the database. */
export const AlertRuleSettings = RuleFields.extend({ kind: AlertRuleKind })
export type AlertRuleSettings = z.infer<typeof AlertRuleSettings>

export const AlertRule = AlertRuleSettings.extend({
  id: z.int(),
  /** nothing is sent for it until then */
  mutedUntil: Time.nullable(),
  mutedBy: z.string().nullable(),
})
export type AlertRule = z.infer<typeof AlertRule>

/** A rule as the page shows it. */
export interface ListedAlertRule extends AlertRule {
  readonly openIncidents: number
}

export const AlertIdInput = z.object({ id: z.int() })

/** Mutes a rule or an incident; `minutes` null ends that. */
export const MuteAlertInput = z
  .object({
    incident: z.string().max(64).optional(),
    rule: z.int().optional(),
    minutes: z.int().min(1).max(43_200).nullable(),
  })
  .refine(({ incident, rule }) => (incident === undefined) !== (rule === undefined), {
    message: 'Name either an incident or a rule.',
  })
export type MuteAlertInput = z.infer<typeof MuteAlertInput>
