import type { FilterTest } from '@bangui/shared'
import type { HostDb } from '../database.ts'
import { inTransaction } from '../transaction.ts'

/** How many tests a filter has at most. */
export const MAX_FILTER_TESTS = 50

const columns = ['id', 'filter', 'mode', 'line', 'address'] as const

/** Returns the tests of a filter of a host, or of all its filters (null), in the order in which they were added. */
export const listFilterTests = ({ db, hostId }: HostDb, filter: string | null): Promise<FilterTest[]> =>
  db
    .selectFrom('filter_tests')
    .select(columns)
    .where('host_id', '=', hostId)
    .$if(filter !== null, (query) => query.where('filter', '=', filter ?? ''))
    .orderBy('filter')
    .orderBy('id')
    .execute()

/** Adds a test and returns it; the one that is there if it is the same; undefined: the filter has as many as it may have. */
export const insertFilterTest = (
  { db, hostId }: HostDb,
  { createdAt, ...test }: Omit<FilterTest, 'id'> & { readonly createdAt: number },
): Promise<FilterTest | undefined> =>
  inTransaction(db, async (transaction) => {
    const tests = await listFilterTests({ db: transaction, hostId }, test.filter)
    const same = tests.find(
      ({ mode, line, address }) => mode === test.mode && line === test.line && address === test.address,
    )
    if (same) return same
    if (tests.length >= MAX_FILTER_TESTS) return undefined
    return transaction
      .insertInto('filter_tests')
      .values({ host_id: hostId, ...test, created_at: createdAt })
      .returning(columns)
      .executeTakeFirstOrThrow()
  })

/** Deletes a test of a host. Returns whether there was one. */
export async function deleteFilterTest({ db, hostId }: HostDb, id: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('filter_tests')
    .where('host_id', '=', hostId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
