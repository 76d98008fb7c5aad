import type { Bounds, CountryStats } from '@bangui/shared'
import { partsOf, type Step } from './distinct.ts'
import type { Reading } from './reading.ts'

/** Distinct addresses of a country, and their bans. */
export interface CountryCount {
  readonly key: string
  readonly bans: number
  readonly addresses: number
}

/** Counts the distinct addresses of a span by country, exactly, in steps of some tens of milliseconds; most first. */
export function* countCountries(reading: Reading, bounds: Bounds): Generator<Step, CountryCount[]> {
  const sums = new Map<string, CountryCount>()
  for (const { sql, parameters, done, total } of partsOf(reading, bounds)) {
    if (sql !== '')
      for (const row of reading.all<CountryCount>(countriesOf(sql), ...parameters)) addCount(sums, row)
    yield { done, total }
  }
  return [...sums.values()].sort(byAddresses)
}

/** An address is in the country that was last known of it. */
const countriesOf = (part: string) => `select coalesce(k.country, '??') as key, sum(p.bans) as bans,
    count(*) as addresses
  from (${part}) p left join addresses k on k.address = p.address group by 1`

function addCount(sums: Map<string, CountryCount>, { key, bans, addresses }: CountryCount): void {
  const before = sums.get(key)
  sums.set(key, {
    key,
    bans: bans + (before?.bans ?? 0),
    addresses: addresses + (before?.addresses ?? 0),
  })
}

/** Addresses that are banned now, from the index of the bans in force alone; SQLite takes a country from the newest ban. */
export function activeByCountry(
  reading: Reading,
  { now, limit }: { readonly now: number; readonly limit: number },
): CountryStats[] {
  const rows = reading.all<CountryCount>(
    `select country as key, sum(bans) as bans, count(*) as addresses from (
       select b.country, count(*) as bans, max(b.at) from bans b indexed by bans_active
       where b.active = 1 group by b.address
     ) group by country`,
  )
  return rows
    .sort(byAddresses)
    .slice(0, limit)
    .map((row) => ({ ...row, asOf: now }))
}

const byAddresses = (one: CountryCount, other: CountryCount) =>
  other.addresses - one.addresses || (one.key < other.key ? -1 : 1)
