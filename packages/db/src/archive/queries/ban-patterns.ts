import { addressOfKey } from '@bangui/shared'
import type { BanPatterns, BanPatternsQuery } from '../reader-port.ts'
import type { Reading } from './reading.ts'
import { andHost, andJail } from './scope.ts'

/** More is not read: the patterns show in the newest. */
const MAX_BANS = 500_000
const MAX_REPEATS = 500
const MAX_TIMES_OF_REPEAT = 200
const MAX_FAILURES = 20_000
/** An address was banned so often in a jail that it counts as repeated. */
const MIN_REPEATS = 3

/** Returns the patterns of a host's bans and failures that were asked for. A long scan. */
export function banPatterns(reading: Reading, { parts, ...query }: BanPatternsQuery): BanPatterns {
  return {
    returns: parts.includes('returns') ? returnsOf(reading, query) : null,
    repeats: parts.includes('repeats') ? repeatsOf(reading, query) : null,
    failures: parts.includes('failures') ? failuresOf(reading, query) : null,
  }
}

type Spans = Omit<BanPatternsQuery, 'parts'>

const newestBans = (reading: Reading) =>
  `select jail_id, address, at, until, duration, active from bans b indexed by bans_at
    where at >= ? ${andJail(reading)} order by at desc limit ${MAX_BANS}`

/** A ban of an address returns when the next one begins within the first one's length after its end. */
const returnsOf = (reading: Reading, { bansFrom }: Spans): NonNullable<BanPatterns['returns']> =>
  reading.all(
    `select j.name as jail, count(*) as ended,
        count(*) filter (where next_at between until and until + duration * 1000) as returned
      from (select *, lead(at) over (partition by jail_id, address order by at) as next_at
          from (${newestBans(reading)})) ended
        join archive_jails j on j.id = ended.jail_id
      where active = 0 and until is not null and duration > 0
      group by ended.jail_id order by j.name`,
    bansFrom,
  )

interface RepeatRow {
  readonly jail: string
  readonly address: Uint8Array
  readonly times: string
}

function repeatsOf(reading: Reading, { bansFrom }: Spans): NonNullable<BanPatterns['repeats']> {
  const rows = reading.all<RepeatRow>(
    `select j.name as jail, repeated.address, repeated.times from (
        select jail_id, address, count(*) as bans, json_group_array(at) as times
        from (${newestBans(reading)}) group by jail_id, address
        having count(*) >= ${MIN_REPEATS} order by bans desc limit ${MAX_REPEATS}
      ) repeated join archive_jails j on j.id = repeated.jail_id order by repeated.bans desc, jail`,
    bansFrom,
  )
  return rows.map(({ jail, address, times }) => ({
    jail,
    address: addressOfKey(address),
    at: (JSON.parse(times) as number[]).sort((one, other) => one - other).slice(-MAX_TIMES_OF_REPEAT),
  }))
}

interface FailureRow {
  readonly jail: string
  readonly address: Uint8Array
  readonly failures: number
  readonly banned: 0 | 1
}

/** What a jail that reads fail2ban's own log counts as failures are bans of other jails. */
function failuresOf(reading: Reading, { failuresFrom }: Spans): NonNullable<BanPatterns['failures']> {
  const rows = reading.all<FailureRow>(
    `select jail, address, sum(failures) as failures, max(exists (
        select 1 from bans b where b.address = counted.address and b.jail_id = j.id
          and (b.active = 1 or b.until >= ?))) as banned
      from (
        select host_id, jail, address, count(*) as failures from events
        where type = 'failure.found' ${andHost(reading)} and at >= ? and address is not null
        group by host_id, jail, address order by failures desc limit ${MAX_FAILURES}
      ) counted join archive_jails j on j.host_id = counted.host_id and j.name = counted.jail
      where j.reads_own_log = 0
      group by jail, address order by failures desc, jail, address`,
    failuresFrom,
    failuresFrom,
  )
  return rows.map(({ jail, address, failures, banned }) => ({
    jail,
    address: addressOfKey(address),
    failures,
    banned: banned === 1,
  }))
}
