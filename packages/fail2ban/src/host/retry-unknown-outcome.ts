import { listBanned, readBanned, readBannedJails } from '../ban-commands.ts'
import { mapInChunks } from '../ban-list.ts'
import { nameOfBan } from '../ban-name.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { isUnknownJail, listRunningJails, readVersion } from '../commands.ts'
import { Fail2banUnavailableError, OutcomeUnknownError } from '../errors.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import type { BansRestored } from './bans-restored.ts'

/** How often a batch is sent; a repetition has only the addresses that are not done yet. */
const MAX_TRIES = 3

/** A batch of addresses to ban or unban; `jail` null: in every jail. */
export interface Batch {
  readonly jail: string | null
  readonly addresses: readonly string[]
  readonly wanted: 'banned' | 'unbanned'
  readonly restored: BansRestored
  /** sends the command and returns how many addresses it changed */
  readonly write: (addresses: readonly string[]) => Promise<number>
}

/**
 * Sends a batch and returns how many addresses it changed. Without an answer, or where a daemon that starts may not have had
 * its bans, waits until the daemon has restored its bans, and sends only the addresses that are not as wanted. Without an
 * answer, those that are as wanted count as changed.
 * @throws Fail2banUnavailableError where the daemon stays offline
 */
export async function sendBatch(context: LocalHostContext, batch: Batch): Promise<number> {
  const { jail, wanted, restored } = batch
  let changed = 0
  let rest = batch.addresses
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const answer = await tryBatch(batch, rest)
    changed += answer.changed
    if (answer.isFinal) return changed
    const sent = rest
    const banned = await restored.whenRestored(() => readBannedOf(context, jail, sent), deadlines.up)
    rest = sent.filter((address) => banned.has(address) !== (wanted === 'banned'))
    if (!answer.isHeard) changed += sent.length - rest.length
    if (rest.length === 0) return changed
  }
  throw new Fail2banUnavailableError('timeout', 'fail2ban repeatedly did not carry out the command.')
}

interface Answer {
  readonly changed: number
  /** an answer came */
  readonly isHeard: boolean
  /** nothing of it can come back */
  readonly isFinal: boolean
}

async function tryBatch(
  { jail, wanted, restored, write }: Batch,
  addresses: readonly string[],
): Promise<Answer> {
  const { instanceId } = restored
  try {
    const changed = await write(addresses)
    // a ban that was ended is not restored; over all jails the count does not tell whether each was
    const isAll = wanted === 'banned' || (jail !== null && changed >= addresses.length)
    return { changed, isHeard: true, isFinal: isAll || (await restored.isInstance(instanceId)) }
  } catch (error) {
    if (error instanceof OutcomeUnknownError) return { changed: 0, isHeard: false, isFinal: false }
    if (isUnknownJail(error) && !(await restored.isInstance(instanceId)))
      return { changed: 0, isHeard: true, isFinal: false }
    throw error
  }
}

/** Which of the addresses are banned in a jail, null: in any. */
export async function readBannedOf(
  context: LocalHostContext,
  jail: string | null,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const { connection } = context
  if (!(await canAskBanned(context))) return listBannedOf(context, jail, addresses)
  if (jail !== null) return askBannedOf(context, jail, addresses)
  const jails = await readBannedJails(connection, addresses)
  return new Set(addresses.filter((_address, index) => (jails[index]?.length ?? 0) > 0))
}

type ReadContext = Pick<LocalHostContext, 'connection'>

/** Returns whether the daemon can be asked about addresses; an older one lists its bans. */
export const canAskBanned = async ({ connection }: ReadContext): Promise<boolean> =>
  capabilitiesOf(await readVersion(connection, deadlines.read)).banned

/** As {@link readBannedOf}, of a daemon that can be asked, in one command. */
export async function askBannedOf(
  { connection }: ReadContext,
  jail: string,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const flags = await readBanned(connection, jail, addresses)
  return new Set(addresses.filter((_address, index) => flags[index]))
}

/** As {@link readBannedOf}, from the lists of bans. */
export async function listBannedOf(
  { connection }: ReadContext,
  jail: string | null,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  const names = jail === null ? await listRunningJails(connection, deadlines.read) : [jail]
  const lists = await Promise.all(names.map((name) => listBanned(connection, name)))
  const all = new Set(await mapInChunks(lists.flat(), nameOfBan))
  return new Set(addresses.filter((address) => all.has(address)))
}
