import type {
  AddressStats,
  Ban,
  BanList,
  Bounds,
  CountryStats,
  CoveredAddress,
  CoverRange,
  HealthHistory,
  HistoryPage,
  HistoryRow,
  JailStats,
  KeyRange,
  NamedRange,
  NetworkStats,
  Origin,
  OriginStats,
  StatsOverview,
  StatsTrend,
  StoredEvent,
  TriedName,
} from '@bangui/shared'

/** What a list is narrowed to; `addresses` is an inclusive range of addressKey, with the keys of the networks that hold it. */
export interface BanFilter {
  readonly jail?: string | undefined
  /** a part of the jail's name, in any case */
  readonly text?: string | undefined
  readonly country?: string | undefined
  readonly origin?: Origin | undefined
  /** only the first ban of each address, with which the numbers count it as new */
  readonly first?: boolean | undefined
  readonly addresses?: (KeyRange & Partial<CoverRange>) | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** What the list of the activity asks for. */
export interface ActivityQuery {
  readonly filter: BanFilter
  /** the types of events */
  readonly types: readonly string[]
  /** also the bans */
  readonly bans: boolean
  /** the place after the last entry that is there already; null: the beginning */
  readonly after: string | null
  readonly limit: number
}

/** A ban or an event; `after` is the place after it. */
export type ActivityEntry = { readonly after: string; readonly at: number } & (
  | { readonly ban: HistoryRow; readonly tried: readonly TriedName[] }
  | { readonly stored: StoredEvent }
)

export interface ActivityTotals {
  /** null: too many to count */
  readonly bans: number | null
  /** by type; a type without events has no number */
  readonly events: Readonly<Record<string, number>>
  /** the time of the oldest event that is kept; null: there is none */
  readonly eventsSince: number | null
}

export interface ReadOptions {
  /** ends a long reading */
  readonly signal?: AbortSignal | undefined
  /** called as a long reading gets on */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export type OverviewNumbers = Pick<StatsOverview, 'bans' | 'failures' | 'addresses' | 'newAddresses'>

/** What reads the history of one host, or of several. */
export interface ArchiveReader {
  listActive(query: {
    readonly filter: BanFilter
    /** as BanSort: a column, `-` before it for the greatest first */
    readonly sort: string
    readonly cursor: string | null
    readonly offset: number
    readonly limit: number
  }): Promise<BanList>
  /** Bans in force by jail. */
  countActive(): Promise<ReadonlyMap<string, number>>
  /** The bans in force of these addresses (a network: of all that it holds, unless they are meant `exactly`). */
  findActive(addresses: readonly string[], options?: { readonly exactly?: boolean }): Promise<Ban[]>
  /** What covers these addresses and networks: the bans in force of themselves and of networks that hold them. */
  findCovers(addresses: readonly string[]): Promise<CoveredAddress[]>
  /** Newest first, by key. */
  listHistory(query: {
    readonly filter: BanFilter
    readonly cursor: string | null
    readonly limit: number
  }): Promise<HistoryPage>
  getBan(id: number): Promise<HistoryRow | undefined>
  listLines(banId: number): Promise<string[]>
  /** What the archive knows of an address or network: see AddressDetail, of which these are parts. */
  describeAddress(address: string): Promise<ArchivedAddress>
  /** Events after `seq`, oldest first; undefined when some of them are gone, or more than `limit` were missed. */
  listEventsAfter(seq: number, limit: number): Promise<StoredEvent[] | undefined>
  /** The newest events, newest first, before `seq`. */
  listEvents(query: {
    readonly before: number | null
    readonly types: readonly string[] | null
    readonly jail: string | null
    readonly limit: number
  }): Promise<StoredEvent[]>
  lastSeq(): Promise<number>
  /** Bans and events in one list, newest first, at most `limit`. */
  listActivity(query: ActivityQuery): Promise<ActivityEntry[]>
  countActivity(query: Pick<ActivityQuery, 'filter' | 'types'>): Promise<ActivityTotals>
  /**
   * The numbers of a span. `named`: the ranges with a name answer their distinct numbers and top lists from what was
   * counted at most 60 s ago; others count, with progress and cancel.
   */
  overview(query: StatsQuery, options?: ReadOptions): Promise<StatsOverview>
  trend(
    query: StatsQuery & { readonly buckets: number; readonly measure: 'bans' | 'failures' },
  ): Promise<StatsTrend>
  /** Since when the archive has every ban and every failure. */
  recordedTimes(): Promise<RecordedTimes>
  byJail(query: StatsQuery): Promise<JailStats[]>
  /** Bans by origin, each blocklist for itself; most first. */
  byOrigin(query: StatsQuery): Promise<OriginStats[]>
  byCountry(query: StatsQuery & { readonly limit: number }): Promise<CountryStats[]>
  /** Distinct addresses of the span, each in its last known country; most first. */
  addressesByCountry(
    query: StatsQuery & { readonly limit: number },
    options?: ReadOptions,
  ): Promise<CountryStats[]>
  /** Addresses that are banned now, each in the country of its newest ban; most first. */
  activeByCountry(
    query: Pick<StatsQuery, 'now' | 'origin'> & { readonly limit: number },
  ): Promise<CountryStats[]>
  topAddresses(query: StatsQuery & { readonly limit: number }, options?: ReadOptions): Promise<AddressStats[]>
  topNetworks(query: StatsQuery & { readonly limit: number }, options?: ReadOptions): Promise<NetworkStats[]>
  /** The addresses with at least REPEAT_OFFENDER_BANS bans in the span. */
  repeatOffenders(
    query: StatsQuery & { readonly limit: number },
    options?: ReadOptions,
  ): Promise<AddressStats[]>
  /** What the checks of the protection look for in the history: a long scan. */
  banPatterns(query: BanPatternsQuery): Promise<BanPatterns>
}

export interface BanPatternsQuery {
  readonly parts: readonly (keyof BanPatterns)[]
  /** bans since then, epoch milliseconds */
  readonly bansFrom: number
  readonly failuresFrom: number
}

/** Patterns of a host's bans and failures; null: not asked for. See HealthHistory for what each part means. */
export type BanPatterns = Pick<HealthHistory, 'returns' | 'repeats' | 'failures'>

export interface StatsQuery {
  /** whose bans are counted @default everybody's */
  readonly origin?: Origin | undefined
  readonly named: NamedRange | null
  readonly bounds: Bounds
  readonly now: number
}

/** Since when there is everything, epoch milliseconds: before that, zero says nothing. */
export interface RecordedTimes {
  readonly bans: number
  readonly failures: number
}

export interface ArchivedAddress {
  readonly active: Ban[]
  readonly bans: HistoryRow[]
  readonly totals: { bans: number; jails: number; firstAt: number | null; lastAt: number | null }
  readonly failures: { at: number; jail: string; address: string }[]
  readonly timeline: { day: number; jail: string; bans: number }[]
  readonly lines: string[]
  readonly neighbours: { address: string; bans: number; lastAt: number; active: boolean }[]
}
