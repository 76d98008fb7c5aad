import * as z from 'zod'
import { BannedBy, Origin } from './banned-by.ts'
import { JailName } from './jail-name.ts'
import { Count, Time } from './time.ts'

/** Rows of a page of any list: 50 by default, 500 at most. */
export const Limit = z.int().min(1).max(500).default(50)
/** Where the next page begins; opaque: a value that the previous page returned. */
export const Cursor = z.string().max(512)
/** What people type into a search box; see parseSearch. */
export const SearchText = z.string().max(200)

/** An active ban. `address` may be a network. */
export const Ban = z.object({
  /** the key of its host, where a list is about several */
  host: z.string().optional(),
  address: z.string(),
  jail: z.string(),
  /** the time of the last failure, as fail2ban counts it; of the log line until that is known */
  since: Time,
  /** when it was restored after a manual unban: fail2ban counts the duration from then */
  restoredAt: Time.optional(),
  /** null: permanent */
  until: Time.nullable(),
  /** seconds, -1 is permanent */
  duration: z.int(),
  country: z.string().nullable(),
  /** how often this jail has banned this address, this ban included */
  times: Count,
  /** failures that caused it; null: unknown */
  attempts: Count.nullable(),
  by: BannedBy,
  reason: z.string().nullable(),
  /** the id of the operation that made it; absent: none of BanGUI's */
  operation: z.string().optional(),
  /** the id of the operation that set its end last; absent: the one that made it */
  endOperation: z.string().optional(),
  /** the ban in jail `bangui` that makes it last longer, where both are shown as one */
  extension: z.object({ jail: z.string(), until: Time.nullable(), reason: z.string().nullable() }).optional(),
  /** the archive's id of the ban; null for one that is only in fail2ban's own database */
  id: z.int().nullable(),
})
export type Ban = z.infer<typeof Ban>

export const BanSortKey = z.enum(['address', 'jail', 'country', 'since', 'until', 'duration', 'times'])
export type BanSortKey = z.infer<typeof BanSortKey>
/** A column, with `-` in front for descending order, as in `-since`. */
export const BanSort = z
  .string()
  .regex(/^-?(address|jail|country|since|until|duration|times)$/, 'Sort by a column.')
export type BanSort = z.infer<typeof BanSort>

export const ListBansInput = z
  .object({
    jail: z.string().max(255).optional(),
    search: SearchText.optional(),
    origin: Origin.optional(),
    /** @default `-since`, the newest first */
    sort: BanSort.optional(),
    cursor: Cursor.nullish(),
    /** rows to skip, for a list that is scrolled by its scroll bar; a cursor is cheaper */
    offset: z.int().min(0).max(10_000_000).optional(),
    limit: Limit,
  })
  .prefault({})
export type ListBansInput = z.infer<typeof ListBansInput>

export const BanList = z.object({ rows: z.array(Ban), total: Count, nextCursor: z.string().nullable() })
export type BanList = z.infer<typeof BanList>

/** The client's id of a long request: `live.watch` reports its progress, and `operations.cancel` cancels it. */
export const OperationId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'An operation id is 1 to 64 letters, digits, _ or -.')

/** How many addresses one request may name. */
export const MAX_ADDRESSES = 50_000

const Addresses = z
  // anything else is refused individually; names of bans have at most this length
  .array(z.string().max(255))
  .min(1, 'Enter at least one address.')
  .max(MAX_ADDRESSES, `At most ${MAX_ADDRESSES} addresses at once.`)

/** Whole seconds or fail2ban's duration text; parsed with parseDuration at the edge. */
export const DurationInput = z.union([z.int().min(-1), z.string().max(100)])

/** What people note about a ban. */
const Reason = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\p{C}]*$/u, 'The reason must not contain line breaks.')

export const BanInput = z.object({
  jail: JailName,
  addresses: Addresses,
  duration: DurationInput.optional(),
  /** when they are to end, instead of a duration; to the second */
  until: Time.optional(),
  reason: Reason.optional(),
  force: z.boolean().default(false),
  operationId: OperationId.optional(),
})
export type BanInput = z.infer<typeof BanInput>

/** Why an address is not banned. `force` overrides the reasons of {@link isForceable}. */
export const BanRefusal = z.enum([
  'invalid',
  'whole_family',
  'own_session',
  'this_host',
  'loopback',
  'private',
  'ignored',
  'too_wide',
  'cancelled',
  'unknown',
])
export type BanRefusal = z.infer<typeof BanRefusal>

export const RefusedAddress = z.object({ address: z.string(), reason: BanRefusal, message: z.string() })
export type RefusedAddress = z.infer<typeof RefusedAddress>

/** An address that is banned, and the ban that covers it: its own, or that of a network that contains it. */
export const CoveredAddress = z.object({ address: z.string(), by: Ban })
export type CoveredAddress = z.infer<typeof CoveredAddress>

/** Addresses that other bans cover: how many, and some of them. */
export const Covered = z.object({ count: Count, some: z.array(CoveredAddress) })
export type Covered = z.infer<typeof Covered>

