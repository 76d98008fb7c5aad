import type BetterSqlite3 from 'better-sqlite3'

type JailTotals = [
  start: number,
  jailId: number,
  origin: number,
  bans: number,
  failures: number,
  newAddresses: number,
]
type CountryTotals = [hostId: number, start: number, country: string, origin: number, bans: number]

/** Prepares the statements that add to roll-ups. */
export const rollUpStatements = (sqlite: BetterSqlite3.Database) => {
  const addToJail = (table: string) =>
    sqlite.prepare<JailTotals>(`insert into ${table} (start, jail_id, origin, bans, failures, new_addresses)
      values (?, ?, ?, ?, ?, ?)
      on conflict (start, jail_id, origin) do update set bans = bans + excluded.bans,
        failures = failures + excluded.failures, new_addresses = new_addresses + excluded.new_addresses`)
  const addToCountry = (table: string) =>
    sqlite.prepare<CountryTotals>(`insert into ${table} (host_id, start, country, origin, bans) values (?, ?, ?, ?, ?)
      on conflict (host_id, start, country, origin) do update set bans = bans + excluded.bans`)
  return {
    addToJailHours: addToJail('jail_hours'),
    addToJailDays: addToJail('jail_days'),
    addToCountryHours: addToCountry('country_hours'),
    addToCountryDays: addToCountry('country_days'),
  }
}
