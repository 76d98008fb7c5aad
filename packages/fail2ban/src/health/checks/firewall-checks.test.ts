import { describe, expect, it } from 'vitest'
import { HOUR, jailLog, now, ownLog, runCheck, titlesOf } from '../../../test/health.ts'
import { firewall, iptables, ipset, nft, rule } from '../../../test/health-firewall.ts'
import type { FirewallSet } from '../seen/firewall-seen.ts'
import { firewallChecks } from './firewall-checks.ts'

const table = 'inet f2b-table'
const set = (over: Partial<FirewallSet> = {}): FirewallSet => ({
  table,
  name: 'addr-set-sshd',
  entries: ['192.0.2.1', '198.51.100.0/24', '203.0.113.1-203.0.113.7'],
  limit: null,
  isUsed: true,
  ...over,
})
const actions = [{ jail: 'sshd', actions: [nft()] }]
const bans = (...addresses: string[]) => [{ jail: 'sshd', addresses }]
const seenWith = (sets: readonly FirewallSet[]) => firewall({ nftables: { value: { sets, forwarded: [] } } })

describe('not-in-firewall', () => {
  const check = firewallChecks['not-in-firewall']

  it.each([
    ['every ban is in the set', bans('192.0.2.1'), []],
    ['a ban lies in a network of the set', bans('198.51.100.9'), []],
    ['a ban lies in a range of the set', bans('203.0.113.7'), []],
    [
      'an address is not in the set',
      bans('192.0.2.1', '203.0.113.8'),
      ['sshd: 1 of 2 banned addresses are not blocked'],
    ],
    ['an IPv6 address has no set', bans('2001:db8::1'), ['sshd: 1 of 1 banned addresses are not blocked']],
    ['a name is banned, which no firewall knows', bans('localhost'), []],
    ['nobody is banned', bans(), []],
  ])('where %s', (_title, banned, titles) => {
    expect(titlesOf(runCheck(check, { bans: banned, actions, firewall: seenWith([set()]) }))).toEqual(titles)
  })

  it('leaves a ban alone that was logged a moment ago', () => {
    const log = ownLog({ jails: new Map([['sshd', jailLog({ bans: [now - 2 * HOUR, now - 3000] })]]) })
    const seen = { bans: bans('203.0.113.8'), actions, firewall: seenWith([set()]), ownLog: log }
    expect(titlesOf(runCheck(check, seen))).toEqual([])
    expect(titlesOf(runCheck(check, { ...seen, bans: bans('203.0.113.8', '203.0.113.9') }))).toHaveLength(1)
  })

  it('cannot tell where the firewall is not seen, or the action blocks somewhere else', () => {
    const why = 'BanGUI may not look at the firewall.'
    const blind = { bans: bans('192.0.2.1'), actions, firewall: firewall({ nftables: { why } }) }
    expect(runCheck(check, blind)).toMatchObject({ problems: [], cannotTell: [{ jail: 'sshd', why }] })
    const far = [
      {
        jail: 'sshd',
        actions: [{ name: 'ufw', properties: new Map([['actionban', 'ufw insert 1 deny from <ip>']]) }],
      },
    ]
    expect(runCheck(check, { ...blind, actions: far }).cannotTell).toHaveLength(1)
  })

  it('looks into the chains of iptables and the sets of ipset', () => {
    const rules = [
      rule('-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd'),
      rule('-A f2b-sshd -s 192.0.2.1/32 -j REJECT'),
    ]
    const seen = {
      bans: bans('192.0.2.1', '192.0.2.2'),
      firewall: firewall({
        iptables: { value: rules },
        ip6tables: { value: [] },
        ipset: { value: [set({ table: '', name: 'f2b-sshd', entries: ['192.0.2.2'] })] },
      }),
    }
    const titlesWith = (...own: ReturnType<typeof nft>[]) =>
      titlesOf(runCheck(check, { ...seen, actions: [{ jail: 'sshd', actions: own }] }))
    expect(titlesWith(iptables())).toEqual(['sshd: 1 of 2 banned addresses are not blocked'])
    expect(titlesWith(ipset())).toEqual(['sshd: 1 of 2 banned addresses are not blocked'])
    expect(titlesWith(iptables(), ipset())).toEqual([])
  })
})

