import type { CountryMeasure, HistoryFilter } from '@bangui/shared'
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { StatsApi } from '../../api/stats-api.ts'

/** A ban of a country, active or past. */
export type CountryBan = {
  readonly key: string
  readonly address: string
  readonly jail: string
  readonly at: number
}

type Page = { readonly rows: readonly CountryBan[]; readonly nextCursor: string | null }

const PAGE_SIZE = 50

/** Queries for the bans of one country. */
export const countryQueries = {
  all: ['country-bans'] as const,
  /** by the measure of the map: the active bans, or those that `filter` finds in the history */
  bans: (api: StatsApi, code: string, { measure, filter }: CountryQuestion) =>
    infiniteQueryOptions({
      queryKey: ['country-bans', measure === 'active' ? [code, filter.origin] : filter, ...hostKeyOf(api)],
      queryFn: ({ pageParam, signal }): Promise<Page> =>
        measure === 'active'
          ? listActive(api, { code, origin: filter.origin }, { cursor: pageParam, signal })
          : listPast(api, filter, { cursor: pageParam, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
      staleTime: 30_000,
      // all loaded pages would be fetched again, one after the other
      refetchOnWindowFocus: false,
    }),
}

type CountryQuestion = { readonly measure: CountryMeasure; readonly filter: HistoryFilter }
type At = { readonly cursor: string | null; readonly signal: AbortSignal }

async function listPast(api: StatsApi, filter: HistoryFilter, { cursor, signal }: At): Promise<Page> {
  const { rows, nextCursor } = await api.history.list.query(
    { ...filter, cursor, limit: PAGE_SIZE },
    { signal },
  )
  return { rows: rows.map(({ address, jail, at }) => toRow(address, jail, at)), nextCursor }
}

async function listActive(
  api: StatsApi,
  { code, origin }: { readonly code: string; readonly origin: HistoryFilter['origin'] },
  { cursor, signal }: At,
): Promise<Page> {
  const input = { search: `country:${code}`, origin, sort: '-since', cursor, limit: PAGE_SIZE } as const
  const { rows, nextCursor } = await api.bans.list.query(input, { signal })
  return { rows: rows.map(({ address, jail, since }) => toRow(address, jail, since)), nextCursor }
}

const toRow = (address: string, jail: string, at: number): CountryBan => ({
  key: `${jail} ${address} ${at}`,
  address,
  jail,
  at,
})
