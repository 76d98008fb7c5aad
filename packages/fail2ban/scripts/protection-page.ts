import {
  healthAreas,
  healthChecks,
  type HealthArea,
  type HealthCadence,
  type HealthCheckInfo,
  type HealthSeverity,
} from '@bangui/shared'

const severities: Readonly<Record<HealthSeverity, string>> = {
  critical: 'critical',
  warning: 'warning',
  hint: 'hint',
}

const cadences: Readonly<Record<HealthCadence, string>> = {
  minute: 'every minute',
  five_minutes: 'every 5 minutes',
  hour: 'every hour',
}

/** Returns the page `docs/protection.md`, made of the list of checks. */
export function renderProtectionPage(): string {
  const introduction = `# Protection health

This page is generated from BanGUI's list of checks (\`pnpm --filter @bangui/fail2ban run docs\` writes it).

fail2ban can run, count failures and list bans, but still block nobody: nothing may be written to a log any more, a filter may not match a new
log format, or another program may have reset the firewall. fail2ban itself rarely reports this. BanGUI therefore checks the daemon, its log, the configuration, the logs of services, and the firewall.

## How a check works

- A check only looks. It never changes the firewall, the configuration or fail2ban, and it never makes DNS queries. It reads the firewall with
  \`nft -j list ruleset\`, \`iptables-save\`, \`ip6tables-save\` and \`ipset list\`.
- A check has one of four results: **fine**, a **problem**, **cannot tell**, with the reason: for example, BanGUI does not run as root, a program is missing, or
  fail2ban runs in another container; or **does not apply**, where there is nothing that it could be about, such as no jail that blocks with iptables or nftables. "Cannot tell"
  is never shown as fine and never raises an alarm.
- A problem is reported when two runs at least 20 seconds apart have found it, so that a short-lived state raises no alarm. Problems that are certain are
  reported immediately. In the minute after fail2ban starts or reloads, nothing new is reported.
- A finding shows since when it is there, what was seen (log lines, the command and its output), why it matters and what to do. The finding ends automatically when the problem is
  solved, and stays in the list "Solved". You can accept a finding, with a reason and an end date.
- Where BanGUI can solve the problem, the finding has a button. What only concerns the running fail2ban, such as the start of a jail or an unban, is done at once. What
  changes the configuration is shown first, tested by fail2ban on a copy, and can be undone like any other change.
- fail2ban's own log is read from its file or from the journal. A file that syslog writes is not read for this, since any program can write there: checks that need
  the log cannot tell then.
- "Check now" runs all checks, except in the minute after fail2ban was started or loaded.

## Accepting a finding

Operators and administrators can accept a finding and give a reason. An accepted finding stays on the page under "Accepted", with the name and the reason, but no longer
counts anywhere. The acceptance lasts for the chosen time, or until the problem is solved: if the problem comes back later, it counts again. You can
withdraw the acceptance at any time.

## Does the ban block?

A check only looks. "Test a ban", on the page Protection and under "Actions" on the page of a jail, is the active proof: BanGUI bans an address of 192.0.2.0/24 and one of
2001:db8::/32, ranges for documentation that nobody has, looks for them in the firewall, and unbans them, also if something fails or BanGUI is restarted meanwhile. The answer
is **blocked**, with the chain or set, and with iptables the rules; **not blocked**, with the reason; or **cannot tell**, with the reason. Where no action of the jail blocks, or
where BanGUI cannot look at the firewall, nothing is banned.

All actions of the jail run, as for any ban: also those that send mail or report addresses to others. fail2ban's own counts, log and database have these bans. BanGUI leaves them
out of its history, statistics and events. Operators and administrators can test a ban; over the API with \`health.proveBan\`. The test is an entry in the list of operations.

## Who sees what

Every role sees the findings. The evidence ("What was seen") can quote the configuration, which can contain secrets, so only administrators see it. To run the checks and to
accept findings, you must be an operator or an administrator. In the API: \`health.list\`, \`health.checks\`, \`health.ended\`, \`health.run\`, \`health.accept\`, \`health.unaccept\`; each
change of a finding sends the event \`health.changed\` to \`events.watch\`.

## What BanGUI needs

BanGUI sees most when it runs as root in the same container (or on the same machine) as fail2ban. Without root, it cannot see the firewall and the
fail2ban process, and the checks that need them report "cannot tell". In a container of its own, BanGUI needs fail2ban's folders at the same paths, the same
network and process namespace, and the capabilities \`NET_ADMIN\`, \`SYS_PTRACE\` and \`DAC_READ_SEARCH\`.

## Severities

- **critical**: something that should be blocked is not.
- **warning**: the protection is weaker than intended, or may fail at the next restart.
- **hint**: worth a look.

A check can report a lower severity than the table shows when less is at stake.
`
  return [introduction, ...(Object.keys(healthAreas) as HealthArea[]).map(renderArea)].join('\n')
}

function renderArea(area: HealthArea): string {
  const checks: readonly HealthCheckInfo[] = healthChecks.filter((check) => check.area === area)
  return `## ${healthAreas[area]}

| check | problem | what it means | severity | checked |
| --- | --- | --- | --- | --- |
${checks.map(renderCheck).join('\n')}
`
}

function renderCheck({ id, title, meaning, severity, cadence, atOnce }: HealthCheckInfo): string {
  const when = `${cadences[cadence]}${atOnce ? ', reported at once' : ''}`
  const cells = [`\`${id}\``, title, meaning, severities[severity], when]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