export const BanResult = z.object({
  banned: Count,
  already: Count,
  refused: z.array(RefusedAddress),
  /** the jail of the bans: `bangui` for those longer than the jail's own */
  jail: z.string(),
  /** of the addresses, those that another ban covered before: fail2ban still bans them; absent: none */
  covered: Covered.optional(),
  /** of those already banned, those whose ban is fail2ban's and ends later than asked for: a ban shortens none of these; absent: none */
  keepsEnd: Count.optional(),
  /** a sentence for people about a secondary problem, such as that the user could not be recorded */
  note: z.string().optional(),
})
export type BanResult = z.infer<typeof BanResult>

/** What `bans.ban` would do with the same input. */
export const BanPreview = BanResult.omit({ banned: true, note: true }).extend({
  /** addresses that would be banned, canonical and each once; the first 500 */
  addresses: z.array(z.string()),
  wouldBan: Count,
  /** seconds, -1 is permanent */
  duration: z.int(),
  /** BanGUI ends these bans itself, before the jail's own bantime */
  endedByBangui: z.boolean(),
  /** jail `bangui`, for bans longer than the jail's own, has to be set up first */
  needsManualJail: z.boolean(),
  /** sentences that say why it is unknown whether the jail ignores some of the addresses; empty with `force` */
  warnings: z.array(z.string()),
})
export type BanPreview = z.infer<typeof BanPreview>

export const UnbanInput = z
  .object({
    /** addresses, networks, and other names that fail2ban banned, as lists show them */
    addresses: z.array(z.string().max(255)).max(MAX_ADDRESSES),
    jail: JailName.optional(),
    /** every ban in `jail`, or of all jails if it is absent; `addresses` is empty then */
    all: z.boolean().default(false),
    operationId: OperationId.optional(),
  })
  .refine(({ addresses, all }) => all !== addresses.length > 0, {
    path: ['addresses'],
    message: 'Enter at least one address, or ask for all.',
  })
export type UnbanInput = z.infer<typeof UnbanInput>

/** What is changed about a ban in force: at least one of both. */
export const UpdateBanInput = z
  .object({
    jail: JailName,
    /** an address, a network, or another name that fail2ban banned, as lists show it */
    address: z.string().min(1).max(255),
    /** when it ends; null: never; absent: as it is. Later than its own end, it is a second ban in jail `bangui` */
    until: Time.nullable().optional(),
    /** its reason; empty: none; absent: as it is */
    reason: Reason.optional(),
    operationId: OperationId.optional(),
  })
  .refine(({ until, reason }) => until !== undefined || reason !== undefined, 'Nothing is to be changed.')
export type UpdateBanInput = z.infer<typeof UpdateBanInput>

export const UpdateBanResult = z.object({
  /** when the address is banned until now; null: permanently */
  until: Time.nullable(),
  /** it has a second ban now, in jail `bangui` */
  isExtended: z.boolean(),
  note: z.string().optional(),
})
export type UpdateBanResult = z.infer<typeof UpdateBanResult>

/** `note` as in {@link BanResult}. */
export const UnbanResult = z.object({
  unbanned: Count,
  absent: Count,
  /** of the addresses, those that another ban still covers, such as that of a network; absent: none */
  covered: Covered.optional(),
  note: z.string().optional(),
})
export type UnbanResult = z.infer<typeof UnbanResult>

/** A ban that an unban ended, with what its undo needs. */
export const UndoableBan = Ban.pick({
  id: true,
  jail: true,
  address: true,
  until: true,
  by: true,
  reason: true,
})
export type UndoableBan = z.infer<typeof UndoableBan>

/** What the undo of a ban, an unban, a change or a pause did. */
export const UndoResult = z.object({
  /** how many bans, files or jails are as they were before, or bans over again */
  restored: Count,
  /** expired in the meantime */
  over: Count,
  /** banned again by somebody else since, and left unchanged */
  already: Count,
  refused: z.array(RefusedAddress),
  /** those that end earlier than before, because their jail no longer bans for that long */
  shortened: z.array(z.object({ address: z.string(), jail: z.string(), until: Time.nullable() })),
  /** those that are in the jail for manual bans now, because their own does not ban for that long; absent: none */
  moved: z
    .array(z.object({ address: z.string(), from: z.string(), jail: z.string(), until: Time.nullable() }))
    .optional(),
  /** the files that the undo of a change restored; absent: it was none of a change */
  files: z.array(z.string()).optional(),
  /** the id of the change that is rolled back unless it is confirmed; absent: there is none */
  unconfirmed: z.uuid().optional(),
  /** a sentence for people: what of it did not go as it should */
  note: z.string().optional(),
})
export type UndoResult = z.infer<typeof UndoResult>

/** Bans that a crash of the daemon lost: they were active, and its database does not have them. */
export const LostBans = z.object({
  count: Count,
  /** when the daemon stopped */
  at: Time,
  jails: z.array(z.object({ jail: z.string(), count: Count })),
})
export type LostBans = z.infer<typeof LostBans>
