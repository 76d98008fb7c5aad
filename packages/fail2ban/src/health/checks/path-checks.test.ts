import { describe, expect, it } from 'vitest'
import { config, runCheck, titlesOf, wanted } from '../../../test/health.ts'
import { firewall, iptables, nft, rule } from '../../../test/health-firewall.ts'
import { recordedFirewall, recordedRules } from '../../../test/recorded-firewalls.ts'
import { parseNftables } from '../firewall/parse-nftables.ts'
import type { FirewallSeen, Listener } from '../seen/firewall-seen.ts'
import type { SystemSeen } from '../seen/machine-seen.ts'
import { pathChecks } from './path-checks.ts'

const listener = (port: number, over: Partial<Listener> = {}): Listener => ({
  protocol: 'tcp',
  family: 4,
  address: '0.0.0.0',
  port,
  processes: ['sshd'],
  ...over,
})

it.each([
  ['the service listens on the port of the jail', iptables(), [listener(22)], []],
  [
    'the service listens on another port',
    iptables(),
    [listener(2222)],
    ['sshd: bans do not cover port 2222 of OpenSSH'],
  ],
  ['the jail has both ports', iptables({ port: 'ssh,2222' }), [listener(22), listener(2222)], []],
  ['the jail has a range', iptables({ port: '2200:2300' }), [listener(2222)], []],
  ['the action blocks all ports', nft({ type: 'allports' }), [listener(2222)], []],
  ['the jail has every port', iptables({ port: '0:65535' }), [listener(2222)], []],
  [
    'only this machine reaches the other port',
    iptables(),
    [listener(22), listener(2222, { address: '127.0.0.1' })],
    [],
  ],
])('port-mismatch, where %s', (...[, action, listeners, titles]) => {
  const seen = { actions: [{ jail: 'sshd', actions: [action] }], config: config(), listeners }
  expect(titlesOf(runCheck(pathChecks['port-mismatch'], seen))).toEqual(titles)
})

it.each([
  ['nobody knows who listens', iptables(), [listener(22, { processes: [] })]],
  ['the port has a name that is not known', iptables({ port: 'nosuchname' }), [listener(22)]],
])('port-mismatch cannot tell where %s', (_title, action, listeners) => {
  const seen = { actions: [{ jail: 'sshd', actions: [action] }], config: config(), listeners }
  expect(runCheck(pathChecks['port-mismatch'], seen)).toMatchObject({
    problems: [],
    cannotTell: [{ jail: 'sshd' }],
  })
})

it('port-mismatch says nothing about a service that BanGUI does not know', () => {
  const seen = {
    actions: [{ jail: 'sshd', actions: [iptables()] }],
    config: config({ jails: [wanted({ filter: 'gitea' })] }),
    listeners: [listener(3000)],
  }
  expect(runCheck(pathChecks['port-mismatch'], seen)).toEqual({ problems: [], cannotTell: [] })
})

const network = { own: ['192.0.2.10', '2001:db8::10'], gateways: [], nameServers: [] }
const dnat = (text: string, family: 4 | 6 = 4) =>
  rule(`-A PREROUTING -p tcp -m tcp ${text}`, { table: 'nat', family })

it.each([
  ['a container publishes the port', iptables(), '--dport 22 -j DNAT --to-destination 172.17.0.2:22', 1],
  [
    'a container publishes another port',
    iptables(),
    '--dport 8080 -j DNAT --to-destination 172.17.0.2:80',
    0,
  ],
  [
    'the port goes to this machine itself',
    iptables(),
    '--dport 22 -j DNAT --to-destination 192.0.2.10:2222',
    0,
  ],
  [
    'the ban is in DOCKER-USER',
    iptables({ actionstart: '<iptables> -I DOCKER-USER -m multiport --dports ssh -j f2b-sshd' }),
    '--dport 22 -j DNAT --to-destination 172.17.0.2:22',
    0,
  ],
  [
    'the ban is before everything',
    nft({ actionstart: 'add chain { type filter hook prerouting priority -300 } tcp dport ssh' }),
    '--dport 22 -j DNAT --to-destination 172.17.0.2:22',
    0,
  ],
])('docker-bypass, where %s', (...[, action, text, problems]) => {
  const seen = {
    actions: [{ jail: 'sshd', actions: [action] }],
    firewall: firewall({ iptables: { value: [dnat(text)] } }),
    network,
  }
  expect(runCheck(pathChecks['docker-bypass'], seen).problems).toHaveLength(problems)
})

