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

fail2ban can run, count and list bans, and yet block nobody: a log that is no longer written, a filter that does not know new log lines, a firewall that somebody
has reset. fail2ban itself rarely says so. BanGUI therefore looks by itself, at the daemon, its log, the configuration, the logs of services, and the firewall.

## How a check works

- A check only looks. It never changes the firewall, the configuration or fail2ban, and it never asks the DNS. The firewall is read with
  \`nft -j list ruleset\`, \`iptables-save\`, \`ip6tables-save\` and \`ipset list\`.
- It has one of three results: **fine**, a **problem**, or **cannot tell**, with the reason: BanGUI does not run as root, a program is missing, or fail2ban runs in
  another container. "Cannot tell" is never shown as fine and never raises an alarm.
- A problem is reported when two runs at least 20 seconds apart have seen it, so that a moment in between does not alarm anybody. Problems that are certain are
  reported at once. In the minute after a start or a reload of fail2ban nothing new is reported.
- A finding says what was seen (the lines, the command and its output), why it matters and what to do. It ends by itself when the problem is gone. It can be accepted, with
  a reason and an end.

## Accepting a finding

Operators and administrators can accept a finding, with a reason: it stays on the page under "Accepted", with the name and the reason, and no longer counts
anywhere. An acceptance lasts for the time that was chosen, or until the problem is solved: if the problem comes back later, it counts again. It can be taken
back at any time.

## Who sees what

Every role sees the findings. What was seen can quote the configuration, and so secrets: only administrators see it. Running the checks and accepting findings
needs the role of an operator. Over the API: \`health.list\`, \`health.checks\`, \`health.ended\`, \`health.run\`, \`health.accept\`, \`health.unaccept\`; each
change of a finding is an event \`health.changed\` of \`events.watch\`.

## What BanGUI needs

BanGUI sees most when it runs as root in the same container (or on the same machine) as fail2ban. Without root, it cannot see the firewall and the process of
fail2ban, and the checks that need them cannot tell anything. In a container of its own, BanGUI needs the folders of fail2ban at the same paths, the same
network and process namespace, and the capabilities \`NET_ADMIN\`, \`SYS_PTRACE\` and \`DAC_READ_SEARCH\`.

## Severities

- **critical**: something that should be blocked is not.
- **warning**: the protection is weaker than meant, or may fail at the next restart.
- **hint**: worth a look.

A check can give a lower severity than the table says, where less is at stake.
`
  return [introduction, ...(Object.keys(healthAreas) as HealthArea[]).map(renderArea)].join('\n')
}

function renderArea(area: HealthArea): string {
  const checks: readonly HealthCheckInfo[] = healthChecks.filter((check) => check.area === area)
  return `## ${healthAreas[area]}

| check | problem | what it means | severity | looked at |
| --- | --- | --- | --- | --- |
${checks.map(renderCheck).join('\n')}
`
}

function renderCheck({ id, title, meaning, severity, cadence, atOnce }: HealthCheckInfo): string {
  const when = `${cadences[cadence]}${atOnce ? ', reported at once' : ''}`
  const cells = [`\`${id}\``, title, meaning, severities[severity], when]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
