import type { ConnectionEvent, Fail2banHost, ProbeAnswer, ProbeFailure, ProbeOutcome } from '@bangui/fail2ban'
import type { Jail, OfflineReason } from '@bangui/shared'

/** A daemon that answers. */
export const answer = (over: Partial<ProbeAnswer> = {}): ProbeAnswer => ({
  ok: true,
  version: '1.0.2',
  jails: ['sshd'],
  currentlyBanned: 1,
  totalBanned: 2,
  currentlyFailed: 3,
  totalFailed: 4,
  instance: { id: 'first', pid: null },
  ...over,
})

/** A daemon that does not. */
export const failure = (reason: OfflineReason, connected = false): ProbeFailure => ({
  ok: false,
  reason,
  connected,
  message: `fail2ban: ${reason}`,
})

/** A jail as the list has it. */
export const jail = (name: string, over: Partial<Jail> = {}): Jail => ({
  name,
  enabled: true,
  running: true,
  backend: 'polling',
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  filter: name,
  logPaths: [],
  bantime: 600,
  findtime: 600,
  maxretry: 5,
  problem: null,
  ...over,
})

/** A host whose daemon does what a test says. Verbs that a test does not set reject. */
export interface FakeHost extends Fail2banHost {
  outcome: ProbeOutcome | (() => Promise<ProbeOutcome>)
  jails: Jail[]
  readonly probes: number
  readonly listings: number
  signal(kind: ConnectionEvent): void
}

const unset = (verb: string) => () => Promise.reject(new Error(`the fake host has no ${verb}`))

/** Makes a {@link FakeHost}; `verbs` gives it more to do. */
export function createFakeHost(verbs: Partial<Fail2banHost> = {}): FakeHost {
  const listeners = new Set<(kind: ConnectionEvent) => void>()
  let probes = 0
  let listings = 0
  const host: FakeHost = {
    outcome: answer(),
    jails: [jail('sshd')],
    get probes() {
      return probes
    },
    get listings() {
      return listings
    },
    signal: (kind) => {
      for (const listener of listeners) listener(kind)
    },
    info: () => ({ socketPath: '/run/fail2ban.sock', startCommand: ['fail2ban-client', 'start'], uid: 0 }),
    probe: async () => {
      probes += 1
      return typeof host.outcome === 'function' ? host.outcome() : host.outcome
    },
    onConnectionEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    listJails: async () => {
      listings += 1
      return host.jails
    },
    listConfigNotices: async () => [],
    settleInterrupted: async () => [],
    close: async () => undefined,
    getJail: unset('getJail'),
    previewSwitch: unset('previewSwitch'),
    prepareSwitch: unset('prepareSwitch'),
    applyChange: unset('applyChange'),
    rollback: unset('rollback'),
    start: unset('start'),
    stop: unset('stop'),
    reload: unset('reload'),
    restart: unset('restart'),
    readLog: unset('readLog'),
    watchEvents: async function* () {},
    readBanHistory: unset('readBanHistory'),
    readActiveBans: unset('readActiveBans'),
    listLiveBans: unset('listLiveBans'),
    countLiveBans: unset('countLiveBans'),
    liveBansSince: async () => 0,
    databaseStatus: unset('databaseStatus'),
    ban: unset('ban'),
    unban: unset('unban'),
    listJailBans: unset('listJailBans'),
    whenBansRestored: async () => undefined,
    countJailBans: unset('countJailBans'),
    getIgnoreList: unset('getIgnoreList'),
    listBantimes: async () => new Map(),
    listIgnored: unset('listIgnored'),
    startJail: unset('startJail'),
    stopJail: unset('stopJail'),
    reloadJail: unset('reloadJail'),
    setIdle: unset('setIdle'),
    tuneJail: unset('tuneJail'),
    getTuning: unset('getTuning'),
    getFilter: unset('getFilter'),
    cancelLoad: () => false,
    previewSettings: unset('previewSettings'),
    prepareSettings: unset('prepareSettings'),
    prepareManualJail: unset('prepareManualJail'),
    ...verbs,
  }
  return host
}
