import type { AlertRuleKind } from './alert-rule-kind.ts'
import type { AlertRuleSettings } from './alert.ts'
import type { AlertSeverity } from './alert-severity.ts'

/** Which settings of a rule its kind uses, besides those that all use. */
export type AlertRuleUse = 'hosts' | 'jails' | 'checks' | 'addresses' | 'signIns'

interface AlertRuleKindInfo {
  readonly title: string
  /** when it opens an incident, and when that is resolved */
  readonly meaning: string
  /** it counts events: the threshold and the window decide; the incident is resolved when the window has too few of them */
  readonly counts: boolean
  readonly uses: readonly AlertRuleUse[]
  /** where a new rule differs from the others */
  readonly defaults: {
    readonly severity: AlertSeverity
    readonly threshold?: number
    readonly windowSeconds?: number
    readonly failAfterSeconds?: number
    readonly recoverAfterSeconds?: number
    readonly sendResolved?: boolean
  }
}

/** Every kind of rule, as data. */
export const alertRuleKinds: Readonly<Record<AlertRuleKind, AlertRuleKindInfo>> = {
  daemon_down: {
    title: 'fail2ban is down',
    meaning: 'fail2ban is offline or does not answer. Resolved when fail2ban answers again.',
    counts: false,
    uses: ['hosts'],
    defaults: { severity: 'critical', failAfterSeconds: 5, recoverAfterSeconds: 5 },
  },
  recovery_pending: {
    title: 'A change failed',
    meaning:
      'fail2ban crashed, refused a change or lost jails, and nobody has decided about it. Resolved when the change is rolled back or dismissed.',
    counts: false,
    uses: ['hosts'],
    defaults: { severity: 'critical' },
  },
  jail_missing: {
    title: 'A jail does not run',
    meaning: 'A jail that the configuration switches on is stopped or missing. Resolved when the jail runs.',
    counts: false,
    uses: ['hosts', 'jails'],
    defaults: { severity: 'critical', failAfterSeconds: 15, recoverAfterSeconds: 10 },
  },
  action_failing: {
    title: 'A ban action fails',
    meaning:
      'An action of a jail reported errors: addresses may be banned by fail2ban, but not blocked. Resolved when no error was reported for the window.',
    counts: true,
    uses: ['hosts', 'jails'],
    defaults: { severity: 'critical', threshold: 3, windowSeconds: 600 },
  },
  health: {
    title: 'The protection has a problem',
    meaning:
      'A check of the protection found a problem that nobody has accepted. Resolved when the check no longer finds it.',
    counts: false,
    uses: ['hosts', 'jails', 'checks'],
    defaults: { severity: 'warning' },
  },
  bans_above: {
    title: 'Many bans',
    meaning: 'The number of bans within the window reaches the threshold. Resolved when there are fewer.',
    counts: true,
    uses: ['hosts', 'jails'],
    defaults: { severity: 'warning', threshold: 100, windowSeconds: 600, recoverAfterSeconds: 60 },
  },
  address_of_interest: {
    title: 'An address of interest was banned',
    meaning:
      'An address or a network that you name was banned, such as the network of your office. Resolved when no further ban follows within the window.',
    counts: true,
    uses: ['hosts', 'jails', 'addresses'],
    defaults: { severity: 'warning', sendResolved: false },
  },
  blocklist: {
    title: 'A blocklist is not up to date',
    meaning: 'A blocklist could not be fetched, or is held back. Resolved when the list is imported.',
    counts: false,
    uses: ['hosts'],
    defaults: { severity: 'warning' },
  },
  sign_in: {
    title: 'Sign-ins to BanGUI',
    meaning:
      'Somebody signed in to BanGUI from a new place, or many sign-ins failed. Resolved when the window is over.',
    counts: true,
    uses: ['signIns'],
    defaults: { severity: 'warning', threshold: 10, windowSeconds: 600, sendResolved: false },
  },
  config_changed_outside: {
    title: 'The configuration was changed outside BanGUI',
    meaning:
      'Somebody changed files of fail2ban’s configuration without BanGUI. Resolved when the window is over.',
    counts: true,
    uses: ['hosts'],
    defaults: { severity: 'info', sendResolved: false },
  },
}

/** Returns the settings that a rule of a kind begins with. */
export function defaultsOf(kind: AlertRuleKind): AlertRuleSettings {
  const { title, defaults } = alertRuleKinds[kind]
  return {
    kind,
    name: title,
    enabled: true,
    hosts: [],
    jails: [],
    channels: [],
    threshold: 1,
    windowSeconds: 3600,
    failAfterSeconds: 0,
    recoverAfterSeconds: 0,
    remindMinutes: null,
    sendResolved: true,
    checks: [],
    minSeverity: 'warning',
    addresses: [],
    signIns: ['new_place', 'failed'],
    ...defaults,
  }
}
