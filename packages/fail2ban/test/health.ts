import { noHealthHistory, type HealthHistory } from '@bangui/shared'
import type { HealthCheck, Verdict } from '../src/health/health-check.ts'
import type { Observation } from '../src/health/observation.ts'
import type { ConfigSeen, StreamJail, WantedJail } from '../src/health/seen/config-seen.ts'
import type { DaemonSeen, DaemonValues, JailSeen, ProcessSeen } from '../src/health/seen/daemon-seen.ts'
import type { LogFileSeen } from '../src/health/seen/files-seen.ts'
import type { ActionFailure, JailLog, LogNote, OwnLogSeen } from '../src/health/seen/own-log-seen.ts'

/** The time of every test of a check. */
export const now = Date.UTC(2026, 10, 30, 12)
export const HOUR = 3_600_000

/** What a test lets a check see; `{ why }` is a part that was not seen. */
export type Parts = { readonly [TPart in keyof Observation]?: Observation[TPart] | { readonly why: string } }

/** What each check has said in the tests of this file. */
export const checksThatRan = new Map<HealthCheck, Verdict[]>()

/** Runs a check on parts that were seen. */
export function runCheck(check: HealthCheck, parts: Parts, history: Partial<HealthHistory> = {}): Verdict {
  const observed = Object.entries(parts).map(([part, value]) => [
    part,
    typeof value === 'object' && value !== null && 'why' in value ? value : { value },
  ])
  const verdict = check.run({
    parts: Object.fromEntries(observed),
    history: { ...noHealthHistory, ...history },
    now,
  })
  checksThatRan.set(check, [...(checksThatRan.get(check) ?? []), verdict])
  return verdict
}

/** Returns the titles of the problems that a check has. */
export const titlesOf = ({ problems = [] }: Verdict): string[] => problems.map(({ title }) => title)

export const daemon = (over: Partial<DaemonSeen> = {}): DaemonSeen => ({
  state: 'up',
  staleSocket: false,
  pid: 100,
  version: '1.0.2',
  jails: ['sshd'],
  ...over,
})

export const daemonValues = (over: Partial<DaemonValues> = {}): DaemonValues => ({
  logTarget: '/var/log/fail2ban.log',
  logLevel: 'INFO',
  databaseFile: '/var/lib/fail2ban/fail2ban.sqlite3',
  databasePurgeAge: 86_400,
  ...over,
})

export const daemonProcess = (over: Partial<ProcessSeen> = {}): ProcessSeen => ({
  pid: 100,
  state: 'S',
  startedAt: now - 48 * HOUR,
  threads: ['fail2ban-server', 'f2b/observer', 'f2b/f.sshd', 'f2b/a.sshd'],
  searchPath: ['/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  sameMounts: true,
  sameNetwork: true,
  uid: 0,
  groups: [0],
  readsEverything: true,
  openFiles: ['/var/log/fail2ban.log'],
  ...over,
})

export const jail = (over: Partial<JailSeen> = {}): JailSeen => ({
  name: 'sshd',
  totalFailed: 10,
  totalBanned: 2,
  currentlyFailed: 1,
  bantime: 600,
  findtime: 600,
  maxretry: 5,
  usedns: 'warn',
  logPaths: ['/var/log/auth.log'],
  journalMatches: [],
  ignoreIp: [],
  ignoreCommand: '',
  increment: false,
  ...over,
})

export const wanted = (over: Partial<WantedJail> = {}): WantedJail => ({
  name: 'sshd',
  fault: null,
  waitsForLog: false,
  loads: true,
  backend: 'auto',
  filter: 'sshd',
  logPatterns: ['/var/log/auth.log'],
  logPlace: { file: '/etc/fail2ban/jail.conf', line: 280 },
  ...over,
})

export const streamJail = (over: Partial<StreamJail> = {}): StreamJail => ({
  name: 'sshd',
  starts: true,
  values: new Map([
    ['maxretry', '5'],
    ['findtime', '10m'],
    ['bantime', '10m'],
    ['usedns', 'warn'],
  ]),
  ignoreIp: [],
  logPaths: ['/var/log/auth.log'],
  failRegex: [],
  ignoreRegex: [],
  actions: [],
  ...over,
})

export const config = (over: Partial<ConfigSeen> = {}): ConfigSeen => ({
  configDir: '/etc/fail2ban',
  jails: [wanted()],
  own: {
    dbfile: '/var/lib/fail2ban/fail2ban.sqlite3',
    logtarget: '/var/log/fail2ban.log',
    loglevel: 'INFO',
    socket: '/var/run/fail2ban/fail2ban.sock',
    pidfile: '/var/run/fail2ban/fail2ban.pid',
  },
  refusedSettings: [],
  jailsWithoutLog: [],
  hints: [],
  refusal: null,
  duplicates: [],
  copied: { sections: 1, options: 2, same: 0 },
  enabledInDefault: null,
  layered: [],
  copiedIgnores: null,
  stream: { allowIpv6: 'auto', jails: [streamJail()] },
  ...over,
})

export const jailLog = (over: Partial<JailLog> = {}): JailLog => ({
  startedAt: now - 48 * HOUR,
  foundAt: now - HOUR,
  bannedAt: now - 2 * HOUR,
  ignored: new Map(),
  ignoredAddress: null,
  found: 10,
  foundBy: new Map(),
  bans: [],
  unbans: [],
  failures: [],
  ...over,
})

export const ownLog = (over: Partial<OwnLogSeen> = {}): OwnLogSeen => ({
  path: '/var/log/fail2ban.log',
  since: now - 72 * HOUR,
  startedAt: now - 48 * HOUR,
  loadedAt: now - 48 * HOUR,
  jails: new Map([['sshd', jailLog()]]),
  notes: [],
  failures: [],
  ...over,
})

export const note = (over: Partial<LogNote> & Pick<LogNote, 'kind'>): LogNote => ({
  jail: null,
  subject: '',
  firstAt: now - HOUR,
  lastAt: now - HOUR,
  count: 1,
  lines: ['a line of the log'],
  ...over,
})

export const failure = (over: Partial<ActionFailure> = {}): ActionFailure => ({
  jail: 'sshd',
  action: 'iptables-multiport',
  verb: 'ban',
  firstAt: now - HOUR,
  lastAt: now - HOUR,
  count: 1,
  reason: '/bin/sh: 1: iptables: not found',
  lines: ["stderr: '/bin/sh: 1: iptables: not found'", 'returned 127'],
  ...over,
})

export const logFile = (over: Partial<LogFileSeen> = {}): LogFileSeen => ({
  path: '/var/log/auth.log',
  kind: 'file',
  size: 1000,
  modifiedAt: now - 60_000,
  inode: '1:10',
  mode: 0o100640,
  uid: 0,
  gid: 4,
  bornAt: 0,
  folderBornAt: 0,
  ...over,
})
