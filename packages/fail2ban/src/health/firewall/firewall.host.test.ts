import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runScript } from '../../../test/run-script.ts'

/** Whether each tool works in a namespace: a kernel can lack what one of them needs. */
const hasFirewalls = ['nft list ruleset', 'iptables -S', 'ip6tables -S', 'ipset list'].every(
  (command) => spawnSync('unshare', ['--net', ...command.split(' ')]).status === 0,
)

const flushed = 'not-in-firewall: app: 3 of 3 banned addresses are not blocked'
const stranger = 'still-in-firewall: app: an address is still blocked but no longer banned'
const accepted = 'accept-before: app: a rule accepts connections before the ban applies'

/** The rules of ipset are in iptables: when these are removed, its sets stay, and nothing leads to them. */
const cases = [
  [
    'nftables',
    {
      flushed: [flushed],
      accepted: [],
      unhooked: ['addr-set-app', 'addr6-set-app'].map(
        (name) => `chain-not-hooked: app: no rule uses its nftables set ${name} (inet f2b-table)`,
      ),
    },
  ],
  [
    'iptables-multiport',
    {
      flushed: [flushed],
      accepted: [accepted],
      unhooked: ['chain-not-hooked: app: no rule uses its iptables chain f2b-app'],
    },
  ],
  [
    'iptables-ipset-proto6',
    {
      flushed: ['f2b-app', 'f2b-app6'].map((name) => `chain-not-hooked: app: no rule uses its ipset ${name}`),
      accepted: [accepted],
      unhooked: ['chain-not-hooked: app: no rule uses its ipset f2b-app'],
    },
  ],
] as const

const v4 = ['192.0.2.1', '192.0.2.2']
const v6 = ['2001:db8::1']
const rejected = {
  4: 'REJECT --reject-with icmp-port-unreachable',
  6: 'REJECT --reject-with icmp6-port-unreachable',
}
/** The action has a type of its own for IPv6. */
const dropped = { 4: 'DROP', 6: rejected[6] }

/** What the firewall has of three bans with an action, and nothing else. */
const contents = {
  'iptables-multiport': (port: number, target = rejected) => ({
    iptables: [
      ...Array.from({ length: 2 }, () => `-A INPUT -p tcp -m multiport --dports ${port} -j f2b-app`),
      '-A f2b-app -j RETURN',
      '-A f2b-app -j RETURN',
      ...v4.map((address) => `-A f2b-app -s ${address}/32 -j ${target[4]}`),
      ...v6.map((address) => `-A f2b-app -s ${address}/128 -j ${target[6]}`),
      ':f2b-app -',
      ':f2b-app -',
    ],
    ipset: [],
    nftables: [],
  }),
  'iptables-ipset-proto6': (port: number) => ({
    iptables: [['f2b-app', rejected[4]] as const, ['f2b-app6', rejected[6]] as const].map(
      ([set, target]) =>
        `-A INPUT -p tcp -m multiport --dports ${port} -m set --match-set ${set} src -j ${target}`,
    ),
    ipset: [
      ...v4.map((address) => `f2b-app ${address}`),
      'f2b-app hash:ip',
      ...v6.map((address) => `f2b-app6 ${address}`),
      'f2b-app6 hash:ip',
    ],
    nftables: [],
  }),
  nftables: (port: number) => ({
    iptables: [],
    ipset: [],
    nftables: [
      'set addr-set-app',
      `elements = { ${v4.join(', ')} }`,
      'set addr6-set-app',
      `elements = { ${v6.join(', ')} }`,
      `tcp dport ${port} ip saddr @addr-set-app reject with icmp port-unreachable`,
      `tcp dport ${port} ip6 saddr @addr6-set-app reject with icmpv6 port-unreachable`,
    ],
  }),
}

/** Each way of blocking follows each other one. */
const banactions = [
  'iptables-multiport',
  'iptables-ipset-proto6',
  'nftables',
  'iptables-multiport',
  'nftables',
  'iptables-ipset-proto6',
  'iptables-multiport',
] as const

describe.skipIf(!hasFirewalls)('in a network namespace of their own', () => {
  it.each(cases)(
    'the checks see what becomes of the bans of %s in the real firewall',
    async (action, found) => {
      const script = new URL('../../../test/children/health-in-firewall.ts', import.meta.url)
      const seen = await runScript(script, [action], { under: ['unshare', '--net'] })
      expect(seen).toEqual({ before: [], restarted: [], stranger: [stranger], ...found })
    },
  )

  it('a change of the port, of a parameter and of the banaction, by BanGUI or in a file that it loads, has every ban under the new rule, and nothing of the old one', async () => {
    const script = new URL('../../../test/children/change-in-firewall.ts', import.meta.url)
    const seen = await runScript(script, banactions, { under: ['unshare', '--net'] })
    const [first, ...others] = banactions
    expect(seen).toEqual({
      steps: [
        contents[first](80),
        contents[first](8080),
        contents[first](8080, dropped),
        ...others.map((banaction) => contents[banaction](8080)),
      ],
      // what runs of stock actions is as in the files
      loads: ['reload', 'reload', 'reload'],
      edited: [contents['iptables-multiport'](9090), contents['iptables-ipset-proto6'](9090)],
      flushed: [{ jail: 'app', banned: 3, missing: 3, addresses: [...v4, ...v6], why: null }],
    })
  })

  it.each([
    {
      action: 'iptables-multiport',
      places: ['iptables chain f2b-app', 'ip6tables chain f2b-app'],
      rules: 2,
    },
    { action: 'iptables-ipset-proto6', places: ['ipset f2b-app', 'ipset f2b-app6'], rules: 1 },
    {
      action: 'nftables',
      places: ['addr-set-app', 'addr6-set-app'].map((name) => `nftables set ${name} (inet f2b-table)`),
      rules: 0,
    },
  ])('a test ban says whether $action blocks, and leaves nothing', async ({ action, places, rules }) => {
    const script = new URL('../../../test/children/prove-bans.ts', import.meta.url)
    const seen = await runScript(script, [action], { under: ['unshare', '--net'] })
    const rule: unknown = expect.stringMatching(/^-A /)
    const blocked = places.map((name) => ({
      outcome: 'blocked',
      why: null,
      removed: true,
      places: [{ name, hasAddress: true, isUsed: true, rules: Array.from({ length: rules }, () => rule) }],
    }))
    const notBlocked = places.map((name) => ({
      outcome: 'not_blocked',
      why: expect.stringContaining(`it did not appear in the ${name}`) as unknown,
      removed: true,
      places: [{ name, hasAddress: false, isUsed: false, rules: [] }],
    }))
    expect(seen).toMatchObject({
      proof: { outcome: 'blocked', ended: true, families: blocked },
      isLeft: false,
      report: {
        outcome: 'not_blocked',
        families: [{ address: null, why: expect.stringContaining('No action of report blocks') }, {}],
      },
      broken: { outcome: 'not_blocked', families: notBlocked },
      left: { listed: [], before: '192.0.2.77', settled: '' },
      // of the five test bans, one was made under another BanGUI
      bansInLog: 5,
      bansInEvents: 1,
    })
  })
})
