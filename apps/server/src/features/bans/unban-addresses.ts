import { resultOf } from '@bangui/async'
import { isHostError, type BatchStep, type BatchUnbanned } from '@bangui/fail2ban'
import { parseAddress, type Ban, type UnbanInput, type UnbanResult } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import { type ActorRecord, afterBansChanged, createActorRecord, runBanTask, withNote } from './ban-task.ts'
import { stillCovered } from './bans.service.ts'
import { importBeforeUnban, keepUnbannedItems } from './keep-before-change.ts'
import type { BanDeps } from './plan-ban.ts'
import {
  findTargets,
  listAllBans,
  splitByKind,
  unbanChunks,
  type UnbanTarget,
  type UnbanTargets,
} from './unban-targets.ts'

export type UnbanDeps = BanDeps & Pick<HostDeps, 'importNew'>

/** Ends bans, and counts addresses that are not banned, also because somebody else was faster. @throws AppError ban_interrupted */
export async function unbanAddresses(
  deps: UnbanDeps,
  input: UnbanInput,
  { userName, operation: whole }: { readonly userName: string; readonly operation: OperationHandle },
): Promise<UnbanResult> {
  const every = input.all ? await listAllBans(deps, input.jail) : []
  const named = await splitByKind(input.addresses, (text) => parseAddress(text.trim()))
  const texts = [...named.plain, ...named.networks.map(({ text }) => text), ...named.names]
  const addresses = input.all ? lengthOf(every) : texts
  if (addresses === 0) return { unbanned: 0, absent: 0 }
  const where = input.jail ?? 'all jails'
  const task = { kind: 'unban', addresses, where } as const
  const actors = createActorRecord(deps, whole)
  try {
    const result = await runBanTask(deps, { task, operation: whole }, async (operation) => {
      const begun = deps.clock()
      const wanted = input.all ? { targets: every, absent: 0 } : await findTargets(deps, named, input.jail)
      const unbans = { ...wanted, jail: input.jail, userName, actors, operation }
      const total = await unbanAll(deps, unbans)
      // also those of bans that fail2ban has lost
      if (input.jail !== undefined && !operation.signal.aborted)
        await forgetTimers(
          deps,
          new Map([[input.jail, named.networks.map(({ text }) => text)]]),
          begun,
        ).catch(actors.failed)
      return total
    })
    const covered = input.all ? undefined : await stillCovered(deps, input.jail, named)
    return withNote({ ...result, ...(covered && { covered }) }, actors)
  } catch (error) {
    throw isHostError(error, 'jail_unknown') ? await jailNotThere(deps, error.params.jailName, error) : error
  } finally {
    await afterBansChanged(deps)
  }
}

const lengthOf = (targets: readonly UnbanTarget[]) =>
  targets.reduce((sum, { addresses }) => sum + addresses.length, 0)

interface Unbans extends UnbanTargets {
  /** the requested jail; undefined: every jail */
  readonly jail: string | undefined
  readonly userName: string
  readonly actors: ActorRecord
  readonly operation: OperationHandle
  /** as an undo: ends no bans inside a network, and cannot be undone itself @default false */
  readonly exactly?: boolean
  /** Says of a ban that is about to end whether it is one of those that are meant. @default every one is */
  readonly isMeant?: (ban: Ban) => boolean
}

/** Ends bans, as a part of an operation, until somebody cancels. @throws HostError daemon_unavailable */
export async function unbanAll(deps: UnbanDeps, unbans: Unbans): Promise<UnbanResult> {
  const { progress } = unbans.operation
  const total = { unbanned: 0, absent: unbans.absent }
  const count = lengthOf(unbans.targets) + unbans.absent
  let done = unbans.absent
  for (const target of unbans.targets) {
    const onProgress = (more: number) => progress(done + more, count)
    const result = await unbanTarget(deps, target, { ...unbans, onProgress })
    total.unbanned += result.unbanned
    total.absent += target.isRest ? 0 : result.absent
    done += result.done
    if (result.done < target.addresses.length) break
  }
  return total
}

interface UnbanRun {
  readonly onProgress: (done: number) => void
}

