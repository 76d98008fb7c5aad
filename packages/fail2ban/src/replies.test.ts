import { describe, expect, test } from 'vitest'
import { recordedReplies } from '../test/recorded-replies.ts'
import {
  readBannedReply,
  readJailListReply,
  readJailStatusReply,
  readSeconds,
  readStatsReply,
  readVersionReply,
} from './replies.ts'

const valuesOf = (...request: string[]): unknown[] =>
  recordedReplies
    .filter((entry) => entry.request.toString() === request.toString())
    .map(({ value }) => (value as unknown[])[1])

const refused = expect.objectContaining({
  name: 'Fail2banUnavailableError',
  params: expect.objectContaining({ reason: 'protocol_error' }),
})

describe('replies of recorded daemons', () => {
  test('are read as a version', () => {
    expect(valuesOf('version').map(readVersionReply)).toEqual(['0.11.2', '1.0.2', '1.1.0'])
  })

  test('are read as names of jails', () => {
    const names = ['nginx-http-auth', 'recidive', 'sshd']
    expect(valuesOf('status').map(readJailListReply)).toEqual([names, names, names])
  })

  test('are read as the status of a jail, with and without its bans', () => {
    for (const value of valuesOf('status', 'recidive', 'basic')) {
      expect(readJailStatusReply(value)).toEqual({
        backend: null,
        currentlyFailed: 5,
        totalFailed: 5,
        currentlyBanned: 0,
        totalBanned: 0,
        logPaths: ['/var/log/fail2ban-sample.log'],
        journalMatches: [],
        banned: [],
      })
    }
    const short = valuesOf('status', 'sshd', 'short').map(readJailStatusReply)
    expect(short.map(({ banned, currentlyBanned }) => [banned, currentlyBanned])).toEqual(
      Array.from({ length: 3 }, () => [null, 5]),
    )
  })

  test('are read as numbers of all jails', () => {
    const [value] = valuesOf('stats').slice(-1)
    expect([...readStatsReply(value)]).toEqual([
      [
        'nginx-http-auth',
        { backend: 'polling', currentlyFailed: 0, totalFailed: 0, currentlyBanned: 1, totalBanned: 1 },
      ],
      [
        'recidive',
        { backend: 'polling', currentlyFailed: 5, totalFailed: 5, currentlyBanned: 0, totalBanned: 0 },
      ],
      [
        'sshd',
        { backend: 'polling', currentlyFailed: 0, totalFailed: 0, currentlyBanned: 5, totalBanned: 5 },
      ],
    ])
  })
})

const jailList = (names: readonly string[], count = names.length) => [
  ['Number of jail', count],
  ['Jail list', names.join(', ')],
]

describe('replies', () => {
  test.each([
    [['sshd', 'web']],
    [[' a ', 'a,b', 'b,', 'my jail', 'x:y']],
    [['jäil']],
    [[',', ',,']],
    [[' ', '  ']],
  ])('have the names of jails as they are: %j', (names) => {
    expect(readJailListReply(jailList(names))).toEqual(names)
  })

  test('do not say which jails there are where a name has a comma and a space', () => {
    expect(readJailListReply(jailList(['a, b', 'c']))).toBeUndefined()
    expect(readBannedReply([{ 'a, b': ['192.0.2.1'] }, { c: [] }])).toEqual(['a, b', 'c'])
  })

  test('without a jail give no name', () => {
    expect(
      readJailListReply([
        ['Number of jail', 0],
        ['Jail list', ''],
      ]),
    ).toEqual([])
  })

  test('of a jail that reads the journal have matches and no files', () => {
    const value = [
      [
        'Filter',
        [
          ['Currently failed', 0],
          ['Total failed', 1],
          ['Journal matches', ['_SYSTEMD_UNIT=ssh.service + _COMM=sshd']],
        ],
      ],
      [
        'Actions',
        [
          ['Currently banned', 0],
          ['Total banned', 0],
        ],
      ],
    ]
    expect(readJailStatusReply(value)).toMatchObject({
      logPaths: [],
      journalMatches: ['_SYSTEMD_UNIT=ssh.service + _COMM=sshd'],
    })
  })

  test('of seconds may have a fraction', () => {
    expect([readSeconds(600.4, 'bantime'), readSeconds(-1, 'bantime')]).toEqual([600, -1])
  })

  test.each<[string, () => unknown]>([
    ['a version that is a number', () => readVersionReply(1)],
    ['a version of control characters', () => readVersionReply('\u0001\u0002')],
    ['a version without an end', () => readVersionReply('1'.repeat(100_000))],
    ['a status that is a text', () => readJailListReply('Jail list')],
    ['a status without a list', () => readJailListReply([['Number of jail', 1]])],
    ['a status without a count', () => readJailListReply([['Jail list', 'a']])],
    ['a status with fewer names than jails', () => readJailListReply(jailList(['a', 'b'], 3))],
    [
      'a status with too many jails',
      () => readJailListReply(jailList([...Array(10_001).keys()].map(String))),
    ],
    ['bans that are no list', () => readBannedReply({})],
    ['bans of no jail', () => readBannedReply(['a'])],
    ['a status of a jail without actions', () => readJailStatusReply([['Filter', []]])],
    ['negative counts', () => readStatsReply({ sshd: ['polling', [-1, 0], [0, 0]] })],
    ['counts that are no whole numbers', () => readStatsReply({ sshd: ['polling', [0.5, 0], [0, 0]] })],
    ['counts of the wrong shape', () => readStatsReply({ sshd: ['polling', 0, 0] })],
    ['stats that are a list', () => readStatsReply([])],
    ['seconds that are no number', () => readSeconds('600', 'bantime')],
    ['seconds without an end', () => readSeconds(Number.POSITIVE_INFINITY, 'bantime')],
  ])('that are %s are refused as no protocol of fail2ban', (_name, read) => {
    expect(read).toThrow(refused)
  })
})
