import type {
  AddressStats,
  CountryStats,
  CountryInput,
  JailStats,
  NetworkStats,
  RecordedInput,
  RecordedSince,
  StatsInput,
  StatsOverview,
  StatsTrend,
  TopInput,
  TrendInput,
} from '@bangui/shared'
import { useApi } from './api-context.tsx'
import type { Api } from './client.ts'

/** A procedure that only reads; `signal` takes the request back. */
type Query<TInput, TOutput> = {
  query: (input: TInput, options?: { signal?: AbortSignal }) => Promise<TOutput>
}

/** What a schema takes: what has a default may be left out. */
type InputOf<TSchema extends { _zod: { input: unknown } }> = TSchema['_zod']['input']

type Top<TFigure> = Query<InputOf<typeof TopInput>, readonly TFigure[]>

/** The procedures about bans, history, figures and places: a part of the API. */
export type StatsApi = Pick<Api, 'bans' | 'history' | 'geo' | 'operations' | 'jails'> & {
  // alike, so that a page can choose one of the lists by its name
  stats: {
    overview: Query<InputOf<typeof StatsInput>, StatsOverview>
    trend: Query<InputOf<typeof TrendInput>, StatsTrend>
    recorded: Query<InputOf<typeof RecordedInput>, RecordedSince>
    byJail: Top<JailStats>
    byCountry: Query<InputOf<typeof CountryInput>, readonly CountryStats[]>
    topAddresses: Top<AddressStats>
    topNetworks: Top<NetworkStats>
    repeatOffenders: Top<AddressStats>
  }
}

/** The procedures of watching that pages ask. */
export const useStatsApi = (): StatsApi => useApi()
