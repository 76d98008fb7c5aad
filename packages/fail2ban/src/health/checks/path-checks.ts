import { blocksItself } from '../action-kinds.ts'
import { fillTags, locationsOf } from '../firewall/locations.ts'
import { isInPorts, portsOf } from '../firewall/ports.ts'
import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { ActionSeen } from '../seen/daemon-seen.ts'
import {
  NOT_USED,
  type FirewallSeen,
  type ForwardedPorts,
  type IptablesRule,
  type Listener,
  type PortRange,
} from '../seen/firewall-seen.ts'
import { serviceOf } from '../services.ts'

/** Whether the packets of banned addresses come by the rules of fail2ban at all. */
export const pathChecks = {
  'port-mismatch': defineCheck(
    { needs: ['actions', 'config', 'listeners'] },
    ({ seen: { actions, config, listeners } }) => {
      const unknown: { jail: string; why: string }[] = []
      const problems = actions.flatMap(({ jail, actions: own }) => {
        const service = serviceOf(config.jails.find(({ name }) => name === jail)?.filter)
        const blocking = own.filter(blocksItself)
        if (!service || blocking.length === 0) return []
        const ports = blocking.map(coveredPorts)
        if (ports.includes('all')) return []
        const known = ports.flatMap((one) => (typeof one === 'string' || one === undefined ? [] : one))
        if (ports.includes(undefined)) {
          unknown.push({ jail, why: 'BanGUI does not know which ports the action blocks.' })
          return []
        }
        const listening = listenersOf(listeners, service.processes)
        if (listening.length === 0) {
          unknown.push({ jail, why: `BanGUI cannot see where ${service.name} listens.` })
          return []
        }
        const open = [...new Set(listening.map(({ port }) => port))].filter((port) => !isInPorts(port, known))
        if (open.length === 0) return []
        const setting = blocking.map((action) => action.properties.get('port') ?? '').join(',')
        return [
          problemOf({
            severity: 'critical',
            jail,
            title: `${jail}: bans do not cover port ${open.join(', ')} of ${service.name}`,
            detail: `${service.name} listens on port ${open.join(', ')}, but the action blocks only ${setting}: banned addresses can still connect.`,
            evidence: listening.map(
              ({ address, port, processes }) => `${processes.join(', ')} listens on ${address} port ${port}`,
            ),
            remedy: `Set port = ${[setting, ...open].join(',')} in the jail, then restart the jail.`,
            fix: [
              { kind: 'set', scope: 'jail', name: jail, key: 'port', value: [setting, ...open].join(',') },
            ],
          }),
        ]
      })
      return { problems, cannotTell: unknown }
    },
  ),

  'docker-bypass': defineCheck(
    { needs: ['actions', 'firewall', 'network'] },
    ({ seen: { actions, firewall, network } }) => {
      const published = forwardedPorts(firewall).filter(
        ({ address, destination }) => !network.own.includes(destination ?? '') && !isLoopback(address ?? ''),
      )
      const seen = [firewall.iptables, firewall.ip6tables, firewall.nftables]
      const whys = seen.flatMap((each) => ('why' in each ? [each.why] : []))
      const unseen = whys.find((why) => why !== NOT_USED)
      if (unseen === undefined && whys.length === seen.length)
        return { doesNotApply: 'No jail blocks with iptables or nftables.' }
      // nftables lists the rules of iptables as well
      const isUnknown = unseen !== undefined && 'why' in firewall.nftables
      return {
        ...(isUnknown && { cannotTell: [{ jail: null, why: unseen }] }),
        problems: actions.flatMap(({ jail, actions: own }) =>
          own.filter(blocksItself).flatMap((action) => {
            const covered = coveredPorts(action)
            if (!isInInput(action) || covered === undefined) return []
            const hit = published.filter(({ ports }) => ports.some((range) => overlaps(range, covered)))
            return hit.length === 0 ? [] : [bypassProblem(jail, action, hit)]
          }),
        ),
      }
    },
  ),

  'accept-before': defineCheck({ needs: ['actions', 'firewall'] }, ({ seen: { actions, firewall } }) => ({
    problems: actions.flatMap(({ jail, actions: own }) =>
      own.flatMap((action) =>
        locationsOf(action).flatMap((location) => {
          if (location.kind === 'nftables') return []
          const rules = location.family === 4 ? firewall.iptables : firewall.ip6tables
          if ('why' in rules) return []
          const isOwn = (rule: IptablesRule) =>
            location.kind === 'ipset' ? rule.set === location.set : rule.target === location.chain
          const accepting = acceptedBefore(rules.value, isOwn, coveredPorts(action))
          if (accepting === undefined) return []
          return [
            problemOf({
              severity: 'critical',
              jail,
              subject: `${action.name} ${location.family}`,
              title: `${jail}: a rule accepts connections before the ban applies`,
              detail: `In the chain ${accepting.chain}, an ACCEPT rule comes before fail2ban’s rule: banned addresses can connect. Another program has inserted it since the jail started.`,
              evidence: [
                `${accepting.text}${accepting.packets > 0 ? ` (${accepting.packets} packets)` : ''}`,
              ],
              remedy: 'Restart the jail: it then inserts its rule at the top again.',
              action: { kind: 'jail.restart', jail, addresses: [] },
            }),
          ]
        }),
      ),
    ),
  })),

  'ufw-off': defineCheck({ needs: ['actions', 'system'] }, ({ seen: { actions, system } }) => {
    const jails = actions.filter(({ actions: own }) =>
      own.some(({ properties }) => /^\s*(?:\S+\/)?ufw\b/m.test(properties.get('actionban') ?? '')),
    )
    if (system.ufwEnabled === true) return {}
    return {
      problems: jails.map(({ jail }) =>
        problemOf({
          severity: 'critical',
          jail,
          title: `${jail} blocks with ufw, which is inactive`,
          detail: 'ufw accepts the rule without an error but does not apply it: nobody is blocked.',
          evidence: [
            system.ufwEnabled === null
              ? '/etc/ufw/ufw.conf: No such file or directory'
              : '/etc/ufw/ufw.conf: ENABLED=no',
          ],
          remedy: 'Enable ufw ("ufw enable"), or choose another banaction, such as nftables.',
          fix: [{ kind: 'set', scope: 'jail', name: jail, key: 'banaction', value: 'nftables' }],
        }),
      ),
    }
  }),

  'firewalld-off': defineCheck({ needs: ['actions', 'system'] }, ({ seen: { actions, system } }) => {
    const jails = actions.filter(({ actions: own }) =>
      own.some(({ properties }) => /\bfirewall-cmd\b/.test(properties.get('actionban') ?? '')),
    )
    if (system.firewalldRuns) return {}
    return {
      problems: jails.map(({ jail }) =>
        problemOf({
          severity: 'critical',
          jail,
          title: `${jail} blocks with firewalld, which is not running`,
          detail: 'Every ban fails, but fail2ban still counts the addresses as banned.',
          evidence: ['no process named firewalld'],
          remedy: 'Start firewalld, or choose another banaction, such as nftables.',
          fix: [{ kind: 'set', scope: 'jail', name: jail, key: 'banaction', value: 'nftables' }],
        }),
      ),
    }
  }),

  'other-firewall': defineCheck({ needs: ['firewall'] }, ({ seen: { firewall } }) =>
    'value' in firewall.iptables &&
    firewall.iptables.value.length > 0 &&
    'value' in firewall.nftables &&
    firewall.nftables.value.sets.length > 0
      ? {
          note: 'fail2ban uses both iptables and nftables. They work together, but each lists only its own rules.',
        }
      : {},
  ),
} satisfies HealthChecks

