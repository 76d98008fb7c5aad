import type { OriginStats } from '@bangui/shared'
import { originOfCode } from '../author-code.ts'
import type { StatsQuery } from '../reader-port.ts'
import type { Reading } from './reading.ts'
import { rollUpRangesOf } from './roll-up-ranges.ts'
import { andJail, andOrigin, timeIndexOf } from './scope.ts'

/** Returns the bans of a span by origin, each blocklist for itself; most first. */
export function byOrigin(reading: Reading, { bounds, now }: StatsQuery): OriginStats[] {
  const counts = new Map<number, number>()
  for (const { source, from, to } of rollUpRangesOf(bounds)) {
    const text =
      source === 'bans'
        ? `select b.origin, count(*) as bans from bans b indexed by ${timeIndexOf(reading)}
           where b.at >= ? and b.at < ? ${andJail(reading)} ${andOrigin(reading)} group by b.origin`
        : `select origin, sum(bans) as bans from jail_${source} where start >= ? and start < ?
           ${andJail(reading, 'jail_id')} ${andOrigin(reading, 'origin')} group by origin`
    for (const { origin, bans } of reading.all<{ origin: number; bans: number }>(text, from, to))
      counts.set(origin, (counts.get(origin) ?? 0) + bans)
  }
  return [...counts]
    .filter(([, bans]) => bans > 0)
    .sort(([one, bans], [other, others]) => others - bans || other - one)
    .map(([code, bans]) => ({ key: originOfCode(code), name: nameOf(reading, code), bans, asOf: now }))
}

/** Returns the name of a blocklist in its newest ban. */
const nameOf = (reading: Reading, code: number): string | null =>
  code <= 0
    ? null
    : (reading.get<{ name: string | null }>(
        `select by_name as name from bans indexed by bans_origin where origin = ? and origin <> 0
         order by at desc, id desc limit 1`,
        code,
      )?.name ?? null)
