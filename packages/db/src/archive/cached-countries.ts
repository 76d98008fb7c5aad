import { mutex } from '@bangui/async'
import type { CountryStats } from '@bangui/shared'
import type { ReadOptions, StatsQuery } from './reader-port.ts'
import type { Counted } from './reader-methods.ts'
import type { CountryCount } from './queries/countries.ts'
import { createSharedScan } from './shared-scan.ts'

type CountCountries = (span: Counted, options: Required<ReadOptions>) => Promise<CountryCount[]>

/** The age of the counts of a named range from which they are not shown any more. */
const MAX_AGE_MS = 60_000
/** There are more of them where they are narrowed to the bans of a blocklist. */
const MAX_CACHED_SPANS = 32

/**
 * Returns a function that counts addresses by country: once for all callers at the same time, and once a minute for a
 * named range. Spans without a name are counted one after the other (`inTurn`), so that named ranges need not wait for
 * them.
 */
export function createCachedCountries(count: CountCountries, inTurn = mutex()) {
  const kept = new Map<string, readonly CountryStats[]>()
  const keep = (key: string, counted: readonly CountryStats[]) => {
    kept.delete(key)
    kept.set(key, counted)
    for (const oldest of [...kept.keys()].slice(0, -MAX_CACHED_SPANS)) kept.delete(oldest)
  }
  const shareScan = createSharedScan<readonly CountryStats[]>()

  return async (
    { named, bounds, origin, now, limit }: StatsQuery & { readonly limit: number },
    options?: ReadOptions,
  ): Promise<CountryStats[]> => {
    const key = `${named ?? `${bounds.from}-${bounds.to}`} ${origin ?? ''}`
    const old = named === null ? undefined : kept.get(key)
    const numbers =
      old && isFresh(old, now)
        ? old
        : await shareScan(
            key,
            async (shared) => {
              const counting = () => count({ bounds, origin }, shared)
              const counts = await (named ? counting() : inTurn(counting, { signal: shared.signal }))
              const counted = counts.map((each) => ({ ...each, asOf: now }))
              if (named) keep(key, counted)
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
