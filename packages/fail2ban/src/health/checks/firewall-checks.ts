import type { HealthUnknown } from '@bangui/shared'
import { isYes } from '../../config/options.ts'
import { blocksItself } from '../action-kinds.ts'
import { indexEntries } from '../firewall/entry-index.ts'
import { findAt, locationsOf, nameLocation, type Location } from '../firewall/locations.ts'
import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { JailActions, JailBans } from '../seen/daemon-seen.ts'
import type { FirewallSeen } from '../seen/firewall-seen.ts'
import type { JailLog } from '../seen/own-log-seen.ts'

/** After a ban or an unban, the firewall follows within this time. */
const UNDER_WAY_MS = 15_000
const SHOWN_ADDRESSES = 10
/** A set that is this full is soon too small. */
const NEARLY_FULL = 0.9

/** Whether the addresses that jails ban are in the firewall, and no others. */
export const firewallChecks = {
  'not-in-firewall': defineCheck(
    { needs: ['bans', 'actions', 'firewall'], wants: ['ownLog'] },
    ({ seen: { bans, actions, firewall, ownLog }, now }) => {
      const looks = lookAtAll(bans, actions, firewall)
      return {
        cannotTell: onceEach(looks),
        problems: looks.flatMap((look) => {
          if (look.why !== null) return []
          const missing = look.missing.filter((address) => !address.includes('/'))
          if (missing.length <= underWay(ownLog?.jails.get(look.jail)?.bans, now)) return []
          return [
            problemOf({
              severity: 'critical',
              jail: look.jail,
              title: `${look.jail}: ${missing.length} of ${look.banned} banned addresses are not blocked`,
              detail: `fail2ban lists them as banned, but they are not in ${look.places}: these addresses can still connect. Another program has probably reset the firewall.`,
              evidence: [...missing.slice(0, SHOWN_ADDRESSES), ...moreThan(missing)],
              remedy: 'Restart the jail: it then writes its rules and all its bans again. A reload does not.',
              action: { kind: 'jail.restart', jail: look.jail, addresses: [] },
            }),
          ]
        }),
      }
    },
  ),

  'cidr-not-blocked': defineCheck(
    { needs: ['bans', 'actions', 'firewall'], wants: ['ownLog'] },
    ({ seen: { bans, actions, firewall, ownLog }, now }) => ({
      problems: lookAtAll(bans, actions, firewall).flatMap(({ jail, missing, why }) => {
        const networks = why === null ? missing.filter((address) => address.includes('/')) : []
        if (networks.length <= underWay(ownLog?.jails.get(jail)?.bans, now)) return []
        return [
          problemOf({
            severity: 'critical',
            jail,
            title: `${jail}: ${networks.length === 1 ? 'a banned network is' : `${networks.length} banned networks are`} not blocked`,
            detail:
              'The firewall set accepts only single addresses, or the network overlaps with another ban in the set.',
            evidence: networks.slice(0, SHOWN_ADDRESSES),
            remedy:
              'Unban the network and the addresses in it, then ban the network again; or use an action whose set accepts networks (nftables in fail2ban 1.1.1).',
          }),
        ]
      }),
    }),
  ),

  'still-in-firewall': defineCheck(
    { needs: ['bans', 'actions', 'firewall'], wants: ['ownLog'] },
    ({ seen: { bans, actions, firewall, ownLog }, now }) => ({
      problems: sharedLocations(actions).flatMap(({ location, jails }) => {
        const found = findAt(location, firewall)
        if (typeof found === 'string' || found.entries.length === 0) return []
        const banned = indexEntries(
          bans.filter(({ jail }) => jails.includes(jail)).flatMap(({ addresses }) => addresses),
        )
        const extra = found.entries.filter((entry) => !isRange(entry) && !banned.has(entry))
        const ending = jails.reduce(
          (sum, jail) => sum + underWay(recentEnds(ownLog?.jails.get(jail)), now),
          0,
        )
        if (extra.length <= ending) return []
        return [
          problemOf({
            severity: 'warning',
            jail: jails.length === 1 ? (jails[0] ?? null) : null,
            subject: nameLocation(location),
            title: `${jails.join(', ')}: ${extra.length === 1 ? 'an address is still blocked but' : `${extra.length} addresses are still blocked but`} no longer banned`,
            detail: `${nameLocation(location)} still blocks them. An unban has failed, or another program added them.`,
            evidence: [...extra.slice(0, SHOWN_ADDRESSES), ...moreThan(extra)],
            remedy: 'Restart the jail: it then empties its chain or set and writes only its current bans.',
            action:
              jails.length === 1 ? { kind: 'jail.restart', jail: jails[0] ?? null, addresses: [] } : null,
          }),
        ]
      }),
    }),
  ),

  'chain-not-hooked': defineCheck({ needs: ['actions', 'firewall'] }, ({ seen: { actions, firewall } }) => ({
    problems: sharedLocations(actions).flatMap(({ location, jails }) => {
      const found = findAt(location, firewall)
      if (typeof found === 'string' || !found.isThere || found.isUsed) return []
      return jails.map((jail) =>
        problemOf({
          severity: 'critical',
          jail,
          subject: nameLocation(location),
          title: `${jail}: no rule uses its ${nameLocation(location)}`,
          detail: 'The addresses are in the firewall, but no rule leads to them: they are not blocked.',
          remedy: 'Restart the jail: it then writes its rules again.',
          action: { kind: 'jail.restart', jail, addresses: [] },
        }),
      )
    }),
  })),

  'set-full': defineCheck({ needs: ['actions', 'firewall'] }, ({ seen: { actions, firewall } }) => ({
    problems: sharedLocations(actions).flatMap(({ location, jails }) => {
      const found = findAt(location, firewall)
      if (
        typeof found === 'string' ||
        found.limit === null ||
        found.entries.length < found.limit * NEARLY_FULL
      )
        return []
      const isFull = found.entries.length >= found.limit
      return [
        problemOf({
          severity: isFull ? 'critical' : 'hint',
          subject: nameLocation(location),
          title: `${nameLocation(location)} is ${isFull ? 'full' : 'nearly full'} (${found.entries.length} of ${found.limit})`,
          detail: `It contains the bans of ${jails.join(', ')}. ${isFull ? 'Further bans block nobody.' : 'Once it is full, further bans block nobody.'}`,
          evidence: [`maxelem ${found.limit}, entries ${found.entries.length}`],
          remedy:
            'Use a larger set: set the parameter maxelem (fail2ban 1.1.1 or later) or override actionstart (earlier versions). Or use nftables.',
        }),
      ]
    }),
  })),

  'same-name': defineCheck({ needs: ['actions'] }, ({ seen: { actions } }) => ({
    problems: sharedLocations(actions).flatMap(({ location, jails }) => {
      if (jails.length < 2 || location.family === 6) return []
      return [
        problemOf({
          severity: 'warning',
          subject: nameLocation(location),
          title: `${jails.join(' and ')} share one ${nameLocation(location)}`,
          detail: 'An unban in one of them also unblocks an address that the other one still bans.',
          remedy: 'Give the action a different name in one of the jails: action = …[name=<jail>].',
        }),
      ]
    }),
  })),

  'ipv6-open': defineCheck(
    { needs: ['actions', 'listeners', 'network'], wants: ['config', 'tools'] },
    ({ seen: { actions, listeners, network, config, tools } }) => {
      const isReachable = network.own.some((address) => /^[23]/.test(address) && address.includes(':'))
      const open = listeners.filter(
        ({ family, address }) => family === 6 && address !== '::1' && address !== '0:0:0:0:0:0:0:1',
      )
      if (!isReachable || open.length === 0) return {}
      const setting = config?.stream?.allowIpv6?.toLowerCase()
      const isOff = setting !== undefined && setting !== 'auto' && !isYes(setting)
      const lacks = tools?.find(({ program, path }) => program === 'ip6tables' && path === null) !== undefined
      if (!isOff && !lacks) return {}
      const blocking = actions.filter((jail) => jail.actions.some(blocksItself)).map(({ jail }) => jail)
      if (blocking.length === 0) return {}
      return {
        problems: [
          problemOf({
            severity: 'warning',
            title: 'Attackers over IPv6 are not blocked',
            detail: `${isOff ? 'allowipv6 is off, so fail2ban recognises only IPv4 addresses.' : 'ip6tables is not installed, so bans of IPv6 addresses fail.'} This machine has IPv6 addresses and listens on them.`,
            evidence: [
              `listening on IPv6: ${[...new Set(open.map(({ port }) => port))].slice(0, 20).join(', ')}`,
            ],
            remedy: isOff
              ? 'Set allowipv6 = auto in fail2ban.local and restart fail2ban.'
              : 'Install ip6tables, or use nftables.',
            fix: isOff ? [{ kind: 'set', scope: 'fail2ban', key: 'allowipv6', value: 'auto' }] : null,
          }),
        ],
      }
    },
  ),
} satisfies HealthChecks

