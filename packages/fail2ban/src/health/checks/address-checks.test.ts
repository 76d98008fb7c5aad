import { expect, it } from 'vitest'
import { daemon, HOUR, jail, jailLog, now, ownLog, runCheck, titlesOf } from '../../../test/health.ts'
import { addressChecks } from './address-checks.ts'

const network = { own: ['192.0.2.10'], gateways: ['192.0.2.1'], nameServers: ['192.0.2.53'] }

it.each([
  ['192.0.2.10', ['sshd bans 192.0.2.10, an address of this machine']],
  ['192.0.2.1', ['sshd bans 192.0.2.1, the gateway of this machine']],
  ['192.0.2.53', ['sshd bans 192.0.2.53, a name server of this machine']],
  ['198.51.100.7', ['sshd bans 198.51.100.7, the address of a person who uses BanGUI']],
  [
    '198.51.100.0/24',
    ['sshd bans 198.51.100.7 (with 198.51.100.0/24), the address of a person who uses BanGUI'],
  ],
  ['203.0.113.5', []],
])('proxy-banned, where %s is banned', (address, titles) => {
  const seen = { bans: [{ jail: 'sshd', addresses: [address] }], network }
  expect(titlesOf(runCheck(addressChecks['proxy-banned'], seen, { visitors: ['198.51.100.7'] }))).toEqual(
    titles,
  )
})

it.each([
  [
    'one private address',
    [
      ['10.0.0.5', 95],
      ['203.0.113.5', 5],
    ],
    1,
  ],
  [
    'two private addresses',
    [
      ['10.0.0.5', 50],
      ['10.0.0.6', 50],
    ],
    1,
  ],
  [
    'many addresses of the internet',
    [
      ['203.0.113.5', 50],
      ['10.0.0.6', 50],
    ],
    0,
  ],
  ['few failures', [['10.0.0.5', 20]], 0],
  [
    'many private addresses, as in a company',
    [
      ['10.0.0.5', 25],
      ['10.0.0.6', 25],
      ['10.0.0.7', 25],
      ['10.0.0.8', 25],
    ],
    0,
  ],
] as const)('proxy-banned, where failures come from %s', (_title, rows, problems) => {
  const foundBy = new Map<string, number>(rows)
  const found = [...foundBy.values()].reduce((sum, count) => sum + count, 0)
  const seen = {
    bans: [],
    network,
    ownLog: ownLog({ jails: new Map([['web', jailLog({ found, foundBy })]]) }),
  }
  expect(runCheck(addressChecks['proxy-banned'], seen).problems).toHaveLength(problems)
})

const every = (hours: number, times: number, off = 0) =>
  Array.from(
    { length: times },
    (_, index) => now - index * hours * HOUR + (index % 2) * off * HOUR,
  ).toReversed()

it.each([
  ['every six hours', every(6, 5), 1],
  ['three times only', every(6, 3), 0],
  ['at uneven distances', every(6, 5, 2), 0],
])('monitor-banned, where an address is banned %s', (_title, at, problems) => {
  const history = { repeats: [{ jail: 'sshd', address: '198.51.100.7', at }] }
  expect(runCheck(addressChecks['monitor-banned'], { daemon: daemon() }, history).problems).toHaveLength(
    problems,
  )
})

it.each([
  [100, 30, 1],
  [100, 10, 0],
  [12, 9, 0],
])('returns-at-once, where of %i bans %i were repeated', (ended, returned, problems) => {
  const history = { returns: [{ jail: 'sshd', ended, returned }] }
  expect(runCheck(addressChecks['returns-at-once'], { daemon: daemon() }, history).problems).toHaveLength(
    problems,
  )
})

const rows = (prefix: string, ...[count, failures, banned = false]: [number, number, boolean?]) =>
  Array.from({ length: count }, (_, index) => ({
    jail: 'sshd',
    address: `${prefix}${index + 1}`,
    failures,
    banned,
  }))

it.each([
  ['30 of one network', rows('45.10.20.', 30, 4), 1],
  ['30 of one network, all banned', rows('45.10.20.', 30, 4, true), 0],
  ['30 private ones', rows('10.0.0.', 30, 4), 0],
  ['five of one network', rows('45.10.20.', 5, 4), 0],
  [
    '120 of many networks',
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap((part) => rows(`45.${part}.20.`, 10, 2)),
    1,
  ],
])('slow-distributed, where %s stay under the limit', (_title, failures, problems) => {
  expect(
    runCheck(addressChecks['slow-distributed'], { jails: [jail()] }, { failures }).problems,
  ).toHaveLength(problems)
})

it.each(['monitor-banned', 'returns-at-once', 'slow-distributed'] as const)(
  '%s cannot tell without history',
  (id) => {
    expect(runCheck(addressChecks[id], { daemon: daemon(), jails: [jail()] }).cannotTell).toHaveLength(1)
  },
)
