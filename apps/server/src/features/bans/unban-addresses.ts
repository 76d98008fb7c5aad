import { JailUnknownError } from '@bangui/fail2ban'
import type { UnbanInput, UnbanResult } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operations.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import { afterBansChanged } from './after-change.ts'
import { asOperation } from './as-operation.ts'
import { createAttribution, withNote, type Attribution } from './attribution.ts'
import { keepRecords } from './keep-records.ts'
import type { BanDeps } from './run-ban.ts'
import { forgetTimers } from './timers.ts'
import { everything, named, unbanSlices, type Part } from './unban-slices.ts'

export type UnbanDeps = BanDeps & Pick<Deps, 'importNew'>

/** Ends bans; those that are not there, also because somebody else was faster, are counted. @throws AppError ban_interrupted */
export async function unbanAddresses(
  deps: UnbanDeps,
  input: UnbanInput,
  userName: string,
): Promise<UnbanResult> {
  const { parts, absent } = input.all
    ? { parts: await everything(deps, input.jail), absent: 0 }
    : await named(deps, input)
  const count = parts.reduce((sum, { addresses }) => sum + addresses.length, 0)
  if (count === 0) return { unbanned: 0, absent }
  const where = input.jail ?? 'all jails'
  const task = { kind: 'unban', count, where, operationId: input.operationId } as const
  const attribution = createAttribution(deps)
  try {
    const result = await asOperation(deps, task, (operation) =>
      unbanAll(deps, { parts, userName, attribution, isJailNamed: input.jail !== undefined }, operation),
    )
    return withNote({ ...result, absent: result.absent + absent }, attribution)
  } catch (error) {
    throw error instanceof JailUnknownError ? await jailNotThere(deps, error.jailName, error) : error
  } finally {
    await afterBansChanged(deps)
  }
}

interface Unbans {
  readonly parts: readonly Part[]
  readonly userName: string
  readonly attribution: Attribution
  readonly isJailNamed: boolean
}

async function unbanAll(
  deps: UnbanDeps,
  { parts, userName, attribution, isJailNamed }: Unbans,
  { signal, progress }: OperationHandle,
): Promise<UnbanResult> {
  const total = { unbanned: 0, absent: 0 }
  let done = 0
  const onProgress = (more: number) => progress(done + more)
  for (const part of parts)
    for await (const { addresses, absent } of unbanSlices(deps, part)) {
      if (signal.aborted) return total
      total.absent += absent
      done += absent
      if (addresses.length === 0) {
        progress(done)
        continue
      }
      const slice = { jail: part.jail, addresses }
      const pairs = await prepare(deps, slice, { userName, attribution })
      const result = await deps.host
        .unban(part.jail, addresses, { signal, onProgress })
        .catch((error: unknown) => {
          // one of all that was stopped meanwhile has no bans any more
          if (isJailNamed || !(error instanceof JailUnknownError)) throw error
          return { unbanned: 0, absent: addresses.length, done: addresses.length }
        })
      total.unbanned += result.unbanned
      total.absent += result.absent
      done += result.done
      if (result.done < addresses.length) return total
      for (const [name, ended] of pairs) await forgetTimers(deps, name, [...ended]).catch(attribution.failed)
    }
  return total
}

/** Takes in what fail2ban is about to forget, remembers who unbans what, and gives the addresses by jail. */
async function prepare(
  deps: UnbanDeps,
  { jail, addresses }: Part,
  { userName, attribution }: Pick<Unbans, 'userName' | 'attribution'>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const pairs = new Map<string, Set<string>>()
  const add = (name: string, address: string) =>
    void pairs.set(name, (pairs.get(name) ?? new Set<string>()).add(address))
  const known = await deps.archive.findActive(addresses).catch((error: unknown) => {
    attribution.failed(error)
    return []
  })
  const bans = known.filter((ban) => jail === null || ban.jail === jail)
  await keepRecords(deps, bans)
  for (const ban of bans) add(ban.jail, ban.address)
  // what BanGUI does not know of is ended as well
  if (jail !== null) for (const address of addresses) add(jail, address)
  const at = deps.clock()
  const by = { kind: 'user', name: userName } as const
  const intents = [...pairs].flatMap(([name, ended]) =>
    [...ended].map((address) => ({
      kind: 'unban' as const,
      jail: name,
      address,
      by,
      reason: null,
      until: null,
      at,
    })),
  )
  await attribution.record(intents)
  return pairs
}
