import {
  deleteContent,
  findLastCompleted,
  moveContent,
  updateList,
  updateRun,
  type RunProgress,
  type StoredList,
} from '@bangui/db'
import { counted, countEntries } from '@bangui/shared'
import { createHash } from 'node:crypto'
import type { HostDeps } from '../../deps.ts'
import { createAllowList, ownEntries } from '../ignores/allow-list.ts'
import type { OperationHandle, Outcome } from '../operations/operation.ts'
import { CANCELLED, DONE } from '../operations/operation.ts'
import { banEntries } from './ban-entries.ts'
import { emitListEvent } from './import-events.ts'
import { createListGuard } from './list-guard.ts'
import { planImport, slicesOf, splitByBanned, type ImportPlan } from './plan-import.ts'
import { readNext, type NextVersion } from './read-next.ts'
import { endRemoved } from './unban-list.ts'

export interface ImportRequest {
  readonly list: StoredList
  readonly runId: number
  /** how many addresses it banned before it was cut off @default 0 */
  readonly earlier?: number | undefined
  /** aborts when somebody cancels the import, and when BanGUI stops */
  readonly signal: AbortSignal
}

/** Opens the operation of an import, once there is something to do. */
export type OpenOperation = (work: (operation: OperationHandle) => Promise<Outcome>) => Promise<Outcome>

/**
 * Imports a list: reads it, and bans what is missing. A list that is as it was, and whose bans are in force, is not applied
 * again. Returns how its operation ends. @throws ListError, AppError, HostError; the reason of the signal
 */
export async function importList(
  deps: HostDeps,
  request: ImportRequest,
  open: OpenOperation,
): Promise<Outcome> {
  const { list, runId, signal } = request
  const { db } = deps.database
  const next = await readNext(deps, list, signal)
  if ('held' in next) {
    const { entries, formerEntries } = next
    const message = `The list has ${count(entries)} entries now and had ${count(formerEntries)} before. BanGUI imports the new version only when somebody confirms it.`
    await finish(deps, request, { status: 'held', total: entries, message })
    if (!next.isKnown) await emitListEvent(deps, list, { type: 'blocklist.held', entries, formerEntries })
    return { state: 'partly', message }
  }
  const contentHash = await keyOf(deps, list, next.hash)
  const before = await findLastCompleted(db, list.id)
  await updateRun(db, runId, { contentHash, total: countEntries(next.entries), invalid: next.invalid })
  if (next.isSame && before?.contentHash === contentHash) {
    const missing = await countMissing(deps, list.jail, next)
    if (missing <= before.skipped) {
      const total = countEntries(next.entries)
      await finish(deps, request, { status: 'unchanged', already: total - missing, skipped: missing })
      if (list.lastError !== null || next.wasHeld) await emitImported(deps, list, { banned: 0, unbanned: 0 })
      return DONE
    }
  }
  return open((operation) => apply(deps, request, { next, operation }))
}

const count = (value: number) => value.toLocaleString('en')

/** Returns the hash of what decides about the bans of a list: its entries, its jail, and what BanGUI's allow list has. */
async function keyOf(deps: HostDeps, { jail }: StoredList, contentHash: string): Promise<string> {
  const { version } = createAllowList(await ownEntries(deps, jail))
  return createHash('sha256').update([contentHash, jail, version].join('\n')).digest('hex')
}

/** How many addresses are looked up and banned together. */
const SLICE = 5_000

async function countMissing(deps: HostDeps, jail: string, { entries }: NextVersion): Promise<number> {
  let missing = 0
  for (const addresses of slicesOf(entries, SLICE))
    missing += (await splitByBanned(deps, jail, addresses)).missing.length
  return missing
}

interface Applying {
  readonly next: NextVersion
  readonly operation: OperationHandle
}

