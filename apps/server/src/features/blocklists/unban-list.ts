import { findContent, listLists, type StoredList } from '@bangui/db'
import {
  createEntryCover,
  decodeEntries,
  EMPTY_ENTRIES,
  parseAddress,
  type Address,
  type Ban,
  type ListEntries,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { createActorRecord, afterBansChanged, runBanTask } from '../bans/ban-task.ts'
import { unbanAll } from '../bans/unban-addresses.ts'
import type { OperationHandle } from '../operations/operation.ts'

/** How many bans are read at once. */
const PAGE = 500

interface Removing {
  readonly list: StoredList
  /** what stays banned */
  readonly wanted: ListEntries
  readonly operation: OperationHandle
}

/** Ends the bans that a list made and does not want any more, unless another list covers them. Returns how many it ended. */
export async function endRemoved(deps: HostDeps, { list, wanted, operation }: Removing): Promise<number> {
  const others = await otherLists(deps, list)
  const isCovered = createEntryCover([wanted, ...others])
  const isKept = (address: Address | undefined) => address !== undefined && isCovered(address)
  const gone = (await bansOf(deps, list)).filter((ban) => !isKept(parseAddress(ban.address)))
  if (gone.length === 0) return 0
  return endBans(deps, { list, addresses: gone.map(({ address }) => address), operation })
}

/** Ends all bans that a list made, unless another list covers them. Returns how many it ended. */
export async function endAll(deps: HostDeps, { list, operation }: Omit<Removing, 'wanted'>): Promise<number> {
  return endRemoved(deps, { list, wanted: EMPTY_ENTRIES, operation })
}

async function endBans(
  deps: HostDeps,
  {
    list,
    addresses,
    operation,
  }: Pick<Removing, 'list' | 'operation'> & { readonly addresses: readonly string[] },
): Promise<number> {
  const actors = createActorRecord(deps, operation)
  const task = { kind: 'unban', addresses, where: list.jail } as const
  const part = {
    ...operation,
    describe: () => undefined,
    keep: async () => undefined,
    progress: () => undefined,
  }
  try {
    const { unbanned } = await runBanTask(deps, { task, operation: part }, (unbanning) =>
      unbanAll(deps, {
        targets: [{ jail: list.jail, addresses: [...addresses], isRest: false }],
        absent: 0,
        jail: list.jail,
        userName: operation.actor.name ?? list.name,
        actors,
        operation: unbanning,
        exactly: true,
        isMeant: (ban) => isOf(list, ban),
      }),
    )
    return unbanned
  } finally {
    await afterBansChanged(deps)
  }
}

/** Returns whether a list made a ban, and nobody has made it anew since. */
const isOf = ({ id }: StoredList, { by }: Ban): boolean => by.kind === 'blocklist' && by.list === id

/** Returns the bans in force that a list made. */
async function bansOf({ archive }: HostDeps, list: StoredList): Promise<Ban[]> {
  const found: Ban[] = []
  let cursor: string | null = null
  do {
    const page = await archive.listActive({
      filter: { jail: list.jail, origin: `blocklist:${list.id}` },
      sort: 'address',
      cursor,
      offset: 0,
      limit: PAGE,
    })
    found.push(...page.rows.filter((ban) => isOf(list, ban)))
    cursor = page.nextCursor
  } while (cursor !== null)
  return found
}

/** Returns what other lists of a jail have that are on. */
async function otherLists(deps: HostDeps, list: StoredList): Promise<ListEntries[]> {
  const others = (await listLists(deps.hostDb)).filter(
    ({ id, jail, enabled }) => id !== list.id && jail === list.jail && enabled,
  )
  const entries: ListEntries[] = []
  for (const { id } of others) {
    const stored = await findContent(deps.database.db, id, 'current')
    const found = stored && decodeEntries(stored.content)
    if (found) entries.push(found)
  }
  return entries
}
