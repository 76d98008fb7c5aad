import { expect, it } from 'vitest'
import { config, daemon, daemonValues, jail, runCheck, streamJail, titlesOf } from '../../../test/health.ts'
import type { OwnSettings, StreamJail } from '../seen/config-seen.ts'
import type { JailOptions } from '../seen/daemon-seen.ts'
import { loadChecks } from './load-checks.ts'

const own = (over: Partial<OwnSettings>) => config({ own: { ...config().own, ...over } })
const folder = (kind: 'folder' | 'missing' | 'unseen') => ({
  path: '/var/log/f2b/fail2ban.log',
  folder: kind,
})

it.each([
  ['another database in the files', { config: own({ dbfile: '/srv/f2b.sqlite3' }) }, ['dbfile']],
  ['a database only in the files', { daemonValues: daemonValues({ databaseFile: null }) }, ['dbfile']],
  [
    'a value that the daemon refuses',
    { config: config({ refusedSettings: ['dbpurgeage'] }) },
    ['dbpurgeage'],
  ],
  ['a log target in a missing folder', { logTarget: folder('missing') }, ['logtarget']],
  ['a log target in a folder that BanGUI may not see', { logTarget: folder('unseen') }, []],
  ['the same database, and a log target that can be opened', { logTarget: folder('folder') }, []],
  [
    'no database in both',
    { config: own({ dbfile: 'None' }), daemonValues: daemonValues({ databaseFile: null }) },
    [],
  ],
] as const)('reload-that-kills, with %s', (_title, parts, keys) => {
  const verdict = runCheck(loadChecks['reload-that-kills'], {
    daemonValues: daemonValues(),
    config: config(),
    ...parts,
  })
  expect(titlesOf(verdict)).toEqual(keys.map((key) => `A reload would remove every jail because of ${key}`))
})

it.each([
  ['1.0.2', '1.1.0', ['fail2ban 1.0.2 is running, but 1.1.0 is installed']],
  ['1.0.2', '1.0.2', []],
])('version-skew, with daemon %s and client %s', (version, clientVersion, titles) => {
  expect(
    titlesOf(runCheck(loadChecks['version-skew'], { daemon: daemon({ version }), clientVersion })),
  ).toEqual(titles)
})

const values = (key: string, value: string) => streamJail({ values: new Map([[key, value]]) })
const action = (name: string, port: string) => ({ name, properties: new Map([['port', port]]) })

it.each([
  ['maxretry edited', jail(), values('maxretry', '9'), 'maxretry'],
  ['a bantime edited', jail(), values('bantime', '1h'), 'bantime'],
  ['the same bantime in other words', jail({ bantime: 3600 }), values('bantime', '1h'), null],
  ['a fraction of a bantime, which is cut off', jail({ bantime: 90 }), values('bantime', '90.7'), null],
  ['a permanent bantime', jail({ bantime: -1 }), values('bantime', '-1'), null],
  [
    'a word that usedns does not know, which means no',
    jail({ usedns: 'no' }),
    values('usedns', 'perhaps'),
    null,
  ],
  ['usedns edited', jail({ usedns: 'no' }), values('usedns', 'yes'), 'usedns'],
  ['a network added to the ignore list', jail(), streamJail({ ignoreIp: ['192.0.2.0/24'] }), 'ignoreip'],
  [
    'an ignore list in another order, with host bits, commas, a mask and a length of 0',
    jail({ ignoreIp: ['10.0.0.0/8', '127.0.0.0/8', '::1', '0.0.0.0'] }),
    streamJail({ ignoreIp: ['127.0.0.1/8', '::1,10.0.0.0/255.0.0.0', '0.0.0.0/0', '::1'] }),
    null,
  ],
  [
    'a jail that fail2ban-client would not start',
    jail(),
    { ...values('maxretry', '9'), starts: false },
    null,
  ],
] as const)('drift, with %s', (...[, running, files, key]) => {
  const seen = { jails: [running], config: config({ stream: { allowIpv6: null, jails: [files] } }) }
  const titles = key === null ? [] : [`sshd: the files differ from the running configuration (${key})`]
  expect(titlesOf(runCheck(loadChecks.drift, seen))).toEqual(titles)
})

