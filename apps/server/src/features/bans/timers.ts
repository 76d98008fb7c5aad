import { deleteTimedUnbans, findTimedUnbans, nextDueUnban, type TimedUnban } from '@bangui/db'
import type { Deps } from '../../deps.ts'
import { inSlices } from './slices.ts'

/** Bans of these addresses are no longer BanGUI's to end. Gives when they were to end, as far as they were. */
export async function forgetTimers(
  { database: { db } }: Pick<Deps, 'database'>,
  jail: string,
  addresses: readonly string[],
): Promise<TimedUnban[]> {
  if ((await nextDueUnban(db)) === undefined) return []
  const forgotten: TimedUnban[] = []
  // each is a statement of its own, and the database works on this thread
  for await (const slice of inSlices(addresses, 200)) {
    const found = await findTimedUnbans(db, jail, slice)
    await deleteTimedUnbans(db, found)
    forgotten.push(...found)
  }
  return forgotten
}