it.each([
  ['in the set', '198.51.100.0/24', []],
  ['not in the set', '203.0.113.0/24', ['sshd: a banned network is not blocked']],
  ['inside a network of the set', '198.51.100.128/25', []],
])('cidr-not-blocked, where the network is %s', (_title, network, titles) => {
  const seen = { bans: bans(network), actions, firewall: seenWith([set()]) }
  expect(titlesOf(runCheck(firewallChecks['cidr-not-blocked'], seen))).toEqual(titles)
})

it.each([
  ['only banned addresses are in it', ['192.0.2.1'], bans('192.0.2.1'), []],
  [
    'a stranger is in it',
    ['192.0.2.1', '192.0.2.9'],
    bans('192.0.2.1'),
    ['sshd: an address is still blocked but no longer banned'],
  ],
  ['addresses of a banned network are in it', ['198.51.100.1', '198.51.100.2'], bans('198.51.100.0/24'), []],
  ['it is empty', [], bans(), []],
])('still-in-firewall, where %s', (...[, entries, banned, titles]) => {
  const seen = { bans: banned, actions, firewall: seenWith([set({ entries })]) }
  expect(titlesOf(runCheck(firewallChecks['still-in-firewall'], seen))).toEqual(titles)
})

it('still-in-firewall leaves an unban alone that was logged a moment ago', () => {
  const jails = new Map([['sshd', jailLog({ unbans: [now - 3000] })]])
  const seen = {
    bans: bans(),
    actions,
    firewall: seenWith([set({ entries: ['192.0.2.9'] })]),
    ownLog: ownLog({ jails }),
  }
  expect(titlesOf(runCheck(firewallChecks['still-in-firewall'], seen))).toEqual([])
})

it.each([
  ['a rule uses the set', [set()], 0],
  ['no rule uses the set', [set({ isUsed: false })], 1],
  ['there is no set yet', [], 0],
])('chain-not-hooked, where %s', (_title, sets, problems) => {
  expect(
    runCheck(firewallChecks['chain-not-hooked'], { actions, firewall: seenWith(sets) }).problems,
  ).toHaveLength(problems)
})

it.each([
  [3, 'critical'],
  [4, null],
  [null, null],
])('set-full, where three entries are in a set for %s', (limit, severity) => {
  const seen = { actions, firewall: seenWith([set({ limit })]) }
  const found = (runCheck(firewallChecks['set-full'], seen).problems ?? []).map((problem) => problem.severity)
  expect(found).toEqual(severity === null ? [] : [severity])
})

it('set-full has a hint for a set that is nearly full', () => {
  const entries = Array.from({ length: 95 }, (_, index) => `192.0.2.${index}`)
  const seen = { actions, firewall: seenWith([set({ limit: 100, entries })]) }
  expect(runCheck(firewallChecks['set-full'], seen).problems).toMatchObject([{ severity: 'hint' }])
})

it.each([
  ['other', []],
  ['sshd', ['sshd and web share one nftables set addr-set-sshd (inet f2b-table)']],
])('same-name, where the other jail has the name %s', (name, titles) => {
  const both = [...actions, { jail: 'web', actions: [nft({ name })] }]
  expect(titlesOf(runCheck(firewallChecks['same-name'], { actions: both }))).toEqual(titles)
})

const listener = {
  protocol: 'tcp',
  family: 6,
  address: '0:0:0:0:0:0:0:0',
  port: 22,
  processes: ['sshd'],
} as const
const network = { own: ['192.0.2.10', '2001:db8::10'], gateways: [], nameServers: [] }
const noIp6tables = [{ program: 'ip6tables', path: null }]

it.each([
  ['ip6tables is missing', { tools: noIp6tables }, 1],
  [
    'nothing listens on IPv6',
    { tools: noIp6tables, listeners: [{ ...listener, family: 4, address: '0.0.0.0' }] },
    0,
  ],
  [
    'the machine has no IPv6 address',
    { tools: noIp6tables, network: { ...network, own: ['192.0.2.10', 'fe80::1'] } },
    0,
  ],
  ['ip6tables is there', { tools: [{ program: 'ip6tables', path: '/usr/sbin/ip6tables' }] }, 0],
] as const)('ipv6-open, where %s', (_title, over, problems) => {
  const seen = { actions, listeners: [listener], network, ...over }
  expect(runCheck(firewallChecks['ipv6-open'], seen).problems ?? []).toHaveLength(problems)
})
