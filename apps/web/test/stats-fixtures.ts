import type { ActivityCounts, ActivityRow, HistoryRow, StatsOverview, StatsTrend } from '@bangui/shared'
import type { Procedures } from './fake-api.ts'
import { T0 } from './fixtures.ts'

export const overviewOf = (over: Partial<StatsOverview> = {}): StatsOverview => ({
  from: T0 - 86_400_000,
  to: T0,
  bans: 1200,
  failures: 45_000,
  addresses: 900,
  newAddresses: 640,
  activeBans: 77,
  previous: { bans: 1000, failures: 45_000, addresses: 800, newAddresses: 800 },
  sparklines: {
    bucketSeconds: 3600,
    bans: [1, 2, 3],
    failures: [3, 2, 1],
    newAddresses: [0, 0, 1],
    activeBans: [70, 75, 77],
  },
  asOf: T0,
  ...over,
})

export const trendOf = (over: Partial<StatsTrend> = {}): StatsTrend => ({
  bucketSeconds: 3600,
  start: T0 - 4 * 3_600_000,
  series: [
    { jail: 'sshd', points: [1, 2, 3, 4] },
    { jail: 'nginx', points: [0, 1, 0, 1] },
  ],
  ...over,
})

export const historyRowOf = (over: Partial<HistoryRow> = {}): HistoryRow => ({
  id: 1,
  address: '192.0.2.1',
  jail: 'sshd',
  at: T0,
  duration: 600,
  country: 'DE',
  until: T0 + 600_000,
  active: false,
  endReason: 'expired',
  endedBy: null,
  times: 1,
  attempts: 5,
  by: { kind: 'fail2ban', name: null },
  reason: null,
  ...over,
})

/** A ban as an entry of the activity. */
export const banEntryOf = (over: Partial<HistoryRow> = {}): ActivityRow => {
  const ban = historyRowOf(over)
  return { type: 'ban', id: `ban-${ban.id}`, at: ban.at, ban, tried: [{ name: 'root', lines: 4 }] }
}

export const activityCountsOf = (over: Partial<ActivityCounts['counts']> = {}): ActivityCounts => ({
  counts: { ban: 1, unban: 0, failure: 0, ignored: 0, system: 0, change: 0, ...over },
  eventsSince: T0,
})

const address = { bans: 9, country: 'CN', jails: 2, firstAt: T0, lastAt: T0, asOf: T0 }

/** Procedures of a server that has recorded bans. */
export const statsProcedures: Procedures = {
  'stats.overview': () => overviewOf(),
  'stats.trend': () => trendOf(),
  'stats.recorded': () => ({ bans: 0, failures: 0, singleBans: 0 }),
  'stats.byJail': () => [
    { key: 'sshd', bans: 800, failures: 3000, asOf: T0 },
    { key: 'nginx', bans: 400, failures: 1000, asOf: T0 },
  ],
  'stats.byCountry': () => [
    { key: 'CN', bans: 700, asOf: T0 },
    { key: 'DE', bans: 100, asOf: T0 },
    { key: '??', bans: 7, asOf: T0 },
  ],
  'stats.byOrigin': () => [
    { key: 'fail2ban', name: null, bans: 700, asOf: T0 },
    { key: 'blocklist:3', name: 'worms', bans: 90, asOf: T0 },
    { key: 'user', name: null, bans: 10, asOf: T0 },
  ],
  'stats.topNetworks': () => [{ key: '192.0.2.0/24', bans: 30, addresses: 12, country: 'CN', asOf: T0 }],
  'stats.topAddresses': () => [{ key: '192.0.2.1', ...address }],
  'stats.repeatOffenders': () => [],
  'history.list': () => ({ rows: [historyRowOf()], nextCursor: null }),
  'history.activity': () => ({ rows: [banEntryOf()], nextCursor: null }),
  'history.activityCounts': () => activityCountsOf(),
  'stats.states': () => [],
}
