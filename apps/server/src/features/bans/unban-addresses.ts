import { JailUnknownError } from '@bangui/fail2ban'
import { parseAddress, type UnbanInput, type UnbanResult } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operations.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import { afterBansChanged } from './after-change.ts'
import { asOperation } from './as-operation.ts'
import { createAttribution, withNote, type Attribution } from './attribution.ts'
import { keepRecords } from './keep-records.ts'
import type { BanDeps } from './run-ban.ts'
import { inSlices } from './slices.ts'
import { forgetTimers } from './timers.ts'

/** How many are recorded and handed to the host at once: who unbans is remembered for two minutes only. */
const SLICE = 1_000

export type UnbanDeps = BanDeps & Pick<Deps, 'importNew'>

/** Addresses in one jail; null: in every jail. */
interface Part {
  readonly jail: string | null
  readonly addresses: readonly string[]
}

/** Ends bans; those that are not there, also because somebody else was faster, are counted. @throws AppError ban_interrupted */
export async function unbanAddresses(
  deps: UnbanDeps,
  input: UnbanInput,
  userName: string,
): Promise<UnbanResult> {
  const parts = input.all ? await everything(deps, input.jail) : named(input)
  const count = parts.reduce((sum, { addresses }) => sum + addresses.length, 0)
  if (count === 0) return { unbanned: 0, absent: 0 }
  const where = input.jail ?? 'all jails'
  const task = { kind: 'unban', count, where, operationId: input.operationId } as const
  const attribution = createAttribution(deps)
  try {
    const result = await asOperation(deps, task, (operation) =>
      unbanAll(deps, { parts, userName, attribution }, operation),
    )
    return withNote(result, attribution)
  } catch (error) {
    throw error instanceof JailUnknownError ? await jailNotThere(deps, error.jailName, error) : error
  } finally {
    await afterBansChanged(deps)
  }
}

function named({ addresses, jail }: UnbanInput): Part[] {
  // fail2ban bans what is no address as well: that goes by its name
  const names = addresses.map((text) => parseAddress(text.trim())?.text ?? text)
  return [{ jail: jail ?? null, addresses: [...new Set(names)] }]
}

/** Every ban that the daemon has, in one jail or in all. */
async function everything(deps: Pick<Deps, 'host' | 'jails'>, jail: string | undefined) {
  const jails =
    jail === undefined
      ? [...(await deps.host.countJailBans())].flatMap(([name, count]) => (count > 0 ? [name] : []))
      : [jail]
  const parts: Part[] = []
  for (const name of jails) {
    const bans = await listOf(deps, name, jail !== undefined)
    parts.push({ jail: name, addresses: [...new Set(bans.map(({ address }) => address))] })
  }
  return parts
}

async function listOf(deps: Pick<Deps, 'host' | 'jails'>, jail: string, isNamed: boolean) {
  try {
    return await deps.host.listJailBans(jail)
  } catch (error) {
    if (!(error instanceof JailUnknownError)) throw error
    // one of all that was stopped meanwhile has no bans any more
    if (isNamed) throw await jailNotThere(deps, jail, error)
    return []
  }
}

interface Unbans {
  readonly parts: readonly Part[]
  readonly userName: string
  readonly attribution: Attribution
}

async function unbanAll(
  deps: UnbanDeps,
  { parts, userName, attribution }: Unbans,
  { signal, progress }: OperationHandle,
): Promise<UnbanResult> {
  const total = { unbanned: 0, absent: 0 }
  let done = 0
  const onProgress = (more: number) => progress(done + more)
  for (const { jail, addresses } of parts)
    for await (const slice of inSlices(addresses, SLICE)) {
      if (signal.aborted) return total
      const pairs = await prepare(deps, { jail, addresses: slice }, { userName, attribution })
      const result = await deps.host.unban(jail, slice, { signal, onProgress })
      total.unbanned += result.unbanned
      total.absent += result.absent
      done += result.done
      if (result.done < slice.length) return total
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