/** What the firewall has of the bans of a jail. */
export interface Look {
  readonly jail: string
  readonly banned: number
  /** banned addresses that no action of the jail blocks */
  readonly missing: readonly string[]
  readonly places: string
  /** why it is not known; null: it is */
  readonly why: string | null
}

/** Looks for the bans of each jail in the firewall. A jail without bans, or without an action that blocks, is left out. */
export function lookAtAll(
  bans: readonly JailBans[],
  actions: readonly JailActions[],
  firewall: FirewallSeen,
): Look[] {
  return bans.flatMap(({ jail, addresses }): Look[] => {
    const blocking = (actions.find((entry) => entry.jail === jail)?.actions ?? []).filter(blocksItself)
    if (addresses.length === 0 || blocking.length === 0) return []
    const locations = blocking.map(locationsOf)
    const base = { jail, banned: addresses.length, missing: [], places: '' }
    const unknown = blocking.find((_action, index) => locations[index]?.length === 0)
    if (unknown)
      return [{ ...base, why: `BanGUI cannot see where the action ${unknown.name} blocks addresses.` }]
    const found = locations.flat().map((location) => findAt(location, firewall))
    const why = found.find((one) => typeof one === 'string')
    if (why !== undefined) return [{ ...base, why }]
    const entries = found.flatMap((one) => (typeof one === 'string' ? [] : one.entries))
    const index = indexEntries(entries)
    return [
      {
        ...base,
        // a jail can ban names, which no firewall knows
        missing: addresses.filter(
          (address) => /^[0-9a-f.:]+(?:\/\d+)?$/i.test(address) && !index.has(address),
        ),
        places: [...new Set(locations.flat().map(nameLocation))].join(', '),
        why: null,
      },
    ]
  })
}