it.each([
  ['a container publishes the port', '--dport 22 -j DNAT --to-destination [fd00::2]:22', 1],
  ['a container publishes another port', '--dport 8080 -j DNAT --to-destination [fd00::2]:80', 0],
  ['the port goes to this machine itself', '--dport 22 -j DNAT --to-destination [2001:db8::10]:2222', 0],
  ['only this machine reaches it', '-d ::1/128 --dport 22 -j DNAT --to-destination [fd00::2]:22', 0],
])('docker-bypass with IPv6, where %s', (_, text, problems) => {
  const seen = {
    actions: [{ jail: 'sshd', actions: [iptables()] }],
    firewall: firewall({ iptables: { value: [] }, ip6tables: { value: [dnat(text, 6)] } }),
    network,
  }
  expect(runCheck(pathChecks['docker-bypass'], seen).problems).toHaveLength(problems)
})

it('docker-bypass says what it cannot tell where the rules of IPv6 cannot be listed', () => {
  const published = dnat('--dport 22 -j DNAT --to-destination 172.17.0.2:22')
  const seen = {
    actions: [{ jail: 'sshd', actions: [iptables()] }],
    firewall: firewall({ iptables: { value: [published] }, ip6tables: { why: 'ip6tables is missing' } }),
    network,
  }
  const { problems, cannotTell } = runCheck(pathChecks['docker-bypass'], seen)
  expect(problems).toHaveLength(1)
  expect(cannotTell).toEqual([{ jail: null, why: 'ip6tables is missing' }])
})

it('docker-bypass does not apply where no jail blocks with iptables or nftables, and cannot be told where they cannot be listed', () => {
  const look = (over: Partial<FirewallSeen>) =>
    runCheck(pathChecks['docker-bypass'], { actions: [], firewall: firewall(over), network })
  expect(look({}).doesNotApply).toBe('No jail blocks with iptables or nftables.')
  expect(look({ nftables: { why: 'nft is missing' } }).cannotTell).toEqual([
    { jail: null, why: 'nft is missing' },
  ])
})

it.each([
  ['2222', iptables, 1],
  ['http,8080', iptables, 1],
  ['ssh', iptables, 0],
  ['5432', iptables, 0],
  ['2222', nft, 1],
  ['http,8080', nft, 1],
  ['ssh', nft, 0],
  ['5432', nft, 0],
])('docker-bypass with the rules of a real docker, for a jail with port %s', (port, action, problems) => {
  const isNft = action === nft
  const start = isNft
    ? 'add chain inet f2b-table f2b-chain { type filter hook input priority -1 } tcp dport { <port> }'
    : '<iptables> -I INPUT -p tcp -m multiport --dports <port> -j f2b-sshd'
  const seen = {
    actions: [{ jail: 'sshd', actions: [action({ port, actionstart: start })] }],
    firewall: firewall(
      isNft
        ? { nftables: { value: parseNftables(recordedFirewall('docker-nft')) } }
        : { iptables: { value: recordedRules('docker-iptables-save') } },
    ),
    network,
  }
  expect(runCheck(pathChecks['docker-bypass'], seen).problems).toHaveLength(problems)
})

