import { listBanned, readBanned, readBannedJails } from '../ban-commands.ts'
import { mapInSlices } from '../ban-list.ts'
import { nameOfBan } from '../ban-name.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { isUnknownJail, listRunningJails, readVersion } from '../commands.ts'
import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { deadlines, type HostContext } from './context.ts'
import { waitUntil } from './daemon.ts'

/** A batch of addresses that is to be banned or unbanned; `jail` null: in every jail. */
export interface Batch {
  readonly jail: string | null
  readonly addresses: readonly string[]
  readonly wanted: 'banned' | 'unbanned'
  /** sends the command and gives how many it changed */
  readonly write: (addresses: readonly string[]) => Promise<number>
}

/**
 * Sends a batch and gives how many it changed. Where no answer comes, the daemon is looked at instead of asked again: what
 * is as wanted counts as changed, and only the rest is sent, once.
 */
export async function sendBatch(context: HostContext, batch: Batch): Promise<number> {
  const { addresses, jail, wanted, write } = batch
  try {
    return await write(addresses)
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error
    const banned = await readStateAfterSilence(context, jail, addresses)
    const rest = addresses.filter((address) => banned.has(address) !== (wanted === 'banned'))
    const settled = addresses.length - rest.length
    return rest.length === 0 ? settled : settled + (await write(rest))
  }
}

/** Waits for a daemon that is busy or starts again. */
async function readStateAfterSilence(
  context: HostContext,
  jail: string | null,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  let state: ReadonlySet<string> = new Set()
  let failure: unknown
  const look = async () => {
    try {
      state = await readBannedOf(context, jail, addresses)
      return true
    } catch (error) {
      failure = error
      // in a daemon that starts again the jail comes a moment later
      if (error instanceof Fail2banUnavailableError || isUnknownJail(error)) return false
      throw error
    }
  }
  if (!(await waitUntil(look, deadlines.up))) throw failure
  return state
}

/** Which of the addresses are banned in a jail, null: in any. */
export async function readBannedOf(
  { connection }: HostContext,
  jail: string | null,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const { banned } = capabilitiesOf(await readVersion(connection, deadlines.read))
  if (banned && jail !== null) {
    const flags = await readBanned(connection, jail, addresses)
    return new Set(addresses.filter((_address, index) => flags[index]))
  }
  if (banned) {
    const jails = await readBannedJails(connection, addresses)
    return new Set(addresses.filter((_address, index) => (jails[index]?.length ?? 0) > 0))
  }
  const names = jail === null ? await listRunningJails(connection, deadlines.read) : [jail]
  const lists = await Promise.all(names.map((name) => listBanned(connection, name)))
  const all = new Set(await mapInSlices(lists.flat(), nameOfBan))
  return new Set(addresses.filter((address) => all.has(address)))
}
