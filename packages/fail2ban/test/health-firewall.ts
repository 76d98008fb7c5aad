import { parseIptablesRule } from '../src/health/firewall/parse-iptables.ts'
import type { ActionSeen } from '../src/health/seen/daemon-seen.ts'
import type { FirewallSeen, IptablesRule } from '../src/health/seen/firewall-seen.ts'

/** The firewall of a machine of which no part is seen, but for what a test gives. */
export const firewall = (over: Partial<FirewallSeen> = {}): FirewallSeen => ({
  nftables: { why: 'No jail uses it to block addresses.' },
  iptables: { why: 'No jail uses it to block addresses.' },
  ip6tables: { why: 'No jail uses it to block addresses.' },
  ipset: { why: 'No jail uses it to block addresses.' },
  ...over,
})

const action = (name: string, properties: Record<string, string>): ActionSeen => ({
  name,
  properties: new Map(Object.entries(properties)),
})

/** Actions as the daemon has them, in the words of fail2ban 1.0.2. */
export const nft = (over: Record<string, string> = {}): ActionSeen =>
  action('nftables-multiport', {
    actionstart:
      '<nftables> add table inet f2b-table\n<nftables> -- add chain inet f2b-table f2b-chain \\{ type filter hook input priority -1 \\; \\}\n<nftables> add rule inet f2b-table f2b-chain tcp dport \\{ ssh \\} <addr_family> saddr @<addr_set> reject',
    actionban: '<nftables> add element inet f2b-table <addr_set> \\{ <ip> \\}',
    nftables: 'nft',
    addr_set: 'addr-set-<name>',
    'addr_set?family=inet6': 'addr6-set-<name>',
    name: 'sshd',
    port: 'ssh',
    type: 'multiport',
    ...over,
  })

export const iptables = (over: Record<string, string> = {}): ActionSeen =>
  action('iptables-multiport', {
    actionstart:
      "{ <iptables> -C f2b-sshd -j RETURN >/dev/null 2>&1; } || { <iptables> -N f2b-sshd || true; }\nfor proto in $(echo 'tcp' | sed 's/,/ /g'); do\n{ <iptables> -I INPUT -p $proto -m multiport --dports ssh -j f2b-sshd; }\ndone",
    actionban: '<iptables> -I f2b-<name> 1 -s <ip> -j <blocktype>',
    iptables: 'iptables <lockingopt>',
    'iptables?family=inet6': 'ip6tables <lockingopt>',
    lockingopt: '-w',
    blocktype: 'REJECT',
    name: 'sshd',
    port: 'ssh',
    ...over,
  })

export const ipset = (over: Record<string, string> = {}): ActionSeen =>
  action('iptables-ipset-proto6', {
    actionstart:
      'ipset -exist create <ipmset> hash:ip timeout 0 <familyopt>\n<iptables> -I INPUT -p tcp -m multiport --dports ssh -m set --match-set <ipmset> src -j REJECT',
    actionban: 'ipset -exist add <ipmset> <ip> timeout 0',
    ipmset: 'f2b-<name>',
    'ipmset?family=inet6': 'f2b-<name>6',
    iptables: 'iptables -w',
    name: 'sshd',
    port: 'ssh',
    ...over,
  })

export const sendmail: ActionSeen = action('sendmail-whois', {
  actionban:
    'printf %%b "Subject: [Fail2Ban] sshd: banned <ip>\nFrom: x <root>\nHi,\\n\nThe IP <ip> has just been banned\nnft; iptables\n`whois <ip>`\n" | /usr/sbin/sendmail -f root root',
})

/** Returns a rule in the words of iptables-save. */
export function rule(
  text: string,
  { family = 4, table = 'filter' }: { family?: 4 | 6; table?: string } = {},
): IptablesRule {
  const parsed = parseIptablesRule(text, family, table)
  if (!parsed) throw new TypeError(`${text} is no rule.`)
  return parsed
}
