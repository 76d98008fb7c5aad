import type { CountryStats } from '@bangui/shared'
import type { ReadOptions, StatsQuery } from './archive.ts'
import { createAtMost } from './at-most.ts'
import type { CountryCount } from './queries/countries.ts'
import { createSharedWork } from './reader-shared-work.ts'

type CountCountries = (
  bounds: StatsQuery['bounds'],
  options: Required<ReadOptions>,
) => Promise<CountryCount[]>

/** How old the answer for a range with a name may be, in milliseconds. */
const FRESH = 60_000

/**
 * Addresses by country, counted once for all who ask at a time; of a range with a name, once a minute. Those without one
 * wait for each other, and keep nobody with a name waiting.
 */
export function createCountries(count: CountCountries) {
  const kept = new Map<string, readonly CountryStats[]>()
  const work = createSharedWork<readonly CountryStats[]>()
  const inTurn = createAtMost(1)

  return async (
    { named, bounds, now, limit }: StatsQuery & { readonly limit: number },
    options?: ReadOptions,
  ): Promise<CountryStats[]> => {
    const old = named === null ? undefined : kept.get(named)
    const key = named ?? `${bounds.from}-${bounds.to}`
    const figures =
      old && isFresh(old, now)
        ? old
        : await work.run(
            key,
            async (shared) => {
              const counting = () => count(bounds, shared)
              const counts = await (named ? counting() : inTurn(counting, shared.signal))
              const counted = counts.map((each) => ({ ...each, asOf: now }))
              if (named) kept.set(named, counted)
              return counted
            },
            options,
          )
    return figures.slice(0, limit)
  }
}

/** A clock that was set back makes nothing fresh; of no country there is nothing to keep. */
const isFresh = ([first]: readonly CountryStats[], now: number) =>
  first !== undefined && first.asOf <= now && now - first.asOf < FRESH
