import { describe, expect, it } from 'vitest'
import type { StreamCommand } from './dump-config.ts'
import { findLockOutRisks } from './lock-out-risks.ts'

interface Given {
  readonly name?: string
  readonly sets?: Readonly<Record<string, string>>
  readonly action?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly regex?: string
  readonly starts?: boolean
}

/** The commands that load a jail. */
function jail({
  name = 'web',
  sets = {},
  action = 'iptables-multiport',
  parameters = {},
  regex = 'failed from <HOST>',
  starts = true,
}: Given = {}): StreamCommand[] {
  return [
    ['add', name, 'auto'],
    ['multi-set', name, 'addfailregex', [regex]],
    ...Object.entries(sets).map(([key, value]): StreamCommand => ['set', name, key, value]),
    ['set', name, 'addaction', action],
    [
      'multi-set',
      name,
      'action',
      action,
      Object.entries({
        actionstart: `for ${parameters['port'] ?? 'http'}`,
        port: 'http',
        chain: 'INPUT',
        ...parameters,
      }),
    ] as StreamCommand,
    ...(starts ? [['start', name] as StreamCommand] : []),
  ]
}

const loads = { sets: { maxretry: '5', bantime: '600', addignoreip: '192.0.2.1' } }

describe('a change of a jail can lock people out', () => {
  it.each<[why: string, before: Given, after: Given]>([
    ['ignore_list', loads, { sets: { ...loads.sets, addignoreip: '192.0.2.2' } }],
    ['ignore_list', loads, { sets: { ...loads.sets, ignorecommand: '/bin/true' } }],
    ['ignore_list', loads, { sets: { ...loads.sets, ignoreself: 'False' } }],
    ['actions', {}, { action: 'iptables-allports' }],
    ['actions', {}, { parameters: { blocktype: 'DROP' } }],
    ['ports', {}, { parameters: { port: 'http,https' } }],
    ['ports', {}, { parameters: { protocol: 'udp' } }],
    ['chain', {}, { parameters: { chain: 'FORWARD' } }],
    ['regexes', {}, { regex: 'from <HOST>' }],
    ['regexes', {}, { sets: { prefregex: '^x' } }],
    ['regexes', {}, { sets: { datepattern: '%Y' } }],
    ['regexes', {}, { sets: { addignoreregex: 'x' } }],
    ['way_in', { name: 'sshd' }, { name: 'sshd', sets: { maxretry: '1' } }],
    ['way_in', { name: 'my-BanGUI' }, { name: 'my-BanGUI', sets: { bantime: '-1' } }],
    ['way_in', { parameters: { port: '22,80' } }, { parameters: { port: '22,80' }, sets: { maxretry: '1' } }],
    ['way_in', { regex: 'sshd failed <HOST>' }, { regex: 'sshd failed <HOST>', sets: { findtime: '1' } }],
    ['way_in', { name: 'sshd', starts: false }, { name: 'sshd' }],
    [
      'way_in',
      { sets: { addlogpath: '/var/log/bangui.log' } },
      { sets: { addlogpath: '/var/log/bangui.log', maxretry: '1' } },
    ],
    ['all_ports', { starts: false }, { action: 'nftables-allports' }],
    // what a jail without a port of its own has
    ['all_ports', { starts: false }, { parameters: { port: '0:65535' } }],
    ['way_in', { starts: false }, { parameters: { port: 'http,20:30' } }],
    ['way_in', { starts: false }, { parameters: { port: '1-1024' } }],
  ])('because of: %s (%j → %j)', (cause, before, after) => {
    const jails = [after.name ?? 'web']
    expect(findLockOutRisks(jail(before), jail(after))).toEqual([{ cause, jails }])
  })

  it.each<[why: string, before: Given, after: Given]>([
    ['nothing differs', loads, loads],
    ['it is longer', loads, { sets: { ...loads.sets, bantime: '3600' } }],
    ['it is stricter', loads, { sets: { ...loads.sets, maxretry: '1' } }],
    ['another log', {}, { sets: { addlogpath: '/var/log/nginx/error.log' } }],
    [
      'only a folder further up has the name',
      { starts: false },
      { sets: { addlogpath: '/var/lib/bangui/demo/logs/web.log' } },
    ],
    ['it stops', { name: 'sshd' }, { name: 'sshd', starts: false }],
    ['it starts', { starts: false }, {}],
  ])('not where %s', (_why, before, after) => {
    expect(findLockOutRisks(jail(before), jail(after))).toEqual([])
  })

  it('for several reasons, each with its jails', () => {
    const before = [
      ...jail({ name: 'a' }),
      ...jail({ name: 'b' }),
      ['set', 'loglevel', 'INFO'] as StreamCommand,
    ]
    const after = [
      ...jail({ name: 'a', parameters: { port: 'all', chain: 'X' } }),
      ...jail({ name: 'b', regex: 'x', parameters: { port: '1' } }),
    ]
    expect(findLockOutRisks(before, after)).toEqual([
      { cause: 'ports', jails: ['a', 'b'] },
      { cause: 'chain', jails: ['a'] },
      { cause: 'regexes', jails: ['b'] },
    ])
  })

  it('not where fail2ban reads nothing of it', () => {
    expect(findLockOutRisks(jail(), [])).toEqual([])
  })
})
