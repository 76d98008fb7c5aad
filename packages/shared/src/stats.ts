import * as z from 'zod'
import { OperationId } from './ban.ts'
import { Source } from './history.ts'
import { Origin } from './banned-by.ts'
import { Range } from './range.ts'
import { Count, Time } from './time.ts'

export const StatsInput = z.object({
  range: Range,
  source: Source.default('archive'),
  /** whose bans are counted; fail2ban's own database does not have it. Only fail2ban's come from failures @default everybody's */
  origin: Origin.optional(),
  /** for progress and cancelling, if the range has to be counted */
  operationId: OperationId.optional(),
})
export type StatsInput = z.infer<typeof StatsInput>

export const TrendInput = StatsInput.extend({
  /** how many buckets are wanted; the server uses the next whole hour or day, minutes for bans of at most six hours */
  buckets: z.int().min(1).max(1000).default(60),
  measure: z.enum(['bans', 'failures']).default('bans'),
})
export type TrendInput = z.infer<typeof TrendInput>

/** An address with this many bans in a span is a repeat offender. */
export const REPEAT_OFFENDER_BANS = 3

export const TopInput = StatsInput.extend({ limit: z.int().min(1).max(500).default(10) })
export type TopInput = z.infer<typeof TopInput>

/** What countries are compared by: bans of the range, its distinct addresses, or the active bans, whatever the range. */
export const CountryMeasure = z.enum(['bans', 'addresses', 'active'])
export type CountryMeasure = z.infer<typeof CountryMeasure>

export const CountryInput = TopInput.extend({ measure: CountryMeasure.default('bans') })
export type CountryInput = z.infer<typeof CountryInput>

export const RecordedInput = z.object({ source: Source.default('archive') }).prefault({})
export type RecordedInput = z.infer<typeof RecordedInput>

/** Since when a source is complete: earlier times have no numbers and no rows. */
export const RecordedSince = z.object({
  /** numbers of bans, by jail, country and time */
  bans: Time,
  /** null: the source has no failures */
  failures: Time.nullable(),
  /** individual bans, from which addresses and networks are counted; they may be kept for a shorter time */
  singleBans: Time,
})
export type RecordedSince = z.infer<typeof RecordedSince>

const Totals = z.object({
  bans: Count,
  failures: Count,
  /** distinct addresses that were banned */
  addresses: Count,
  /** of those, never banned before */
  newAddresses: Count,
})

export const StatsOverview = Totals.extend({
  from: Time,
  to: Time,
  activeBans: Count,
  /** the previous range of the same length; null for `all`, and if that range was not fully recorded */
  previous: Totals.nullable(),
  /** 24 to 60 buckets of equal length over the range, oldest first */
  sparklines: z.object({
    bucketSeconds: z.int(),
    bans: z.array(Count),
    failures: z.array(Count),
    newAddresses: z.array(Count),
    activeBans: z.array(Count),
  }),
  /** what fail2ban's own database (`source: "live"`) does not keep: its sparkline is empty, and 0 failures mean nothing */
  notKept: z.array(z.enum(['failures', 'activeBans'])).optional(),
  /**
   * since when failures are counted, if that is later than the beginning of the range or of the previous one: their change
   * means nothing then
   */
  failuresSince: Time.optional(),
  /** since when anything is recorded, if that is later than the beginning of the range or of the previous one */
  recordedSince: Time.optional(),
  /** when the distinct numbers were counted: at most 60 s ago */
  asOf: Time,
})
export type StatsOverview = z.infer<typeof StatsOverview>

/** Bans (or failures) over time by jail, the highest first; `points` from `start`, each `bucketSeconds` long. */
export const StatsTrend = z.object({
  bucketSeconds: z.int(),
  start: Time,
  /** since when this is recorded, if that is later than `start`: earlier points mean nothing */
  recordedSince: Time.optional(),
  series: z.array(z.object({ jail: z.string(), points: z.array(Count) })),
})
export type StatsTrend = z.infer<typeof StatsTrend>

export const JailStats = z.object({
  key: z.string(),
  bans: Count,
  failures: Count,
  /** of a jail that reads fail2ban's own log: bans of other jails that it found, which are not failures */
  echoes: Count.optional(),
  asOf: Time,
})
export type JailStats = z.infer<typeof JailStats>

/** `key` is two letters (ISO 3166-1), or `??` for unknown. */
export const CountryStats = z.object({
  key: z.string(),
  bans: Count,
  /** distinct addresses; present if countries are compared by addresses */
  addresses: Count.optional(),
  asOf: Time,
})
export type CountryStats = z.infer<typeof CountryStats>

/** Bans of an author, or of one blocklist: `name` is the newest that a ban of the list has; null: no ban of it is kept. */
export const OriginStats = z.object({ key: Origin, name: z.string().nullable(), bans: Count, asOf: Time })
export type OriginStats = z.infer<typeof OriginStats>

export const AddressStats = z.object({
  key: z.string(),
  bans: Count,
  country: z.string().nullable(),
  jails: Count,
  firstAt: Time,
  lastAt: Time,
  asOf: Time,
})
export type AddressStats = z.infer<typeof AddressStats>

export const NetworkStats = z.object({
  /** the /24 (IPv4) or /48 (IPv6) */
  key: z.string(),
  bans: Count,
  addresses: Count,
  country: z.string().nullable(),
  asOf: Time,
})
export type NetworkStats = z.infer<typeof NetworkStats>
