import { pacedChunks } from '@bangui/async'
import { deleteTimedUnbans, findTimedUnbans, nextDueUnban, type TimedUnban } from '@bangui/db'
import type { HostDeps } from '../../deps.ts'

export interface TimedUnbanQuery {
  readonly jail: string
  readonly addresses: readonly string[]
  /** timers that were set later stay: they belong to another ban @default all */
  readonly setUntil?: number
}

/** Deletes the timers of addresses, and returns the deleted ones. */
export async function deleteTimedUnbansOf(
  { hostDb }: Pick<HostDeps, 'hostDb'>,
  { jail, addresses, setUntil = Number.MAX_SAFE_INTEGER }: TimedUnbanQuery,
): Promise<TimedUnban[]> {
  if ((await nextDueUnban(hostDb)) === undefined) return []
  const forgotten: TimedUnban[] = []
  // each is a statement of its own, and the database works on this thread
  for await (const chunk of pacedChunks(addresses, 200)) {
    const all = await findTimedUnbans(hostDb, jail, chunk)
    const found = all.filter(({ createdAt }) => createdAt <= setUntil)
    await deleteTimedUnbans(hostDb, found)
    forgotten.push(...found)
  }
  return forgotten
}
