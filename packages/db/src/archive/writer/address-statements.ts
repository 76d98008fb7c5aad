import type BetterSqlite3 from 'better-sqlite3'
import type { AddressRow, BanRow } from './rows.ts'

/** Prepares the statements of addresses. */
export const addressStatements = (sqlite: BetterSqlite3.Database) => ({
  findAddress: sqlite.prepare<[Uint8Array], AddressRow>(
    'select bans, first_at, last_at, first_jail_id from addresses where address = ?',
  ),
  insertAddress: sqlite.prepare<
    [address: Uint8Array, at: number, at: number, country: string, jailId: number]
  >(
    `insert into addresses (address, bans, first_at, last_at, country, first_jail_id) values (?, 1, ?, ?, ?, ?)`,
  ),
  updateAddress: sqlite.prepare<
    [
      more: number,
      firstAt: number,
      lastAt: number,
      firstJailId: number,
      country: string | null,
      address: Uint8Array,
    ]
  >(`update addresses set bans = bans + ?, first_at = ?, last_at = ?, first_jail_id = ?,
    country = coalesce(?, country) where address = ?`),
  setAddressCountry: sqlite.prepare<[country: string, address: Uint8Array]>(
    'update addresses set country = ? where address = ?',
  ),
  firstOfAddress: sqlite.prepare<[Uint8Array], Pick<BanRow, 'at' | 'jail_id'>>(
    'select at, jail_id from bans where address = ? order by at, id limit 1',
  ),
  deleteAddress: sqlite.prepare<[Uint8Array]>('delete from addresses where address = ?'),
  lastOfPair: sqlite
    .prepare<[Uint8Array, number], number | null>(
      'select max(at) from bans indexed by bans_identity where address = ? and jail_id = ?',
    )
    .pluck(),
})
