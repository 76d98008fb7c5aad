import { createCover, parseAddress, type Address } from '@bangui/shared'
import { listBanned, unbanAddresses } from '../ban-commands.ts'
import { mapInChunks } from '../ban-list.ts'
import { isUnknownJail, listRunningJails } from '../commands.ts'
import type { BatchOptions } from '../models/ban-models.ts'
import { sendInBatches } from './batches.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import type { HostLock } from './host-lock.ts'
import type { BansRestored } from './bans-restored.ts'
import { sendBatch } from './retry-unknown-outcome.ts'

/** The bans of a jail inside the networks. */
interface Inside {
  readonly jail: string
  readonly addresses: readonly string[]
}

/**
 * Ends the bans of networks and of everything inside them. fail2ban takes a network as well (0.11.2), but would then answer
 * nobody until the last ban in it has ended: so the bans are listed and ended in batches.
 */
export async function unbanNetworks(
  context: LocalHostContext,
  { jail, networks, lock, restored }: NetworksRequest,
  options: BatchOptions,
): Promise<{ unbanned: number; absent: number; isComplete: boolean }> {
  const hit = new Set<string>()
  const found = await restored.whenRestored(() => listAllInside(context, jail, { networks, hit }))
  let unbanned = 0
  let isComplete = true
  for (const { jail: name, addresses } of found) {
    const write = (batch: readonly string[]) => unbanAddresses(context.connection, name, batch)
    const send = async (batch: readonly string[]) => {
      unbanned += await sendBatch(context, {
        jail: name,
        addresses: batch,
        wanted: 'unbanned',
        restored,
        write,
      })
    }
    const done = await sendInBatches(addresses, { lock, send, signal: options.signal })
    isComplete &&= done === addresses.length
  }
  return { unbanned, absent: networks.length - hit.size, isComplete }
}

interface NetworksRequest {
  /** null: every jail */
  readonly jail: string | null
  readonly networks: readonly Address[]
  readonly lock: HostLock
  readonly restored: BansRestored
}

interface Search {
  readonly networks: readonly Address[]
  /** networks in which something was found are added */
  readonly hit: Set<string>
}

async function listAllInside(
  context: LocalHostContext,
  jail: string | null,
  search: Search,
): Promise<Inside[]> {
  const jails = jail === null ? await listRunningJails(context.connection, deadlines.read) : [jail]
  const found: Inside[] = []
  for (const name of jails) {
    const addresses = await listInside(context, name, search).catch((error: unknown) => {
      // a jail that was stopped meanwhile has no bans
      if (jail === null && isUnknownJail(error)) return []
      throw error
    })
    found.push({ jail: name, addresses })
  }
  return found
}

async function listInside(
  { connection }: LocalHostContext,
  jail: string,
  { networks, hit }: Search,
): Promise<string[]> {
  const coverOf = createCover(networks)
  return mapInChunks(await listBanned(connection, jail), (id) => {
    const address = parseAddress(id)
    const holders = address === undefined ? [] : coverOf(address)
    for (const holder of holders) hit.add(holder)
    return holders.length > 0 ? address?.text : undefined
  })
}
