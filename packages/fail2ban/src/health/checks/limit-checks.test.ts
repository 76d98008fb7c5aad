import { describe, expect, it } from 'vitest'
import {
  config,
  HOUR,
  jail,
  jailLog,
  note,
  now,
  ownLog,
  runCheck,
  streamJail,
  titlesOf,
} from '../../../test/health.ts'
import { limitChecks } from './limit-checks.ts'

it.each([
  [{ findtime: 0 }, ['sshd: findtime is 0, so no failures count']],
  [{ findtime: 600 }, []],
  [{ maxretry: 0 }, ['sshd: maxretry is 0, so a single failure causes a ban']],
  [{ maxretry: 1 }, []],
])('findtime-zero, with %j', (over, titles) => {
  expect(titlesOf(runCheck(limitChecks['findtime-zero'], { jails: [jail(over)] }))).toEqual(titles)
})

it.each([
  [0, ['sshd: bantime is 0, so nobody is banned']],
  [5, ['sshd: bans last only 5 s']],
  [600, []],
  [-1, []],
])('bantime-zero, with a bantime of %i', (bantime, titles) => {
  expect(titlesOf(runCheck(limitChecks['bantime-zero'], { jails: [jail({ bantime })] }))).toEqual(titles)
})

describe('world-ignored', () => {
  const check = (ignoreIp: string[], files: string[] | null, ignoredAddress: string | null = null) =>
    runCheck(limitChecks['world-ignored'], {
      jails: [jail({ ignoreIp })],
      config: config({
        stream: { allowIpv6: null, jails: files === null ? [] : [streamJail({ ignoreIp: files })] },
      }),
      ownLog: ownLog({ jails: new Map([['sshd', jailLog({ ignoredAddress })]]) }),
    })

  it.each([
    [['127.0.0.0/8', '::1', '10.0.0.0/8', 'fd00::/8', '192.168.0.0/16'], []],
    [['192.0.0.0/2'], ['sshd: the ignore list covers almost everyone (192.0.0.0/2)']],
    [['2000::/3'], ['sshd: the ignore list covers almost everyone (2000::/3)']],
    [['203.0.0.0/9'], ['sshd: the ignore list contains the large network 203.0.0.0/9']],
    [['2a00::/20'], ['sshd: the ignore list contains the large network 2a00::/20']],
    [['203.0.113.0/24', 'host.example'], []],
  ])('finds in %j: %j', (ignoreIp, titles) => {
    expect(titlesOf(check(ignoreIp, ignoreIp))).toEqual(titles)
  })

  it('decides by the files what 0.0.0.0 means, which fail2ban also lists for 0.0.0.0/0', () => {
    expect(titlesOf(check(['0.0.0.0'], ['0.0.0.0/0']))).toEqual([
      'sshd: the ignore list covers almost everyone (0.0.0.0/0)',
    ])
    expect(check(['0.0.0.0'], ['0.0.0.0'])).toMatchObject({ problems: [], cannotTell: [] })
  })

  it('decides by an address that was ignored and that nothing else covers, else cannot tell', () => {
    expect(titlesOf(check(['::', '10.0.0.0/8'], null, '203.0.113.9'))).toHaveLength(1)
    expect(check(['::', '10.0.0.0/8'], null, '10.1.2.3')).toMatchObject({
      problems: [],
      cannotTell: [{ jail: 'sshd' }],
    })
    expect(check(['0.0.0.0'], null)).toMatchObject({ problems: [], cannotTell: [{ jail: 'sshd' }] })
  })
})