async function apply(
  deps: HostDeps,
  request: ImportRequest,
  { next, operation }: Applying,
): Promise<Outcome> {
  const { list, runId } = request
  const { db } = deps.database
  const plan = await planImport(next.entries, await createListGuard(deps, list.jail))
  const skipped = Object.values(plan.skipped).reduce((sum, more) => sum + more, 0)
  const total = countEntries(plan.wanted)
  operation.describe(
    `Importing ${counted(total, 'address', 'addresses')} of ${list.name} into ${list.jail}`,
    total,
  )
  await updateRun(db, runId, { operation: operation.id, skipped })
  const done = await banWanted(deps, request, { plan, operation })
  if (operation.signal.aborted || request.signal.aborted) return stopped(deps, request, done)
  const unbanned = list.unbanRemoved ? await endRemoved(deps, { list, wanted: plan.wanted, operation }) : 0
  if (operation.signal.aborted || request.signal.aborted) return stopped(deps, request, { ...done, unbanned })
  if (!next.isSame) await moveContent(db, list.id, { from: 'next', to: 'current' })
  await finish(deps, request, { status: 'completed', ...done, unbanned })
  if (!next.isSame) await updateList(db, list.id, { lastChangedAt: deps.clock() })
  await emitImported(deps, list, { banned: done.banned, unbanned })
  return DONE
}

const emitImported = (deps: HostDeps, list: StoredList, done: { banned: number; unbanned: number }) =>
  emitListEvent(deps, list, { type: 'blocklist.imported', ...done })

interface Banning {
  readonly plan: ImportPlan
  readonly operation: OperationHandle
}

/**
 * Bans what is not banned yet, slice by slice; what an earlier part of the same run has banned counts as banned. While fail2ban bans one
 * slice, the next one is looked up.
 */
async function banWanted(deps: HostDeps, request: ImportRequest, { plan, operation }: Banning) {
  const { list, runId } = request
  const sums = { banned: request.earlier ?? 0, already: 0, banMs: 0 }
  let own = sums.banned
  let reached = 0
  const slices = slicesOf(plan.wanted, SLICE)
  const lookUpNext = () => {
    const { value } = slices.next()
    const found = value && splitByBanned(deps, list.jail, value)
    // its failure reaches those who wait for it
    found?.catch(() => undefined)
    return found
  }
  for (let ahead = lookUpNext(); ahead && !operation.signal.aborted && !request.signal.aborted;) {
    const { banned: inForce, missing } = await ahead
    ahead = lookUpNext()
    const ofThisRun = Math.min(own, inForce.length)
    own -= ofThisRun
    sums.already += inForce.length - ofThisRun
    reached += inForce.length
    operation.progress(reached)
    if (missing.length === 0) continue
    const result = await banEntries(
      deps,
      { list, addresses: missing, signal: request.signal, reached },
      operation,
    )
    reached += missing.length
    sums.banned += result.banned
    sums.already += result.already
    sums.banMs += result.tookMs
    await updateRun(deps.database.db, runId, sums)
  }
  return sums
}

/** Somebody cancelled the import, or BanGUI stops: then the run goes on at the next start. */
async function stopped(deps: HostDeps, request: ImportRequest, done: RunProgress): Promise<Outcome> {
  await updateRun(deps.database.db, request.runId, done)
  request.signal.throwIfAborted()
  await finish(deps, request, { status: 'cancelled', ...done })
  return CANCELLED
}

/** Stores how a run ended; a version that was not imported is dropped. */
export async function finish(
  { database: { db }, clock }: Pick<HostDeps, 'database' | 'clock'>,
  { list, runId }: Pick<ImportRequest, 'list' | 'runId'>,
  end: RunProgress,
): Promise<void> {
  const isGood = end.status === 'completed' || end.status === 'unchanged'
  await deleteContent(db, list.id, 'next')
  if (isGood) await deleteContent(db, list.id, 'held')
  await updateRun(db, runId, { ...end, finishedAt: clock() })
  if (isGood || end.status === 'held') await updateList(db, list.id, { lastError: null })
}
