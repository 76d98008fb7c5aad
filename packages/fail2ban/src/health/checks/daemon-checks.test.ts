import { expect, it } from 'vitest'
import {
  config,
  daemon,
  daemonProcess,
  note,
  ownLog,
  runCheck,
  titlesOf,
  wanted,
  type Parts,
} from '../../../test/health.ts'
import type { HealthCheck } from '../health-check.ts'
import { daemonChecks } from './daemon-checks.ts'

const threads = (...jails: string[]) => [
  'f2b/observer',
  ...jails.flatMap((name) => [`f2b/f.${name}`, `f2b/a.${name}`]),
]
const failed = note({
  kind: 'command-failed',
  lines: ["Command ['reload'] has failed. Received NameError()"],
})

it.each<readonly [string, HealthCheck, Parts, readonly string[]]>([
  [
    'jails are enabled and none is loaded',
    daemonChecks['daemon-no-jails'],
    { daemon: daemon({ jails: [] }), config: config(), ownLog: ownLog({ notes: [failed] }) },
    ['fail2ban is running, but no jail is loaded'],
  ],
  ['the jail is loaded', daemonChecks['daemon-no-jails'], { daemon: daemon(), config: config() }, []],
  [
    'no jail is enabled',
    daemonChecks['daemon-no-jails'],
    { daemon: daemon({ jails: [] }), config: config({ jails: [] }) },
    [],
  ],
  [
    'fail2ban does not run at all',
    daemonChecks['daemon-no-jails'],
    { daemon: daemon({ state: 'down', jails: [] }), config: config() },
    [],
  ],
  [
    'a jail has no thread',
    daemonChecks['jail-not-running'],
    { daemon: daemon({ jails: ['sshd', 'web'] }), process: daemonProcess() },
    ['web is listed but not running'],
  ],
  [
    'every jail has its threads',
    daemonChecks['jail-not-running'],
    { daemon: daemon(), process: daemonProcess() },
    [],
  ],
  [
    'a long name with characters of two bytes is cut in the middle of one',
    daemonChecks['jail-not-running'],
    {
      daemon: daemon({ jails: ['nginx-ää-http'] }),
      process: daemonProcess({ threads: threads(Buffer.from('nginx-ää-http').subarray(0, 9).toString()) }),
    },
    [],
  ],
  [
    'two jails begin alike and none runs',
    daemonChecks['jail-not-running'],
    {
      daemon: daemon({ jails: ['nginx-http-auth', 'nginx-http-limit', 'sshd'] }),
      process: daemonProcess(),
    },
    ['nginx-http-auth is listed but not running', 'nginx-http-limit is listed but not running'],
  ],
  [
    'a jail is enabled and not loaded',
    daemonChecks['jail-missing'],
    { daemon: daemon(), config: config({ jails: [wanted(), wanted({ name: 'web' })] }) },
    ['web is enabled but not loaded'],
  ],
  ['every jail is loaded', daemonChecks['jail-missing'], { daemon: daemon(), config: config() }, []],
  [
    'a jail waits for its log, as configured',
    daemonChecks['jail-missing'],
    { daemon: daemon(), config: config({ jails: [wanted(), wanted({ name: 'web', waitsForLog: true })] }) },
    [],
  ],
  [
    'the process is stopped',
    daemonChecks['daemon-stuck'],
    { daemon: daemon({ state: 'silent' }), process: daemonProcess({ state: 'T' }) },
    ['fail2ban does not answer'],
  ],
  ['fail2ban answers', daemonChecks['daemon-stuck'], { daemon: daemon(), process: daemonProcess() }, []],
  [
    'only the socket is left',
    daemonChecks['stale-socket'],
    { daemon: daemon({ state: 'down', staleSocket: true }) },
    ['fail2ban is not running; only its socket is left'],
  ],
  ['fail2ban was stopped', daemonChecks['stale-socket'], { daemon: daemon({ state: 'down' }) }, []],
])('where %s', (...[, check, parts, titles]) => {
  expect(titlesOf(runCheck(check, parts))).toEqual(titles)
})

it('a jail without threads has the command that failed as evidence', () => {
  const seen = {
    daemon: daemon({ jails: ['web'] }),
    process: daemonProcess(),
    ownLog: ownLog({ notes: [failed] }),
  }
  expect(runCheck(daemonChecks['jail-not-running'], seen).problems?.[0]?.evidence).toEqual(failed.lines)
})

it('a missing jail with a fault has the fault, and is not offered to be started', () => {
  const jails = [wanted({ name: 'web', fault: 'The filter web has no file.' })]
  const [problem] =
    runCheck(daemonChecks['jail-missing'], { daemon: daemon(), config: config({ jails }) }).problems ?? []
  expect(problem).toMatchObject({
    detail: expect.stringContaining('The filter web has no file.'),
    action: null,
  })
})

it('cannot tell which jail runs where the threads are not seen, have no names, or belong to one of several', () => {
  const check = daemonChecks['jail-not-running']
  const why = 'BanGUI does not see the process of fail2ban'
  expect(runCheck(check, { daemon: daemon(), process: { why } })).toEqual({
    cannotTell: [{ jail: null, why }],
  })
  const nameless = { daemon: daemon(), process: daemonProcess({ threads: ['python3'] }) }
  expect(runCheck(check, nameless).cannotTell).toHaveLength(1)
  const alike = {
    daemon: daemon({ jails: ['nginx-http-auth', 'nginx-http-limit'] }),
    process: daemonProcess({ threads: threads('nginx-htt') }),
  }
  expect(runCheck(check, alike).cannotTell?.map(({ jail }) => jail)).toEqual([
    'nginx-http-auth',
    'nginx-http-limit',
  ])
})