it.each([
  ['it does not resolve', ['nosuch.example'], now - HOUR, null, 1],
  ['it did not resolve two days ago', ['nosuch.example'], now - 48 * HOUR, null, 0],
  ['it is on no list any more', [], now - HOUR, null, 0],
  ['another name does not resolve', ['home.example', '192.0.2.1'], now - HOUR, null, 0],
  [
    'the jail has found a failure in the minutes after that',
    ['nosuch.example'],
    now - HOUR,
    now - HOUR + 60_000,
    1,
  ],
  [
    'the jail has found a failure later, so that it resolves',
    ['nosuch.example'],
    now - HOUR,
    now - HOUR / 2,
    0,
  ],
])('ignore-name, where %s', (...[, ignoreIp, lastAt, foundAt, problems]) => {
  const notes = [note({ kind: 'name-unresolved', subject: 'nosuch.example', lastAt })]
  const jails = new Map([['sshd', jailLog({ foundAt })]])
  const seen = { jails: [jail({ ignoreIp })], ownLog: ownLog({ notes, jails }) }
  expect(runCheck(limitChecks['ignore-name'], seen).problems).toHaveLength(problems)
})

it('ignore-name is one problem for a name that several jails ignore', () => {
  const notes = [note({ kind: 'name-unresolved', subject: 'home.example', lastAt: now - HOUR })]
  const jails = ['sshd', 'web'].map((name) => jail({ name, ignoreIp: ['home.example'] }))
  expect(runCheck(limitChecks['ignore-name'], { jails, ownLog: ownLog({ notes }) }).problems).toMatchObject([
    {
      jail: null,
      subject: 'home.example',
      title: 'The name home.example on the ignore lists of 2 jails does not resolve',
    },
  ])
})

it.each([
  [
    'fails',
    '/bin/nosuch <ip>',
    [note({ kind: 'program-failed', subject: '/bin/nosuch' })],
    new Map(),
    'the ignore command fails',
  ],
  [
    'works',
    '/bin/check <ip>',
    [note({ kind: 'program-failed', subject: '/bin/nosuch' })],
    new Map([['command', 3]]),
    null,
  ],
  ['ignores everybody', '/bin/true', [], new Map([['command', 60]]), 'the ignore command ignores everybody'],
  ['is not set', '', [note({ kind: 'program-failed', subject: '' })], new Map(), null],
])('ignorecommand-fails, where the command %s', (...[, ignoreCommand, notes, ignored, title]) => {
  const jails = new Map([['sshd', jailLog({ ignored, found: 0 })]])
  const seen = { jails: [jail({ ignoreCommand })], ownLog: ownLog({ notes, jails }) }
  expect(titlesOf(runCheck(limitChecks['ignorecommand-fails'], seen))).toEqual(
    title === null ? [] : [`sshd: ${title}`],
  )
})

it.each([
  ['500 failures and no ban', { totalFailed: 500, totalBanned: 0 }, 48, 1],
  ['a ban', { totalFailed: 500, totalBanned: 1 }, 48, 0],
  ['few failures', { totalFailed: 20, totalBanned: 0 }, 48, 0],
  ['a jail that runs for an hour', { totalFailed: 500, totalBanned: 0 }, 1, 0],
])('many-failures-no-ban, with %s', (...[, over, hours, problems]) => {
  const jails = new Map([['sshd', jailLog({ startedAt: now - hours * HOUR })]])
  const seen = { jails: [jail(over)], ownLog: ownLog({ jails }) }
  expect(runCheck(limitChecks['many-failures-no-ban'], seen).problems).toHaveLength(problems)
})

it.each([
  ['yes', [], ['sshd looks up host names']],
  ['raw', [], ['sshd bans host names']],
  ['warn', [], []],
  ['no', [], []],
  ['warn', [note({ kind: 'dns-used', subject: 'x.example' })], ['fail2ban looks up host names from logs']],
  ['warn', [note({ kind: 'dns-used', lastAt: now - 30 * HOUR })], []],
])('usedns, set to %s, with %j', (usedns, notes, titles) => {
  expect(
    titlesOf(runCheck(limitChecks.usedns, { jails: [jail({ usedns })], ownLog: ownLog({ notes }) })),
  ).toEqual(titles)
})