/** Returns the ports that an action blocks; undefined: that is not known. */
function coveredPorts(action: ActionSeen): readonly PortRange[] | 'all' | undefined {
  const { properties } = action
  const start = fillTags(properties.get('actionstart') ?? '', action, 4)
  // an action that names no port blocks all of them
  if (properties.get('type') === 'allports' || !/dports?\b/.test(start)) return 'all'
  const ports = portsOf(fillTags(properties.get('port') ?? '', action, 4))
  if (ports?.some(([from, to]) => from <= 1 && to >= 65_535)) return 'all'
  return ports
}

/** Sockets that only this machine reaches do not count. */
const listenersOf = (listeners: readonly Listener[], processes: readonly string[]): Listener[] =>
  listeners.filter(
    ({ protocol, address, processes: own }) =>
      protocol === 'tcp' &&
      !/^(?:127\.|0:0:0:0:0:0:0:1$|::1$)/.test(address) &&
      own.some((name) => processes.includes(name)),
  )

/** Returns whether an action blocks where packets for this machine itself come by. */
function isInInput(action: ActionSeen): boolean {
  const start = fillTags(action.properties.get('actionstart') ?? '', action, 4)
  return /-I INPUT\b/.test(start) || /\bhook input\b/.test(start)
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

/** Those that iptables shows, for IPv4 and IPv6; without it, those that nftables does, which has the rules of iptables as well. */
function forwardedPorts({ iptables, ip6tables, nftables }: FirewallSeen): readonly ForwardedPorts[] {
  const lists = [iptables, ip6tables]
  const found = lists.flatMap((list) => ('value' in list ? list.value.flatMap(forwardedBy) : []))
  const isComplete = lists.every((list) => 'value' in list)
  return isComplete || 'why' in nftables ? found : [...found, ...nftables.value.forwarded]
}

function forwardedBy({
  table,
  target,
  ports,
  conditions,
  destination,
  text,
}: IptablesRule): ForwardedPorts[] {
  if (table !== 'nat' || target !== 'DNAT' || ports === null) return []
  const [, address = null] = /^-d ([^ /]+)/.exec(conditions.find((one) => one.startsWith('-d ')) ?? '') ?? []
  return [{ ports, address, destination, text }]
}

const overlaps = ([from, to]: PortRange, covered: readonly PortRange[] | 'all'): boolean =>
  covered === 'all' || covered.some(([first, last]) => from <= last && first <= to)

function bypassProblem(jail: string, action: ActionSeen, published: readonly ForwardedPorts[]) {
  const isNft = /\bnft\b/.test(fillTags(action.properties.get('actionban') ?? '', action, 4))
  return problemOf({
    severity: 'critical',
    jail,
    subject: action.name,
    title: `${jail}: bans do not apply to a published container port`,
    detail:
      'These ports are forwarded to a container, and forwarded packets do not pass through the chain that contains the bans: banned addresses can connect.',
    evidence: published.slice(0, 10).map(({ text }) => text),
    remedy: isNft
      ? 'Set chain_hook=prerouting and chain_priority=-300 for the action, then restart the jail.'
      : 'Use iptables-allports with chain=DOCKER-USER, or nftables with chain_hook=prerouting and chain_priority=-300. Then restart the jail.',
  })
}

/** Returns the rule before fail2ban's own that accepts what the jail blocks; undefined: there is none. */
function acceptedBefore(
  rules: readonly IptablesRule[],
  isOwn: (rule: IptablesRule) => boolean,
  ports: readonly PortRange[] | 'all' | undefined,
): IptablesRule | undefined {
  const own = rules.find((rule) => rule.table === 'filter' && isOwn(rule))
  if (own === undefined) return undefined
  const accepts = (rule: IptablesRule, depth: number): IptablesRule | undefined => {
    if (!isForEverybody(rule) || !isOfProtocol(rule, own) || !meets(rule.ports, ports)) return undefined
    if (rule.target === 'ACCEPT') return rule
    if (depth > 3 || rule.target.startsWith('f2b-')) return undefined
    for (const inner of rules) {
      if (inner.table !== 'filter' || inner.chain !== rule.target) continue
      const found = accepts(inner, depth + 1)
      if (found) return found
    }
    return undefined
  }
  for (const rule of rules) {
    if (rule.table !== 'filter' || rule.chain !== own.chain) continue
    if (rule === own) return undefined
    const found = accepts(rule, 0)
    if (found) return found
  }
  return undefined
}

/** A rule for one source, interface or state does not let a new connection of an attacker in. */
const isForEverybody = ({ source, conditions, set }: IptablesRule): boolean =>
  source === null && set === null && conditions.every((condition) => /^--(?:tcp-flags|syn)\b/.test(condition))

/** A rule for ICMP lets nobody connect to a TCP port. */
const isOfProtocol = ({ protocol }: IptablesRule, own: IptablesRule): boolean =>
  protocol === null || protocol === 'all' || own.protocol === null || protocol === own.protocol

const meets = (
  accepted: readonly PortRange[] | null,
  blocked: readonly PortRange[] | 'all' | undefined,
): boolean =>
  accepted === null ||
  blocked === 'all' ||
  blocked === undefined ||
  accepted.some((range) => overlaps(range, blocked))