it.each([
  ['ssh', 'ssh', null],
  ['ssh,2222', 'ssh', 'jail.restart'],
  ['<known/port>', 'ssh', null],
])('drift, with the port %s in the files and %s in an action: %s', (files, running, kind) => {
  const seen = {
    jails: [jail()],
    actions: [{ jail: 'sshd', actions: [action('nftables', running)] }],
    config: config({
      stream: { allowIpv6: null, jails: [streamJail({ actions: [action('nftables', files)] })] },
    }),
  }
  const problems = runCheck(loadChecks.drift, seen).problems ?? []
  expect(problems.map((problem) => problem.action?.kind)).toEqual(kind === null ? [] : [kind])
})

const options = (over: Partial<JailOptions> = {}): JailOptions => ({
  jail: 'sshd',
  expressions: new Map([
    [
      'failregex',
      [
        String.raw`^Failed from (?:\[?(?:(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})|(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)))\]?|(?P<dns>[\w\-.^_]*\w))$`,
      ],
    ],
    ['ignoreregex', []],
    ['prefregex', []],
  ]),
  others: new Map(),
  ...over,
})
const filtered = (over: Partial<StreamJail> = {}) =>
  streamJail({ failRegex: ['^Failed from <HOST>$'], ...over })

it.each([
  ['the same filter', options(), filtered(), null],
  ['a failregex edited', options(), filtered({ failRegex: ['^Refused <HOST>$'] }), 'failregex'],
  [
    'a failregex added',
    options(),
    filtered({ failRegex: ['^Failed from <HOST>$', '^x <HOST>$'] }),
    'failregex',
  ],
  ['an ignoreregex added', options(), filtered({ ignoreRegex: ['^x$'] }), 'ignoreregex'],
  ['a datepattern removed', options({ others: new Map([['datepattern', '%Y']]) }), filtered(), 'datepattern'],
  [
    'a datepattern that both have',
    options({ others: new Map([['datepattern', 'Year']]) }),
    filtered({ values: new Map([['datepattern', '%Y']]) }),
    null,
  ],
] as const)('drift, with %s', (...[, running, files, key]) => {
  const seen = {
    jails: [jail()],
    jailOptions: [running],
    config: config({ stream: { allowIpv6: null, jails: [files] } }),
  }
  expect(titlesOf(runCheck(loadChecks.drift, seen))).toEqual(
    key === null ? [] : [`sshd: the files differ from the running configuration (${key})`],
  )
})

it('drift says what was set in BanGUI and not saved as a hint, apart from the rest', () => {
  const running = jail({ maxretry: 9, findtime: 300, ignoreIp: ['192.0.2.7'] })
  const files = streamJail({
    ignoreIp: ['198.51.100.1'],
    values: new Map([
      ['maxretry', '5'],
      ['findtime', '10m'],
    ]),
  })
  const seen = { jails: [running], config: config({ stream: { allowIpv6: null, jails: [files] } }) }
  const tuned = [
    { jail: 'sshd', numbers: { maxretry: 9, findtime: 60 }, added: ['192.0.2.7'], removed: ['198.51.100.1'] },
  ]
  const { problems = [] } = runCheck(loadChecks.drift, seen, { tuned })
  expect(problems.map(({ severity, title }) => [severity, title])).toEqual([
    ['warning', 'sshd: the files differ from the running configuration (findtime)'],
    ['hint', 'sshd: set in BanGUI, not saved (maxretry, ignoreip)'],
  ])
})

it.each([
  ['set for every jail', [{ jail: null, address: '203.0.113.0/24' }], ['::1', '203.0.113.0/24'], false],
  ['set for this jail', [{ jail: 'sshd', address: 'home.example' }], ['::1', 'home.example'], false],
  ['set for another jail', [{ jail: 'web', address: 'home.example' }], ['::1', 'home.example'], true],
  ['in the files and not set', [{ jail: null, address: '::1' }], [], true],
  [
    'set, beside one of somebody else',
    [{ jail: null, address: '192.0.2.1' }],
    ['::1', '192.0.2.1', '192.0.2.2'],
    true,
  ],
])('drift, where an entry of the allow list is %s', (...[, allowed, ignoreIp, isFound]) => {
  const files = streamJail({ ignoreIp: ['::1'] })
  const seen = {
    jails: [jail({ ignoreIp })],
    config: config({ stream: { allowIpv6: null, jails: [files] } }),
  }
  expect(titlesOf(runCheck(loadChecks.drift, seen, { allowed }))).toEqual(
    isFound ? ['sshd: the files differ from the running configuration (ignoreip)'] : [],
  )
})

it('drift cannot be told where fail2ban-client could not be asked', () => {
  const seen = { jails: [jail()], config: config({ stream: null }) }
  expect(runCheck(loadChecks.drift, seen).cannotTell).toHaveLength(1)
})
