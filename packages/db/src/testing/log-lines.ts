import type { DaemonBan, HostEvent } from '@bangui/shared'
import type { ImportBatch, IngestBatch, PendingAction } from '../archive/writer-port.ts'

/** When the stories of the tests begin. */
export const start = Date.UTC(2026, 4, 1, 12)
/** A moment, in seconds after the start. */
export const seconds = (count: number) => start + count * 1000
/** The address and jail that most tests are about. */
export const pair = { jail: 'sshd', address: '203.0.113.7' }

/** A batch of log events of an address in Germany and a jail that bans for ten minutes. */
export const log = (...events: HostEvent[]): IngestBatch => ({
  events: events.map((event) => ({ event, country: 'DE', bantime: 600 })),
  cursor: null,
})
/** A line that bans. */
export const ban = (at: number, more: { address?: string; restored?: boolean } = {}): HostEvent => ({
  ...pair,
  type: 'ban',
  restored: false,
  at: seconds(at),
  ...more,
})
/** A line that ends a ban. */
export const unban = (at: number): HostEvent => ({ ...pair, type: 'unban', at: seconds(at) })
/** Rows of fail2ban's database, as they stand at `now`; times in seconds after the start. */
export const rows = (now: number, ...bans: (Partial<DaemonBan> & { bannedAt: number })[]): ImportBatch => ({
  bans: bans.map((row) => ({
    ...pair,
    duration: 600,
    times: 1,
    attempts: 5,
    lines: [],
    country: 'DE',
    ...row,
    bannedAt: seconds(row.bannedAt),
  })),
  cursor: null,
  now: seconds(now),
})
/** What a person is about to do. */
export const pending = (kind: PendingAction['kind'], more: Partial<PendingAction> = {}): PendingAction => ({
  ...pair,
  kind,
  by: { kind: 'user', name: 'ada' },
  reason: null,
  operation: `${kind}-${more.by?.name ?? 'ada'}-${more.at ?? start}`,
  until: null,
  at: start,
  ...more,
})
