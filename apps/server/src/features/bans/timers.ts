import { deleteTimedUnbans, nextDueUnban } from '@bangui/db'
import type { Deps } from '../../deps.ts'
import { inSlices } from './slices.ts'

/** Bans of these addresses are no longer BanGUI's to end. */
export async function forgetTimers(
  { database: { db } }: Pick<Deps, 'database'>,
  jail: string,
  addresses: readonly string[],
): Promise<void> {
  if ((await nextDueUnban(db)) === undefined) return
  // each is a statement of its own, and the database works on this thread
  for await (const slice of inSlices(addresses, 200))
    await deleteTimedUnbans(
      db,
      slice.map((address) => ({ jail, address })),
    )
}
