import {
  type Ban,
  type Jail,
  noAlertsSummary,
  noHealthSummary,
  type PendingRecovery,
  type RuntimeSnapshot,
  type ServerStatus,
  unknownStatus,
  type Watching,
} from '@bangui/shared'

/** The current time of all fixtures. */
export const T0 = Date.UTC(2026, 10, 21, 12)

export const statusOf = (over: Partial<ServerStatus> = {}): ServerStatus => ({
  ...unknownStatus,
  online: true,
  responding: true,
  version: '1.1.0',
  activeJails: 2,
  checkedAt: T0,
  ...over,
})

export const offlineStatus = statusOf({
  online: false,
  responding: false,
  version: null,
  activeJails: 0,
  reason: 'refused',
  message: 'Nobody answers at the socket.',
})

export const watchingOf = (over: Partial<Watching['events']> = {}): Watching => ({
  events: { kind: 'file', state: 'following', path: '/var/log/fail2ban.log', message: null, ...over },
  database: { state: 'ok', path: '/var/lib/fail2ban/fail2ban.sqlite3', message: null },
  importing: null,
  corrections: 0,
})

export const runtimeOf = (over: Partial<RuntimeSnapshot> = {}): RuntimeSnapshot => ({
  host: 'local',
  revision: 1,
  serverStatus: statusOf(),
  pendingRecovery: null,
  recovery: null,
  unconfirmedChange: null,
  pause: null,
  setupComplete: true,
  demo: false,
  node: 'web-1',
  version: '0.0.0-test',
  onlineSince: T0 - 60_000,
  configuredJails: 3,
  configNotices: [],
  helpCommands: [],
  watching: watchingOf(),
  health: noHealthSummary,
  alerts: noAlertsSummary,
  lostBans: null,
  build: null,
  readOnly: false,
  ...over,
})

export const jailOf = (name: string, over: Partial<Jail> = {}): Jail => ({
  name,
  enabled: true,
  running: true,
  backend: 'polling',
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  filter: name,
  logPaths: [`/var/log/${name}.log`],
  bantime: 600,
  findtime: 600,
  maxretry: 5,
  problem: null,
  ...over,
})

export const pendingOf = (over: Partial<PendingRecovery> = {}): PendingRecovery => ({
  jailName: 'nginx-botsearch',
  activatedAt: T0 - 4_000,
  detectedAt: T0,
  recovered: false,
  cause: 'crashed',
  missingJails: [],
  changeId: 'change-1',
  ...over,
})

export const banOf = (address: string, over: Partial<Ban> = {}): Ban => ({
  address,
  jail: 'sshd',
  since: T0 - 60_000,
  until: T0 + 540_000,
  duration: 600,
  country: 'NL',
  times: 1,
  attempts: 5,
  by: { kind: 'fail2ban', name: null },
  reason: null,
  id: 1,
  ...over,
})
