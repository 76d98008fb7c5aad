import * as z from 'zod'
import { Ban, Cursor, Limit, SearchText } from './ban.ts'
import { BannedBy, Origin } from './banned-by.ts'
import { Count, Time } from './time.ts'

/** `live`: what fail2ban's own database contains now; `archive`: BanGUI's own history. */
export const Source = z.enum(['live', 'archive'])
export type Source = z.infer<typeof Source>

export const HistoryFilter = z.object({
  source: Source.default('archive'),
  from: Time.optional(),
  to: Time.optional(),
  jail: z.string().max(255).optional(),
  /** two letters (ISO 3166-1), or `??` for unknown */
  country: z.string().max(2).optional(),
  /** whose bans; fail2ban's own database does not have it */
  origin: Origin.optional(),
  /** only the first ban of each address; fail2ban's own database does not have it */
  first: z.boolean().optional(),
  search: SearchText.optional(),
})
export type HistoryFilter = z.infer<typeof HistoryFilter>

export const ListHistoryInput = HistoryFilter.extend({ cursor: Cursor.nullish(), limit: Limit }).prefault({})
export type ListHistoryInput = z.infer<typeof ListHistoryInput>

/**
 * Why a ban ended; null while it is active or if nothing recorded it. `jail_stopped`: with its jail, which has not restored
 * it; `gone`: fail2ban no longer has it, for an unknown reason.
 */
export const EndReason = z.enum(['expired', 'unbanned', 'lost', 'unknown', 'jail_stopped'])
export type EndReason = z.infer<typeof EndReason>

/** A past or active ban. */
export const HistoryRow = z.object({
  /** the archive's id; null from fail2ban's own database */
  id: z.int().nullable(),
  /** the key of its host, where a list is about several */
  host: z.string().optional(),
  address: z.string(),
  jail: z.string(),
  at: Time,
  /** as of an active ban */
  restoredAt: Time.optional(),
  duration: z.int(),
  country: z.string().nullable(),
  /** when it ended or will end; null: permanent and active */
  until: Time.nullable(),
  active: z.boolean(),
  endReason: EndReason.nullable(),
  endedBy: z.string().nullable(),
  times: Count,
  attempts: Count.nullable(),
  by: BannedBy,
  reason: z.string().nullable(),
})
export type HistoryRow = z.infer<typeof HistoryRow>

export const HistoryPage = z.object({ rows: z.array(HistoryRow), nextCursor: z.string().nullable() })
export type HistoryPage = z.infer<typeof HistoryPage>

/** The log lines that caused a ban. They contain text from attackers. */
export const BanLines = z.object({ id: z.int(), lines: z.array(z.string()) })
export type BanLines = z.infer<typeof BanLines>

export const AddressInput = z.object({ address: z.string().max(255) })
export type AddressInput = z.infer<typeof AddressInput>

/** Everything about one address or network. */
export const AddressDetail = z.object({
  address: z.string(),
  /** what an address or network is for: `public`, `private`, … */
  kind: z.string(),
  country: z.string().nullable(),
  asn: z.int().nullable(),
  organisation: z.string().nullable(),
  /** the /24 (IPv4) or /48 (IPv6) around it; null if it is as wide itself */
  network: z.string().nullable(),
  /** active bans */
  active: z.array(Ban),
  /** the newest 100; `history.list` with `search` has all */
  bans: z.array(HistoryRow),
  totals: z.object({ bans: Count, jails: Count, firstAt: Time.nullable(), lastAt: Time.nullable() }),
  /** stored failures of the last 24 hours, newest first, at most 200 */
  failures: z.array(z.object({ at: Time, jail: z.string(), address: z.string() })),
  /** bans per UTC day and jail, oldest first, at most 400 days */
  timeline: z.array(z.object({ day: Time, jail: z.string(), bans: Count })),
  /** the log lines of the newest ban that has some */
  lines: z.array(z.string()),
  /** since when individual bans are recorded: earlier days have none */
  recordedSince: Time,
  /** other addresses of the same network, most bans first, at most 50 */
  neighbours: z.array(z.object({ address: z.string(), bans: Count, lastAt: Time, active: z.boolean() })),
  /** jails whose ignore list contains it, by name; null: no daemon answered */
  ignoredBy: z.array(z.string()).nullable(),
  /** these jails with their hosts, where all hosts were asked about */
  ignoredOn: z.array(z.object({ host: z.string(), jail: z.string() })).optional(),
})
export type AddressDetail = z.infer<typeof AddressDetail>
