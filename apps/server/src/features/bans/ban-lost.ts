import { pacedChunks } from '@bangui/async'
import { isHostError } from '@bangui/fail2ban'
import {
  errorText,
  keyRangeOf,
  parseAddress,
  PERMANENT,
  type BanResult,
  type RefusedAddress,
} from '@bangui/shared'
import { forgetLost, listLost } from '../events/lost-bans.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { partOf } from '../operations/part-of.ts'
import { type ActorRecord, afterBansChanged, createActorRecord, runBanTask, withNote } from './ban-task.ts'
import type { BanDeps, WantedBan } from './plan-ban.ts'
import { banAll, cancelled } from './ban-batcher.ts'

interface LostOfJail {
  readonly jail: string
  readonly addresses: readonly string[]
}

/**
 * Restores the bans that a crash of the daemon lost, each until it would have ended: by the jail's bantime, or earlier
 * by BanGUI. One operation over all jails; bans that are refused or not reached stay on the list.
 */
export async function banLost(
  deps: BanDeps,
  { userName, operation }: { readonly userName: string; readonly operation: OperationHandle },
): Promise<BanResult> {
  const byJail = Map.groupBy(await listLost(deps), ({ jail }) => jail)
  const parts = [...byJail].map(([jail, lost]) => ({
    jail,
    addresses: [...new Set(lost.map(({ address }) => address))],
  }))
  const jail = parts.map((part) => part.jail).join(', ')
  const addresses = parts.flatMap((part) => part.addresses)
  if (addresses.length === 0) return { banned: 0, already: 0, refused: [], jail }
  const where = parts.length === 1 ? jail : `${parts.length} jails`
  const actors = createActorRecord(deps, operation)
  const task = { kind: 'ban', addresses, where } as const
  try {
    const total = await runBanTask(deps, { task, operation }, (part) =>
      banParts(deps, parts, { userName, operation: part, actors }),
    )
    return withNote({ ...total, jail }, actors)
  } finally {
    await afterBansChanged(deps)
  }
}

interface LostBansRun {
  readonly userName: string
  readonly operation: OperationHandle
  readonly actors: ActorRecord
}

async function banParts(
  deps: BanDeps,
  parts: readonly LostOfJail[],
  { userName, operation: whole, actors }: LostBansRun,
): Promise<Omit<BanResult, 'jail'>> {
  const total = { banned: 0, already: 0, refused: [] as RefusedAddress[] }
  let before = 0
  for (const part of parts) {
    const operation = partOf(whole, before)
    const result = whole.signal.aborted
      ? { banned: 0, already: 0, refused: part.addresses.map((address) => cancelled({ address })) }
      : await banPart(deps, part, { userName, operation, actors })
    total.banned += result.banned
    total.already += result.already
    total.refused.push(...result.refused)
    before += part.addresses.length
    whole.progress(before)
  }
  return total
}

/** Removes the bans from the list that were made, or have expired meanwhile. */
async function banPart(deps: BanDeps, { jail, addresses }: LostOfJail, { userName, ...run }: LostBansRun) {
  const by = { kind: 'user', name: userName } as const
  try {
    const bantime = (await deps.host.jails.getTuning(jail)).bantime ?? PERMANENT
    const bans = await unexpired(deps, { jail, addresses, bantime })
    const result = await banAll(deps, { jail, bans, by, reason: null, operation: run.operation.id }, run)
    const refused = new Set(result.refused.map(({ address }) => address))
    const handled = addresses.filter((address) => !refused.has(address))
    await forgetLost(
      deps,
      handled.map((address) => ({ jail, address })),
    ).catch(run.actors.failed)
    return result
  } catch (error) {
    // also a jail that stops while its addresses are banned
    if (!isHostError(error, 'jail_unknown')) throw error
    return { banned: 0, already: 0, refused: addresses.map((address) => jailNotRunning(jail, address)) }
  }
}

const jailNotRunning = (jail: string, address: string): RefusedAddress => ({
  address,
  reason: 'unknown',
  message: errorText('jail_not_running', { name: jail }),
})

/** Returns the bans that have not expired, with when BanGUI has to end them. `bantime`: seconds, -1 is permanent. */
async function unexpired(
  deps: BanDeps,
  { jail, addresses, bantime }: LostOfJail & { readonly bantime: number },
): Promise<WantedBan[]> {
  const wanted: WantedBan[] = []
  for await (const chunk of pacedChunks(addresses, 50)) {
    const ends = await Promise.all(chunk.map((address) => endOf(deps, jail, address)))
    const now = deps.clock()
    const jailEnd = bantime === PERMANENT ? Number.POSITIVE_INFINITY : now + bantime * 1000
    for (const [index, address] of chunk.entries()) {
      const end = ends[index] ?? Number.POSITIVE_INFINITY
      if (end > now) wanted.push({ address, until: end < jailEnd ? end : null })
    }
  }
  return wanted
}

/** Returns when the newest ban of an address in a jail would have ended. */
async function endOf({ archive }: BanDeps, jail: string, text: string): Promise<number> {
  const address = parseAddress(text)
  if (!address) return 0
  const filter = { jail, addresses: keyRangeOf(address) }
  const [row] = (await archive.listHistory({ filter, cursor: null, limit: 1 })).rows
  if (!row || row.duration <= 0) return Number.POSITIVE_INFINITY
  return row.at + row.duration * 1000
}
