import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runScript } from '../../../test/run-script.ts'

const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const hasFirewalls =
  ['nft', 'iptables', 'ipset'].every(isThere) &&
  spawnSync('unshare', ['--net', 'nft', 'list', 'ruleset']).status === 0

const flushed = 'not-in-firewall: app: 3 of 3 banned addresses are not blocked'
const stranger = 'still-in-firewall: app: an address is blocked that nobody bans any more'
const accepted = 'accept-before: app: a rule accepts connections before the ban is looked at'

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

describe.skipIf(!hasFirewalls)('in a network namespace of their own', () => {
  it.each(cases)(
    'the checks see what becomes of the bans of %s in the real firewall',
    async (action, found) => {
      const script = new URL('../../../test/children/health-in-firewall.ts', import.meta.url)
      const seen = await runScript(script, [action], { under: ['unshare', '--net'] })
      expect(seen).toEqual({ before: [], restarted: [], stranger: [stranger], ...found })
    },
  )
})