describe('accept-before', () => {
  const own = '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd'
  const check = (...rules: string[]) =>
    titlesOf(
      runCheck(pathChecks['accept-before'], {
        actions: [{ jail: 'sshd', actions: [iptables()] }],
        firewall: firewall({
          iptables: { value: rules.map((text) => rule(text)) },
          ip6tables: { value: [] },
        }),
      }),
    )

  it.each([
    ['accepts the port', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'],
    ['accepts everything', '-A INPUT -j ACCEPT'],
  ])('finds a rule before that %s', (_title, text) => {
    expect(check(text, own)).toEqual(['sshd: a rule accepts connections before the ban applies'])
    expect(check(own, text)).toEqual([])
  })

  it('finds a chain before in which everything is accepted', () => {
    expect(
      check('-A INPUT -j ufw-before', own, '-A ufw-before -p tcp -m tcp --dport 22 -j ACCEPT'),
    ).toHaveLength(1)
  })

  it('says nothing where fail2ban’s chain is before those of a real ufw, and finds the port that ufw lets in where it is not', () => {
    const rules = recordedRules('ufw-iptables-save').map(({ text }) => text)
    expect(check(...rules)).toEqual([])
    const [first = '', ...others] = rules
    const last = others.findLastIndex((text) => text.startsWith('-A INPUT ')) + 1
    const later = [...others.slice(0, last), first, ...others.slice(last)]
    expect(check(...later)).toEqual(['sshd: a rule accepts connections before the ban applies'])
    expect(check(...later.filter((text) => !text.includes('--dport 22 -j ACCEPT')))).toEqual([])
  })

  it.each([
    ['for another port', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT'],
    ['for one source', '-A INPUT -s 10.0.0.0/8 -j ACCEPT'],
    ['for the loopback interface', '-A INPUT -i lo -j ACCEPT'],
    ['for open connections', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
    ['for ICMP', '-A INPUT -p icmp -j ACCEPT'],
    ['for a tunnel', '-A INPUT -p esp -j ACCEPT'],
    ['for the same port of UDP', '-A INPUT -p udp -m udp --dport 22 -j ACCEPT'],
    ['that only logs', '-A INPUT -j LOG --log-prefix "a b -j ACCEPT"'],
  ])('finds nothing in a rule before %s', (_title, text) => {
    expect(check(text, own)).toEqual([])
  })
})

const system = (over: Partial<SystemSeen>): SystemSeen => ({
  ufwEnabled: null,
  firewalldRuns: false,
  canReadJournal: false,
  hasSystemd: false,
  unitState: null,
  activeState: null,
  isClockSynchronised: null,
  clockJumpMs: null,
  ...over,
})
const banBy = (ban: string) => [
  { jail: 'sshd', actions: [{ name: 'x', properties: new Map([['actionban', ban]]) }] },
]
const ufw = banBy('ufw insert 1 deny from <ip> to any')
const firewalld = banBy('firewall-cmd --direct --add-rule ipv4 filter f2b-sshd 0 -s <ip> -j REJECT')

it.each([
  ['ufw-off', ufw, { ufwEnabled: false }, 1],
  ['ufw-off', ufw, { ufwEnabled: null }, 1],
  ['ufw-off', ufw, { ufwEnabled: true }, 0],
  ['ufw-off', firewalld, { ufwEnabled: false }, 0],
  ['firewalld-off', firewalld, {}, 1],
  ['firewalld-off', firewalld, { firewalldRuns: true }, 0],
  ['firewalld-off', ufw, {}, 0],
] as const)('%s, with the actions %j and %j', (...[id, actions, over, problems]) => {
  expect(runCheck(pathChecks[id], { actions, system: system(over) }).problems ?? []).toHaveLength(problems)
})

it('other-firewall says that both kinds are in use, which is no problem', () => {
  const set = { table: 'inet f2b-table', name: 'a', entries: [], limit: null, isUsed: true }
  const both = firewall({
    iptables: { value: [rule('-A INPUT -j ACCEPT')] },
    nftables: { value: { sets: [set], forwarded: [] } },
  })
  expect(runCheck(pathChecks['other-firewall'], { firewall: both }).note).toContain('They work together')
  expect(runCheck(pathChecks['other-firewall'], { firewall: firewall() })).toEqual({})
})
