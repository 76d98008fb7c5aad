import type { Db } from '../database.ts'

/** More are not read. */
const MAX_VISITORS = 1000

/**
 * Returns the addresses from which people have used BanGUI since a time (epoch milliseconds), at most 1,000. Of a session
 * that has ended, an IPv6 address is not known, only its network, which is returned if `networks` are wanted.
 */
export async function listVisitors(
  db: Db,
  since: number,
  { networks = false }: { readonly networks?: boolean } = {},
): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('remote_address as address')
    .where('last_seen_at', '>=', since)
    .where('remote_address', 'is not', null)
    .union(
      db
        .selectFrom('known_sign_ins')
        .select('value as address')
        .where('kind', '=', 'address')
        .where('last_seen_at', '>=', since)
        // an IPv6 address is remembered as its network
        .where('value', 'not like', networks ? '' : '%:%'),
    )
    .orderBy('address')
    .limit(MAX_VISITORS)
    .execute()
  return rows.flatMap(({ address }) => (address === null ? [] : [address]))
}
