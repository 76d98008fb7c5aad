import type { ActionSeen } from '../seen/daemon-seen.ts'
import type { Family, FirewallSeen, FirewallSet } from '../seen/firewall-seen.ts'

/** Where the bans of an action are, for each family. */
export type Location =
  | { readonly kind: 'nftables'; readonly family: Family; readonly table: string; readonly set: string }
  | { readonly kind: 'iptables'; readonly family: Family; readonly chain: string }
  | { readonly kind: 'ipset'; readonly family: Family; readonly set: string }

const MAX_PASSES = 10
/** These hold rules of everybody: what is in them is not fail2ban's alone. */
const builtInChains: ReadonlySet<string> = new Set([
  'INPUT',
  'FORWARD',
  'OUTPUT',
  'PREROUTING',
  'POSTROUTING',
  'DOCKER-USER',
])

/** Fills the tags of an action's property with its other properties; what fail2ban fills in at a ban stays. */
export function fillTags(text: string, { properties }: ActionSeen, family: Family): string {
  let filled = text
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const next = filled.replaceAll(/<([\w.-]+)>/g, (tag: string, name: string) => {
      if (name === 'ip') return tag
      return (
        (family === 6 ? properties.get(`${name}?family=inet6`) : undefined) ?? properties.get(name) ?? tag
      )
    })
    if (next === filled || next.length > 64 * 1024) break
    filled = next
  }
  return filled
}

/** Returns where an action puts the addresses that it bans; empty: BanGUI cannot look there. */
export function locationsOf(action: ActionSeen): Location[] {
  const ban = action.properties.get('actionban') ?? ''
  return ([4, 6] as const).flatMap((family) => locationIn(fillTags(ban, action, family), family))
}

function locationIn(command: string, family: Family): Location[] {
  const [, tableFamily, table, nftSet] = /\bnft\b[^\n]*? add element (\S+) (\S+) (\S+) /.exec(command) ?? []
  if (nftSet !== undefined)
    return [{ kind: 'nftables', family, table: `${tableFamily} ${table}`, set: nftSet }]
  const [, set] = /\bipset (?:-\S+ )*(?:add|-A) (\S+) <ip>/.exec(command) ?? []
  if (set !== undefined) return [{ kind: 'ipset', family, set }]
  const [, chain] = /\bip6?tables\b[^\n]*? -[IA] (\S+) (?:\d+ )?-s <ip>/.exec(command) ?? []
  return chain === undefined || builtInChains.has(chain) ? [] : [{ kind: 'iptables', family, chain }]
}

/** What the firewall has at a location. */
export interface Found {
  /** the chain or set is there */
  readonly isThere: boolean
  /** a rule leads to it */
  readonly isUsed: boolean
  readonly entries: readonly string[]
  readonly limit: number | null
}

/** Returns what is at a location; a text says why BanGUI cannot look there. */
export function findAt(location: Location, firewall: FirewallSeen): Found | string {
  if (location.kind === 'nftables') {
    const { nftables } = firewall
    if ('why' in nftables) return nftables.why
    return ofSet(
      nftables.value.sets.find(({ table, name }) => table === location.table && name === location.set),
    )
  }
  if (location.kind === 'ipset') {
    const { ipset } = firewall
    if ('why' in ipset) return ipset.why
    return ofSet(ipset.value.find(({ name }) => name === location.set))
  }
  const rules = location.family === 4 ? firewall.iptables : firewall.ip6tables
  if ('why' in rules) return rules.why
  const own = rules.value.filter(({ table, chain }) => table === 'filter' && chain === location.chain)
  return {
    isThere: own.length > 0,
    isUsed: rules.value.some(({ target }) => target === location.chain),
    entries: own.flatMap(({ source }) => (source === null ? [] : [source.replace(/\/(?:32|128)$/, '')])),
    limit: null,
  }
}

const ofSet = (set: FirewallSet | undefined): Found =>
  set === undefined
    ? { isThere: false, isUsed: false, entries: [], limit: null }
    : { isThere: true, isUsed: set.isUsed, entries: set.entries, limit: set.limit }

/** Returns a name for a location, the same for those who share it. */
export function nameLocation(location: Location): string {
  if (location.kind === 'nftables') return `nftables set ${location.set} (${location.table})`
  return location.kind === 'ipset'
    ? `ipset ${location.set}`
    : `${location.family === 4 ? 'iptables' : 'ip6tables'} chain ${location.chain}`
}
