import { insertTimedUnbans, type TimedUnban } from '@bangui/db'
import { JailUnknownError } from '@bangui/fail2ban'
import type { BannedBy, BanResult, RefusedAddress } from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { jailNotThere } from '../jails/jail-not-there.ts'
import type { OperationHandle } from '../operations/operations.ts'
import { afterBansChanged } from './after-change.ts'
import { asOperation } from './as-operation.ts'
import { refusalText } from './guard-address.ts'
import type { PlanDeps } from './plan-ban.ts'
import { preparedSlices } from './prepare-ban.ts'
import { createAttribution, withNote, type Attribution } from './attribution.ts'
import { forgetTimers } from './timers.ts'

export type BanDeps = PlanDeps &
  Pick<Deps, 'archive' | 'database' | 'operations' | 'monitor' | 'state' | 'reconcile' | 'clock' | 'log'>

export interface WantedBan {
  readonly address: string
  /** When BanGUI ends it if it begins at `now`; null: the jail does. */
  endIfBegun(now: number): number | null
}

/** Bans of canonical addresses that were looked at already. */
export interface BanRequest {
  readonly jail: string
  readonly bans: readonly WantedBan[]
  readonly by: BannedBy
  readonly reason: string | null
}

/** Bans, with progress and cancel; what was not reached is told as refused. @throws AppError ban_interrupted */
export async function runBan(
  deps: BanDeps,
  request: BanRequest & { readonly operationId: string | undefined },
): Promise<Omit<BanResult, 'jail'>> {
  const { jail, bans, operationId } = request
  if (bans.length === 0) return { banned: 0, already: 0, refused: [] }
  const task = { kind: 'ban', count: bans.length, where: jail, operationId } as const
  const attribution = createAttribution(deps)
  try {
    const result = await asOperation(deps, task, (operation) =>
      banAll(deps, request, { operation, attribution }),
    )
    return withNote(result, attribution)
  } catch (error) {
    throw error instanceof JailUnknownError ? await jailNotThere(deps, jail, error) : error
  } finally {
    await afterBansChanged(deps)
  }
}

interface Course {
  readonly operation: OperationHandle
  readonly attribution: Attribution
}

/** Bans in one jail, as a part of an operation. @throws JailUnknownError, Fail2banUnavailableError, AppError */
export async function banAll(
  deps: BanDeps,
  request: BanRequest,
  { operation: { signal, progress }, attribution }: Course,
): Promise<Omit<BanResult, 'jail'>> {
  const { jail, bans } = request
  const counts = { banned: 0, already: 0 }
  let done = 0
  const onProgress = (count: number) => progress(done + count)
  for await (const { slice, timers, untimed } of preparedSlices(deps, request, { signal, attribution })) {
    if (signal.aborted) break
    // only now: of a slice that is not begun, what was banned before ends as it was to
    await forgetTimers(deps, jail, untimed).catch(attribution.failed)
    const addresses = slice.map(({ address }) => address)
    const result = await deps.host.ban(jail, addresses, { signal, onProgress })
    counts.banned += result.banned
    counts.already += result.already
    done += result.done
    await settleTimers(deps, { jail, timers, missed: addresses.slice(result.done) }).catch(attribution.failed)
  }
  return { ...counts, refused: bans.slice(done).map(({ address }) => cancelled(address)) }
}

interface Timers {
  readonly jail: string
  readonly timers: readonly TimedUnban[]
  /** addresses that were not reached */
  readonly missed: readonly string[]
}

async function settleTimers(deps: BanDeps, { jail, timers, missed }: Timers): Promise<void> {
  // one that was due before its address was reached has gone
  await insertTimedUnbans(deps.database.db, timers)
  if (missed.length > 0) await forgetTimers(deps, jail, missed)
}

/** What was not reached when somebody cancelled. */
export const cancelled = (address: string): RefusedAddress => ({
  address,
  reason: 'cancelled',
  message: refusalText('cancelled'),
})
