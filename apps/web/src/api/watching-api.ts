import type {
  AddressDetail,
  AddressFigure,
  AddressInput,
  BanInput,
  BanLines,
  BanList,
  BanPreview,
  BanResult,
  ChangeResult,
  CountryFigure,
  GeoInfo,
  GeoStatus,
  HistoryPage,
  JailFigure,
  ListBansInput,
  ListHistoryInput,
  LostBans,
  NetworkFigure,
  Operation,
  StatsInput,
  StatsOverview,
  StatsTrend,
  StoredEvent,
  TopInput,
  TrendInput,
  UnbanInput,
  UnbanResult,
} from '@bangui/shared'
import type * as z from 'zod'
import { useApi } from './api-context.tsx'
import type { Api } from './client.ts'

type Asked = { signal?: AbortSignal }

/** A procedure that only reads; `signal` takes the request back. */
type Query<TInput, TOutput> = { query: (input: TInput, options?: Asked) => Promise<TOutput> }

/** A procedure that changes something. */
type Mutation<TInput, TOutput> = { mutate: (input: TInput, options?: Asked) => Promise<TOutput> }

/** What a running jail does now, as the daemon has it. */
export type JailTuning = {
  bantime?: number | undefined
  findtime?: number | undefined
  maxretry?: number | undefined
  ignored: readonly string[]
}

/** Changes of a jail: until the next reload, or for good. */
export type TuneJailInput = {
  name: string
  bantime?: number | string
  findtime?: number | string
  maxretry?: number
  addIgnored?: string[]
  removeIgnored?: string[]
  permanent?: boolean
}

type Optional<TSchema extends z.ZodType> = z.input<TSchema>

/** The procedures about bans, history, figures and places. */
export type WatchingApi = {
  bans: {
    list: Query<Optional<typeof ListBansInput>, BanList>
    counts: Query<void, readonly { jail: string; count: number }[]>
    preview: Mutation<Optional<typeof BanInput>, BanPreview>
    ban: Mutation<Optional<typeof BanInput>, BanResult>
    unban: Mutation<Optional<typeof UnbanInput>, UnbanResult>
    lost: Query<void, LostBans | null>
    banLost: Mutation<{ operationId?: string } | void, BanResult>
    dismissLost: Mutation<void, void>
    setUpManualJail: Mutation<void, ChangeResult>
  }
  history: {
    list: Query<Optional<typeof ListHistoryInput>, HistoryPage>
    address: Query<AddressInput, AddressDetail>
    lines: Query<{ id: number }, BanLines>
    events: Query<{ before?: number; limit?: number }, readonly StoredEvent[]>
  }
  stats: {
    overview: Query<Optional<typeof StatsInput>, StatsOverview>
    trend: Query<Optional<typeof TrendInput>, StatsTrend>
    byJail: Query<Optional<typeof TopInput>, readonly JailFigure[]>
    byCountry: Query<Optional<typeof TopInput>, readonly CountryFigure[]>
    topAddresses: Query<Optional<typeof TopInput>, readonly AddressFigure[]>
    topNetworks: Query<Optional<typeof TopInput>, readonly NetworkFigure[]>
    repeatOffenders: Query<Optional<typeof TopInput>, readonly AddressFigure[]>
  }
  geo: {
    lookup: Query<{ addresses: string[] }, readonly GeoInfo[]>
    status: Query<void, GeoStatus>
  }
  operations: {
    list: Query<void, readonly Operation[]>
    cancel: Mutation<{ id: string }, unknown>
  }
  jails: {
    tuning: Query<{ name: string }, JailTuning>
    start: Mutation<{ name: string }, unknown>
    stop: Mutation<{ name: string }, unknown>
    reload: Mutation<{ name: string }, unknown>
    setIdle: Mutation<{ name: string; idle: boolean }, unknown>
    update: Mutation<TuneJailInput, unknown>
  }
}

/** The same client, seen as the procedures of watching. */
export const watchingApi = (api: Api): WatchingApi => api as unknown as WatchingApi

/** The procedures of watching that pages ask. */
export const useWatchingApi = (): WatchingApi => watchingApi(useApi())
