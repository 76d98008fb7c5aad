import { sql, type RawBuilder } from 'kysely'
import type { Execute } from './migration.ts'

const columns = [
  sql`alter table bans add column origin integer not null default 0`,
  sql`alter table pending_actions add column origin integer not null default 0`,
  sql`alter table addresses add column first_origin integer not null default 0`,
  sql`update bans set origin = iif(by_kind = 'user', -2, -1) where by_kind <> 'fail2ban'`,
  sql`update pending_actions set origin = iif(by_kind = 'user', -2, -1) where by_kind <> 'fail2ban'`,
  sql`update addresses set first_origin = b.origin from bans b, archive_jails j
    where b.origin <> 0 and j.id = b.jail_id and b.address = addresses.address and j.host_id = addresses.host_id
      and b.at = addresses.first_at and b.jail_id = addresses.first_jail_id`,
]

const indexes = [
  sql`drop index bans_at`,
  sql`create index bans_at on bans (at, id, origin)`,
  sql`drop index bans_jail`,
  sql`create index bans_jail on bans (jail_id, at, id, origin)`,
  sql`drop index bans_country`,
  sql`create index bans_country on bans (country, jail_id, at, id, origin)`,
  sql`drop index bans_active`,
  sql`create index bans_active on bans (jail_id, address, at, until, duration, country, times, origin) where active = 1`,
  sql`create index bans_origin on bans (origin, at, id, jail_id, country) where origin <> 0`,
]

interface RollUp {
  readonly unit: 'hours' | 'days'
  readonly milliseconds: number
}

const rollUps: readonly RollUp[] = [
  { unit: 'hours', milliseconds: 3_600_000 },
  { unit: 'days', milliseconds: 86_400_000 },
]

/** The roll-ups by jail, with the origin in the key. */
const jails = ({ unit }: RollUp): RawBuilder<unknown>[] => [
  sql`alter table ${sql.table(`jail_${unit}`)} rename to old_roll_up`,
  sql`create table ${sql.table(`jail_${unit}`)} (
    start integer not null,
    jail_id integer not null references archive_jails (id),
    origin integer not null default 0,
    bans integer not null default 0,
    failures integer not null default 0,
    new_addresses integer not null default 0,
    primary key (start, jail_id, origin)
  ) strict, without rowid`,
  sql`insert into ${sql.table(`jail_${unit}`)} (start, jail_id, bans, failures, new_addresses)
    select start, jail_id, bans, failures, new_addresses from old_roll_up`,
  sql`drop table old_roll_up`,
]

/** The roll-ups by country, with the origin in the key. */
const countries = ({ unit }: RollUp): RawBuilder<unknown>[] => [
  sql`alter table ${sql.table(`country_${unit}`)} rename to old_roll_up`,
  sql`create table ${sql.table(`country_${unit}`)} (
    host_id integer not null references hosts (id),
    start integer not null,
    country text not null,
    origin integer not null default 0,
    bans integer not null default 0,
    primary key (host_id, start, country, origin)
  ) strict, without rowid`,
  sql`insert into ${sql.table(`country_${unit}`)} (host_id, start, country, bans)
    select host_id, start, country, bans from old_roll_up`,
  sql`drop table old_roll_up`,
]

/** Moves the counts of bans that are not fail2ban's to their origin. */
const move = ({ unit, milliseconds }: RollUp): RawBuilder<unknown>[] => {
  const start = sql.raw(`coalesce(b.began_at, b.at) / ${milliseconds} * ${milliseconds}`)
  return [
    sql`insert into ${sql.table(`jail_${unit}`)} (start, jail_id, origin, bans, new_addresses)
      with moved as (
        select ${start} as start, b.jail_id, b.origin, count(*) as bans, sum(exists (
          select 1 from addresses a join archive_jails j on j.host_id = a.host_id
          where a.address = b.address and j.id = b.jail_id and a.first_at = b.at and a.first_jail_id = b.jail_id
        )) as firsts from bans b where b.origin <> 0 group by 1, 2, 3
      )
      select start, jail_id, origin, bans, firsts from moved
      union all select start, jail_id, 0, -bans, -firsts from moved where true
      on conflict do update set bans = bans + excluded.bans, new_addresses = new_addresses + excluded.new_addresses`,
    sql`insert into ${sql.table(`country_${unit}`)} (host_id, start, country, origin, bans)
      with moved as (
        select j.host_id, ${start} as start, b.country, b.origin, count(*) as bans
        from bans b join archive_jails j on j.id = b.jail_id where b.origin <> 0 group by 1, 2, 3, 4
      )
      select host_id, start, country, origin, bans from moved
      union all select host_id, start, country, 0, -bans from moved where true
      on conflict do update set bans = bans + excluded.bans`,
  ]
}

/**
 * Whose bans they are, as a number by which lists are narrowed and bans are counted: 0 fail2ban, -1 somebody unknown, -2 a
 * user, else the id of a blocklist.
 */
export async function banOrigin(execute: Execute): Promise<void> {
  const statements = [...columns, ...indexes, ...rollUps.flatMap(jails), ...rollUps.flatMap(countries)]
  for (const statement of [...statements, ...rollUps.flatMap(move)]) await execute(statement)
}
