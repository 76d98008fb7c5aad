import { readFileSync } from 'node:fs'
import { parseIptablesRule } from '../src/health/firewall/parse-iptables.ts'
import type { Family, IptablesRule } from '../src/health/seen/firewall-seen.ts'

/**
 * Returns what a tool has listed: recorded from Debian 12's programs (iptables 1.8.9, nftables 1.0.6, ipset 7.17), each in a network
 * namespace of its own. `docker`: dockerd 20.10.24 with one container that publishes the ports 8080, 2222 and, for this machine
 * only, 5432. `ufw`: 0.36.2, switched on after fail2ban had put its chain into INPUT; 22, 80 and 443 are let in, 2222 is limited,
 * one address is denied by fail2ban's action. `firewalld`: 1.3.3, with a set of firewallcmd-ipset and a rich rule.
 */
export const recordedFirewall = (name: string): string =>
  readFileSync(new URL(`recorded-firewalls/${name}.txt`, import.meta.url), 'utf8')

/** Returns the rules of a recorded `iptables-save -c`. */
export function recordedRules(name: string, family: Family = 4): IptablesRule[] {
  let table = ''
  return recordedFirewall(name)
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('*')) table = line.slice(1)
      return parseIptablesRule(line, family, table) ?? []
    })
}
