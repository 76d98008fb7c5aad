import { findContent, insertRun, moveContent, updateList, updateRun, type StoredList } from '@bangui/db'
import { isHostError } from '@bangui/fail2ban'
import { HOUR_MS, type Actor } from '@bangui/shared'
import { randomUUID } from 'node:crypto'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { nextRuns } from '../../lib/schedule.ts'
import { redactFailure } from '../../redact-by-role.ts'
import type { Outcome } from '../operations/operation.ts'
import { emitListEvent } from './import-events.ts'
import { finish, importList, type OpenOperation } from './import-list.ts'
import { ListError } from './list-error.ts'
import type { ImportControls } from './running-imports.ts'

/** Who wants an import: a user, or the schedule of the list. */
export type Importer =
  | {
      readonly kind: 'user'
      readonly name: string
      readonly id: number
      readonly operationId?: string | undefined
    }
  | { readonly kind: 'schedule' }

export interface Started {
  readonly runId: number
  /** never rejects */
  readonly ended: Promise<void>
}

/** How long after a failure a list with a schedule is tried again. */
const RETRY_MS = HOUR_MS

/** Begins the import of a list. @throws AppError list_importing, jail_not_running, jail_unknown; HostError daemon_unavailable */
export async function startImport(deps: HostDeps, list: StoredList, by: Importer): Promise<Started> {
  return begin(deps, { list, by }, async () => {
    if (by.kind === 'user') await requireJail(deps, list.jail)
    const now = deps.clock()
    await updateList(deps.database.db, list.id, { lastTriedAt: now, nextAt: nextAtOf(list, now) })
    const user = by.kind === 'user' ? { name: by.name, id: by.id } : null
    return insertRun(deps.database.db, { listId: list.id, by: user, startedAt: now })
  })
}

/** Imports the version of a list that is held back. @throws AppError list_not_held, and as startImport */
export async function confirmHeld(deps: HostDeps, list: StoredList, by: Importer): Promise<Started> {
  const { db } = deps.database
  if (!(await findContent(db, list.id, 'held'))) throw new AppError('list_not_held', { name: list.name })
  return begin(deps, { list, by }, async () => {
    await requireJail(deps, list.jail)
    await moveContent(db, list.id, { from: 'held', to: 'next' })
    const user = by.kind === 'user' ? { name: by.name, id: by.id } : null
    return insertRun(db, { listId: list.id, by: user, startedAt: deps.clock() })
  })
}

/** Goes on with a run that BanGUI was cut off in, or that waits for fail2ban. Undefined: it is under way. */
export async function resumeImport(
  deps: HostDeps,
  list: StoredList,
  { runId, by, earlier }: { readonly runId: number; readonly by: Importer; readonly earlier: number },
): Promise<Started | undefined> {
  if (deps.imports.find(list.id)) return undefined
  return begin(deps, { list, by, earlier }, async () => runId)
}

/** Returns when the schedule of a list is due next; null: it has none, or is off. @throws AppError schedule_invalid */
export function nextAtOf(
  { schedule, zone, enabled }: Pick<StoredList, 'schedule' | 'zone' | 'enabled'>,
  now: number,
): number | null {
  if (schedule === null || !enabled) return null
  return nextRuns({ schedule, zone }, now, 1)[0] ?? null
}

async function begin(
  deps: HostDeps,
  { list, by, earlier }: Pick<Run, 'list' | 'by' | 'earlier'>,
  createRun: () => Promise<number>,
): Promise<Started> {
  const controls = deps.imports.begin(list.id)
  if (!controls) throw new AppError('list_importing', { name: list.name })
  try {
    const runId = await createRun()
    controls.note({ runId })
    const recorded = Promise.withResolvers<void>()
    const ended = run(deps, { list, by, earlier, runId, controls, onRecorded: recorded.resolve })
      .finally(controls.end)
      .finally(recorded.resolve)
    if (by.kind === 'user') await recorded.promise
    return { runId, ended }
  } catch (error) {
    controls.end()
    throw error
  }
}

