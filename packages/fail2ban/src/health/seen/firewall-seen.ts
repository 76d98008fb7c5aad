import type { Observed } from '../observed.ts'

/** An IP family. */
export type Family = 4 | 6

/** A set of addresses in the firewall. */
export interface FirewallSet {
  /** family and name of the table, such as `inet f2b-table`; empty: a set of ipset */
  readonly table: string
  readonly name: string
  /** addresses, networks, and ranges as `a-b` */
  readonly entries: readonly string[]
  /** how many it takes; null: not limited */
  readonly limit: number | null
  /** a rule refers to it */
  readonly isUsed: boolean
}

/** Why a part of the firewall is not listed: there is nothing of fail2ban in it. */
export const NOT_USED = 'No jail uses it to block addresses.'

/** A rule of iptables, as `iptables-save` writes it. */
export interface IptablesRule {
  readonly family: Family
  readonly table: string
  readonly chain: string
  readonly source: string | null
  readonly protocol: string | null
  /** destination ports from-to; null: all */
  readonly ports: readonly PortRange[] | null
  /** further conditions: an interface, a state, a set, … */
  readonly conditions: readonly string[]
  /** the set of ipset that it looks into */
  readonly set: string | null
  readonly target: string
  /** of a DNAT: where to, without the port */
  readonly destination: string | null
  readonly packets: number
  readonly text: string
}

/** First and last port. */
export type PortRange = readonly [from: number, to: number]

/** What nftables has of its own. */
export interface NftablesSeen {
  readonly sets: readonly FirewallSet[]
  readonly forwarded: readonly ForwardedPorts[]
}

/** Ports that a rule forwards (DNAT). */
export interface ForwardedPorts {
  readonly ports: readonly PortRange[]
  /** the address that is forwarded; null: any of this machine */
  readonly address: string | null
  /** where to; null: not shown, as in the rules that iptables made */
  readonly destination: string | null
  readonly text: string
}

/** The firewall as its read-only tools list it; only those are asked that the actions of jails use. */
export interface FirewallSeen {
  readonly nftables: Observed<NftablesSeen>
  readonly iptables: Observed<readonly IptablesRule[]>
  readonly ip6tables: Observed<readonly IptablesRule[]>
  readonly ipset: Observed<readonly FirewallSet[]>
}

/** A program that an action runs. */
export interface ToolSeen {
  readonly program: string
  /** where the daemon finds it; null: nowhere */
  readonly path: string | null
}

/** A socket on which this machine takes connections or packets. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp'
  readonly family: Family
  readonly address: string
  readonly port: number
  /** names of the processes that have it open; empty: not known */
  readonly processes: readonly string[]
}