/** Returns what cannot be told; a reason that several jails share is given once. */
function onceEach(looks: readonly Look[]): HealthUnknown[] {
  const byReason = Map.groupBy(
    looks.filter(({ why }) => why !== null),
    ({ why }) => why ?? '',
  )
  return [...byReason].map(([why, [first, ...more]]) => ({
    jail: more.length === 0 ? (first?.jail ?? null) : null,
    why,
  }))
}

interface SharedLocation {
  readonly location: Location
  readonly jails: readonly string[]
}

/** Returns each place of bans with the jails that use it. */
function sharedLocations(actions: readonly JailActions[]): SharedLocation[] {
  const found = new Map<string, { location: Location; jails: Set<string> }>()
  for (const { jail, actions: own } of actions)
    for (const location of own.flatMap(locationsOf)) {
      const key = `${nameLocation(location)} ${location.family}`
      const known = found.get(key) ?? { location, jails: new Set<string>() }
      known.jails.add(jail)
      found.set(key, known)
    }
  return [...found.values()].map(({ location, jails }) => ({ location, jails: [...jails] }))
}

/** How many bans or unbans may be on their way into the firewall. */
const underWay = (times: readonly number[] | undefined, now: number): number =>
  (times ?? []).filter((at) => now - at < UNDER_WAY_MS).length

const recentEnds = (log: JailLog | undefined): readonly number[] => [
  ...(log?.unbans ?? []),
  ...(log?.bans ?? []),
]

const isRange = (entry: string): boolean => entry.includes('-')

const moreThan = (all: readonly string[]): string[] =>
  all.length > SHOWN_ADDRESSES ? [`and ${all.length - SHOWN_ADDRESSES} more`] : []
