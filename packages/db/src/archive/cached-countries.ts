import { mutex } from '@bangui/async'
import type { CountryStats } from '@bangui/shared'
import type { ReadOptions, StatsQuery } from './reader-port.ts'
import type { CountryCount } from './queries/countries.ts'
import { createSharedScan } from './shared-scan.ts'

type CountCountries = (
  bounds: StatsQuery['bounds'],
  options: Required<ReadOptions>,
) => Promise<CountryCount[]>

/** The age of the counts of a named range from which they are not shown any more. */
const MAX_AGE_MS = 60_000

/**
 * Returns a function that counts addresses by country: once for all callers at the same time, and once a minute for a
 * named range. Spans without a name are counted one after the other (`inTurn`), so that named ranges need not wait for
 * them.
 */
export function createCachedCountries(count: CountCountries, inTurn = mutex()) {
  const kept = new Map<string, readonly CountryStats[]>()
  const shareScan = createSharedScan<readonly CountryStats[]>()

  return async (
    { named, bounds, now, limit }: StatsQuery & { readonly limit: number },
    options?: ReadOptions,
  ): Promise<CountryStats[]> => {
    const old = named === null ? undefined : kept.get(named)
    const key = named ?? `${bounds.from}-${bounds.to}`
    const numbers =
      old && isFresh(old, now)
        ? old
        : await shareScan(
            key,
            async (shared) => {
              const counting = () => count(bounds, shared)
              const counts = await (named ? counting() : inTurn(counting, { signal: shared.signal }))
              const counted = counts.map((each) => ({ ...each, asOf: now }))
              if (named) kept.set(named, counted)
              return counted
            },
            options,
          )
    return numbers.slice(0, limit)
  }
}

/** Nothing is fresh after the clock was set back; empty results are not cached. */
const isFresh = ([first]: readonly CountryStats[], now: number) =>
  first !== undefined && first.asOf <= now && now - first.asOf < MAX_AGE_MS
