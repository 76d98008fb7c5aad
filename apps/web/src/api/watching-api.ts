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
  JailTuningNow,
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
  UpdateJailInput,
} from '@bangui/shared'
import { useApi } from './api-context.tsx'
import type { Api } from './client.ts'

type Asked = { signal?: AbortSignal }

/** A procedure that only reads; `signal` takes the request back. */
type Query<TInput, TOutput> = { query: (input: TInput, options?: Asked) => Promise<TOutput> }

/** A procedure that changes something. */
type Mutation<TInput, TOutput> = { mutate: (input: TInput, options?: Asked) => Promise<TOutput> }

/** What a schema takes: what has a default may be left out. */
type InputOf<TSchema extends { _zod: { input: unknown } }> = TSchema['_zod']['input']

/** The procedures about bans, history, figures and places. */
export type WatchingApi = {
  bans: {
    list: Query<InputOf<typeof ListBansInput>, BanList>
    counts: Query<void, readonly { jail: string; count: number }[]>
    preview: Mutation<InputOf<typeof BanInput>, BanPreview>
    ban: Mutation<InputOf<typeof BanInput>, BanResult>
    unban: Mutation<InputOf<typeof UnbanInput>, UnbanResult>
    lost: Query<void, LostBans | null>
    banLost: Mutation<{ operationId?: string } | void, BanResult>
    dismissLost: Mutation<void, void>
    setUpManualJail: Mutation<void, ChangeResult>
  }
  history: {
    list: Query<InputOf<typeof ListHistoryInput>, HistoryPage>
    address: Query<AddressInput, AddressDetail>
    lines: Query<{ id: number }, BanLines>
    events: Query<{ before?: number; limit?: number }, readonly StoredEvent[]>
  }
  stats: {
    overview: Query<InputOf<typeof StatsInput>, StatsOverview>
    trend: Query<InputOf<typeof TrendInput>, StatsTrend>
    byJail: Query<InputOf<typeof TopInput>, readonly JailFigure[]>
    byCountry: Query<InputOf<typeof TopInput>, readonly CountryFigure[]>
    topAddresses: Query<InputOf<typeof TopInput>, readonly AddressFigure[]>
    topNetworks: Query<InputOf<typeof TopInput>, readonly NetworkFigure[]>
    repeatOffenders: Query<InputOf<typeof TopInput>, readonly AddressFigure[]>
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
    tuning: Query<{ name: string }, JailTuningNow>
    start: Mutation<{ name: string }, ChangeResult>
    stop: Mutation<{ name: string }, ChangeResult>
    reload: Mutation<{ name: string }, ChangeResult>
    setIdle: Mutation<{ name: string; idle: boolean }, ChangeResult>
    update: Mutation<InputOf<typeof UpdateJailInput>, ChangeResult>
  }
}

/** The same client, seen as the procedures of watching. */
export const watchingApi = (api: Api): WatchingApi => api

/** The procedures of watching that pages ask. */
export const useWatchingApi = (): WatchingApi => watchingApi(useApi())