/** Unbans the addresses of a target, until somebody cancels. */
async function unbanTarget(
  deps: UnbanDeps,
  target: UnbanTarget,
  { jail, userName, actors, operation, onProgress, exactly = false, isMeant }: Unbans & UnbanRun,
): Promise<BatchUnbanned> {
  const { signal } = operation
  const total = { unbanned: 0, absent: 0, done: 0 }
  for await (const { addresses: chunk, absent } of unbanChunks(deps, target)) {
    if (signal.aborted) break
    total.absent += absent
    total.done += absent
    onProgress(total.done)
    if (chunk.length === 0) continue
    const { addresses, pairs, at } = await prepare(
      deps,
      { jail: target.jail, addresses: chunk },
      { userName, actors, operation, exactly, isMeant },
    )
    total.done += chunk.length - addresses.length
    if (addresses.length === 0) continue
    let reached = 0
    const onStep = (step: BatchStep) => {
      reached = step.done
      onProgress(total.done + step.done)
    }
    try {
      const result = await resultOf(deps.host.bans.unban(target.jail, addresses, { signal, exactly }), onStep)
      total.unbanned += result.unbanned
      total.absent += result.absent
      total.done += result.done
      const missed = result.unbanned === 0 ? addresses : addresses.slice(result.done)
      await takeBack(deps, { pairs, missed, operation: operation.id }).catch(actors.failed)
      if (result.done < addresses.length) break
      await forgetTimers(deps, pairs, at).catch(actors.failed)
    } catch (error) {
      if (jail !== undefined || !isHostError(error, 'jail_unknown')) throw error
      // the jail was stopped meanwhile: its remaining bans come back when it starts, and expire normally
      const left = target.addresses.length - total.done - reached
      return {
        unbanned: total.unbanned + reached,
        absent: total.absent + left,
        done: target.addresses.length,
      }
    }
  }
  return total
}

interface Missed {
  readonly pairs: Pairs
  readonly missed: readonly string[]
  readonly operation: string
}

/** Removes the pending rows of bans that were not ended: a later end is fail2ban's. */
async function takeBack({ archive }: UnbanDeps, { pairs, missed, operation }: Missed): Promise<void> {
  if (missed.length === 0) return
  const names = new Set(missed)
  const ofJail = ([jail, addresses]: [string, ReadonlySet<string>]) =>
    [...addresses].filter((address) => names.has(address)).map((address) => ({ jail, address }))
  await archive.removePendingActions(operation, { kind: 'unban', pairs: [...pairs].flatMap(ofJail) })
}

/** Ended bans have no end to come; those that were made since have timers of their own. */
const forgetTimers = (
  { archive }: UnbanDeps,
  ended: ReadonlyMap<string, Iterable<string>>,
  setUntil: number,
): Promise<void> =>
  archive.deleteTimers(
    [...ended].flatMap(([jail, addresses]) => [...addresses].map((address) => ({ jail, address }))),
    setUntil,
  )

/** Addresses by jail. */
type Pairs = ReadonlyMap<string, ReadonlySet<string>>

/** Imports the records that fail2ban is about to delete, stores who unbans, and returns the addresses that are meant, by jail. */
async function prepare(
  deps: UnbanDeps,
  { jail, addresses }: UnbanTarget,
  {
    userName,
    actors,
    operation,
    exactly = false,
    isMeant = () => true,
  }: Pick<Unbans, 'userName' | 'actors' | 'operation' | 'exactly'> & {
    readonly isMeant: Unbans['isMeant'] | undefined
  },
): Promise<{ addresses: readonly string[]; pairs: Pairs; at: number }> {
  const pairs = new Map<string, Set<string>>()
  const add = (name: string, address: string) =>
    void pairs.set(name, (pairs.get(name) ?? new Set<string>()).add(address))
  const known = await deps.archive.findActive(addresses, { exactly }).catch((error: unknown) => {
    actors.failed(error)
    return []
  })
  const ofJail = known.filter((ban) => jail === null || ban.jail === jail)
  const bans = ofJail.filter(isMeant)
  const spared = new Set(ofJail.filter((ban) => !bans.includes(ban)).map(({ address }) => address))
  const meant = spared.size === 0 ? addresses : addresses.filter((address) => !spared.has(address))
  await importBeforeUnban(deps, bans)
  if (!exactly) await keepUnbannedItems(operation, bans).catch(actors.failed)
  for (const ban of bans) add(ban.jail, ban.address)
  // bans that BanGUI does not know are ended as well
  if (jail !== null) for (const address of meant) add(jail, address)
  const at = deps.clock()
  const by = { kind: 'user', name: userName } as const
  const pendingActions = [...pairs].flatMap(([name, ended]) =>
    [...ended].map((address) => ({
      kind: 'unban' as const,
      jail: name,
      address,
      by,
      reason: null,
      operation: operation.id,
      until: null,
      at,
    })),
  )
  await actors.record(pendingActions)
  return { addresses: meant, pairs, at }
}
