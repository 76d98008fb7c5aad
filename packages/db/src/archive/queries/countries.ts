import type { Bounds, CountryStats } from '@bangui/shared'
import { addressChunksOf, type Progress } from './address-chunks.ts'
import type { Reading } from './reading.ts'
import { andHost, andJail, andOrigin, countryOf } from './scope.ts'

/** Distinct addresses of a country, and their bans. */
export interface CountryCount {
  readonly key: string
  readonly bans: number
  readonly addresses: number
}

/** Counts the distinct addresses of a span by country, exactly, in chunks of some tens of milliseconds; most first. */
export function* countCountries(reading: Reading, bounds: Bounds): Generator<Progress, CountryCount[]> {
  const counts = new Map<string, CountryCount>()
  for (const { sql, parameters, done, total } of addressChunksOf(reading, bounds)) {
    if (sql !== '')
      for (const row of reading.all<CountryCount>(countriesOf(reading, sql), ...parameters))
        addCount(counts, row)
    yield { done, total }
  }
  return [...counts.values()].sort(byAddresses)
}

/** An address counts for its last known country. */
const countriesOf = (reading: Reading, chunk: string) =>
  reading.scope.isMany
    ? `select coalesce(${countryOf(reading, 'p.address')}, '??') as key, sum(p.bans) as bans, count(*) as addresses
       from (${chunk}) p group by 1`
    : `select coalesce(k.country, '??') as key, sum(p.bans) as bans, count(*) as addresses
       from (${chunk}) p left join addresses k on k.address = p.address ${andHost(reading, 'k.host_id')} group by 1`

function addCount(counts: Map<string, CountryCount>, { key, bans, addresses }: CountryCount): void {
  const before = counts.get(key)
  counts.set(key, {
    key,
    bans: bans + (before?.bans ?? 0),
    addresses: addresses + (before?.addresses ?? 0),
  })
}

/** Counts the addresses that are banned now, each in the country of its newest ban; reads only the index of active bans. */
export function activeByCountry(
  reading: Reading,
  { now, limit }: { readonly now: number; readonly limit: number },
): CountryStats[] {
  const rows = reading.all<CountryCount>(
    `select country as key, sum(bans) as bans, count(*) as addresses from (
       select b.country, count(*) as bans, max(b.at) from bans b indexed by bans_active
       where b.active = 1 ${andJail(reading)} ${andOrigin(reading)} group by b.address
     ) group by country`,
  )
  return rows
    .sort(byAddresses)
    .slice(0, limit)
    .map((row) => ({ ...row, asOf: now }))
}

const byAddresses = (one: CountryCount, other: CountryCount) =>
  other.addresses - one.addresses || (one.key < other.key ? -1 : 1)
