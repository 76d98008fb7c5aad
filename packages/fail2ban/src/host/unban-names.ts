import { listBanned, unbanListed } from '../ban-commands.ts'
import { mapInChunks } from '../ban-list.ts'
import { nameOfBan } from '../ban-name.ts'
import { isUnknownJail, listRunningJails } from '../commands.ts'
import type { BatchOptions } from '../models/ban-models.ts'
import { canBeSent } from '../wire/encode-command.ts'
import { sendInBatches } from './batches.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import type { HostLock } from './host-lock.ts'
import type { BansRestored } from './bans-restored.ts'

interface NamesRequest {
  /** null: every jail */
  readonly jail: string | null
  readonly names: readonly string[]
  readonly lock: Pick<HostLock, 'step'>
  readonly restored: BansRestored
}

/**
 * Ends the bans of exactly these names: texts that are no addresses, and networks without the addresses inside. Only names
 * that the daemon itself lists are sent back to it, unchanged: its action runs with the name at the end of the ban. A name
 * that no command can contain counts as not banned.
 */
export async function unbanNames(
  context: Pick<LocalHostContext, 'connection'>,
  { jail, names, lock, restored }: NamesRequest,
  options: BatchOptions,
): Promise<{ unbanned: number; absent: number; isComplete: boolean }> {
  const wanted = new Set(names)
  const hit = new Set<string>()
  const jails =
    jail === null
      ? await restored.whenRestored(() => listRunningJails(context.connection, deadlines.read))
      : [jail]
  let unbanned = 0
  let isComplete = true
  for (const name of jails) {
    const ids = await restored
      .whenRestored(() => listIds(context, name, wanted))
      .catch((error: unknown) => {
        // a jail that was stopped meanwhile has no bans
        if (jail === null && isUnknownJail(error)) return []
        throw error
      })
    for (const id of ids) hit.add(nameOfBan(id))
    const end = async (batch: readonly string[]) => {
      // one whose ban has ended fail2ban would take for a host or a network, and end the bans of its addresses
      const there = new Set(await listBanned(context.connection, name))
      const left = batch.filter((id) => there.has(id))
      if (left.length > 0) unbanned += await unbanListed(context.connection, name, left)
    }
    const send = (batch: readonly string[]) => restored.whenRestored(() => end(batch))
    const done = await sendInBatches(ids, { lock, send, signal: options.signal })
    isComplete &&= done === ids.length
  }
  return { unbanned, absent: wanted.size - hit.size, isComplete }
}

const listIds = async (
  { connection }: Pick<LocalHostContext, 'connection'>,
  jail: string,
  wanted: ReadonlySet<string>,
) =>
  mapInChunks(await listBanned(connection, jail), (id) =>
    wanted.has(nameOfBan(id)) && canBeSent(id) ? id : undefined,
  )