interface Run {
  readonly list: StoredList
  readonly by: Importer
  readonly runId: number
  /** how many addresses the run has banned before it was cut off */
  readonly earlier?: number | undefined
  readonly controls: ImportControls
  /** the operation has begun */
  readonly onRecorded: () => void
}

/** Imports in turn, and stores how it ended. Never rejects. */
async function run(deps: HostDeps, one: Run): Promise<void> {
  const { list, runId, earlier, controls } = one
  const { signal } = controls
  const request = { list, runId, earlier, signal }
  try {
    const open = openOperation(deps, one)
    // what a user asks for is an operation from the beginning; a schedule that finds nothing new is none
    const inTurn = (opening: OpenOperation) =>
      deps.imports.turnOf(deps.id)(() => importList(deps, request, opening), { signal })
    if (one.by.kind === 'schedule') await inTurn(open)
    else await open((operation) => inTurn((apply) => apply(operation)))
  } catch (error) {
    await fail(deps, one, error).catch((failure: unknown) => {
      deps.log.error({ event: 'import_not_stored', err: failure }, 'the end of an import could not be stored')
    })
  }
}

const openOperation =
  (deps: HostDeps, { list, by, runId, controls, onRecorded }: Run): OpenOperation =>
  (work) => {
    const id = (by.kind === 'user' ? by.operationId : undefined) ?? randomUUID()
    return deps.operations.run<Outcome>(
      {
        id,
        kind: 'blocklist.import',
        title: `Importing ${list.name} into ${list.jail}`,
        total: null,
        cancellable: true,
        actor: actorOf(by, list),
        host: { id: deps.id, key: deps.key },
        params: { list: list.id, run: runId },
        outcomeOf: (outcome) => outcome,
      },
      (operation) => {
        controls.note({ operation: id })
        onRecorded()
        return work(operation)
      },
    )
  }

const actorOf = (by: Importer, { name }: StoredList): Actor =>
  by.kind === 'user' ? { kind: 'user', name: by.name, id: by.id } : { kind: 'schedule', name }

/** Stores why an import ended early. One that BanGUI or fail2ban was stopped in stays: it goes on later. */
async function fail(deps: HostDeps, { list, runId, controls }: Run, error: unknown): Promise<void> {
  const { db } = deps.database
  if (controls.signal.aborted) {
    if (controls.isCancelled()) await finish(deps, { list, runId }, { status: 'cancelled' })
    return
  }
  if (isDaemonAway(error)) {
    await updateRun(db, runId, {
      message: 'fail2ban went offline. The import continues when fail2ban is online again.',
    })
    return
  }
  const message = sentenceOf(error)
  await finish(deps, { list, runId }, { status: 'failed', message })
  const now = deps.clock()
  const nextAt = nextAtOf(list, now)
  await updateList(db, list.id, {
    lastError: message,
    nextAt: nextAt && Math.min(nextAt, now + RETRY_MS),
  })
  await emitListEvent(deps, list, { type: 'blocklist.failed', message })
  deps.log.warn({ event: 'blocklist_failed', list: list.id, err: error }, 'a blocklist could not be imported')
}

function isDaemonAway(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error
  return isHostError(cause, 'daemon_unavailable')
}

const sentenceOf = (error: unknown): string =>
  error instanceof ListError ? error.message : redactFailure(error)

/** @throws AppError jail_not_running, jail_unknown; HostError daemon_unavailable */
async function requireJail({ host, jails, state }: HostDeps, name: string): Promise<void> {
  const { online, responding } = state.get().serverStatus
  const isKnown = jails.store.get()?.some((jail) => jail.name === name && jail.running) ?? false
  // no command: a jail that was stopped a moment ago refuses the first ban
  if (online && responding && isKnown) return
  if ((await host.bans.count()).some(([jail]) => jail === name)) return
  const known = await jails.refresh().catch(() => jails.store.get() ?? [])
  throw new AppError(known.some((jail) => jail.name === name) ? 'jail_not_running' : 'jail_unknown', { name })
}
