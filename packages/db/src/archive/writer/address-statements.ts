import type BetterSqlite3 from 'better-sqlite3'
import type { AddressRow, BanRow } from './rows.ts'

type AddressOfHost = [address: Uint8Array, hostId: number]

/** Prepares the statements of the addresses of hosts. */
export const addressStatements = (sqlite: BetterSqlite3.Database) => ({
  findAddress: sqlite.prepare<AddressOfHost, AddressRow>(
    'select bans, first_at, last_at, first_jail_id, first_origin from addresses where address = ? and host_id = ?',
  ),
  insertAddress: sqlite.prepare<
    [...AddressOfHost, at: number, at: number, country: string, jailId: number, origin: number]
  >(
    `insert into addresses (address, host_id, bans, first_at, last_at, country, first_jail_id, first_origin)
      values (?, ?, 1, ?, ?, ?, ?, ?)`,
  ),
  updateAddress: sqlite.prepare<
    [
      more: number,
      firstAt: number,
      lastAt: number,
      firstJailId: number,
      firstOrigin: number,
      country: string | null,
      ...AddressOfHost,
    ]
  >(`update addresses set bans = bans + ?, first_at = ?, last_at = ?, first_jail_id = ?,
    first_origin = ?, country = coalesce(?, country) where address = ? and host_id = ?`),
  setFirstOrigin: sqlite.prepare<[origin: number, ...AddressOfHost]>(
    'update addresses set first_origin = ? where address = ? and host_id = ?',
  ),
  setAddressCountry: sqlite.prepare<[country: string, ...AddressOfHost]>(
    'update addresses set country = ? where address = ? and host_id = ?',
  ),
  firstOfAddress: sqlite.prepare<AddressOfHost, Pick<BanRow, 'at' | 'jail_id' | 'origin'>>(
    `select b.at, b.jail_id, b.origin from bans b indexed by bans_identity join archive_jails j on j.id = b.jail_id
      where b.address = ? and j.host_id = ? order by b.at, b.id limit 1`,
  ),
  deleteAddress: sqlite.prepare<AddressOfHost>('delete from addresses where address = ? and host_id = ?'),
  lastOfPair: sqlite
    .prepare<[Uint8Array, number], number | null>(
      'select max(at) from bans indexed by bans_identity where address = ? and jail_id = ?',
    )
    .pluck(),
})
