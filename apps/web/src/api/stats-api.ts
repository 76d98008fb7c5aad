import type {
  AddressStats,
  CountryStats,
  CountryInput,
  JailStats,
  NetworkStats,
  OriginStats,
  RecordedInput,
  RecordedSince,
  StateHistory,
  StatsInput,
  StatsOverview,
  StatsTrend,
  TopInput,
  TrendInput,
} from '@bangui/shared'
import { useApi } from './api-context.tsx'
import type { Api } from './client.ts'

/** A procedure that only reads; `signal` aborts the request. */
type Query<TInput, TOutput> = {
  query: (input: TInput, options?: { signal?: AbortSignal }) => Promise<TOutput>
}

/** The input of a schema: fields with a default are optional. */
type InputOf<TSchema extends { _zod: { input: unknown } }> = TSchema['_zod']['input']

type Top<TRow> = Query<InputOf<typeof TopInput>, readonly TRow[]>

/** The procedures about bans, history, statistics and locations: a part of the API. */
export type StatsApi = Pick<Api, 'bans' | 'history' | 'geo' | 'operations' | 'jails' | 'ignores'> & {
  // of the same shape, so that a page can choose one of the lists by its name
  stats: {
    overview: Query<InputOf<typeof StatsInput>, StatsOverview>
    trend: Query<InputOf<typeof TrendInput>, StatsTrend>
    states: Query<undefined, readonly StateHistory[]>
    recorded: Query<InputOf<typeof RecordedInput>, RecordedSince>
    byJail: Top<JailStats>
    byCountry: Query<InputOf<typeof CountryInput>, readonly CountryStats[]>
    byOrigin: Top<OriginStats>
    topAddresses: Top<AddressStats>
    topNetworks: Top<NetworkStats>
    repeatOffenders: Top<AddressStats>
  }
}

/** Returns the procedures about bans, history, statistics and locations. */
export const useStatsApi = (): StatsApi => useApi()
