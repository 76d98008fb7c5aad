import { mutex } from '@bangui/async'
import { deleteIgnore, listIgnores, saveIgnoreState, type IgnoreRecord } from '@bangui/db'
import { isHostError, type ConfiguredIgnores, type RunningIgnores } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { makeChange, type ApplyDeps } from '../jails/make-change.ts'
import { refuseDuringRollback, refuseWhileUnconfirmed } from '../recovery/recovery.service.ts'
import {
  hasEnded,
  isFor,
  jailsWith,
  planSets,
  planWrite,
  wantedSections,
  type PlannedSet,
  type PlannedWrite,
} from './ignore-plan.ts'
import type { IgnoreKeeper, WriteOutcome } from './ignore-kept.ts'

export type IgnoreKeeperDeps = ApplyDeps & Pick<HostDeps, 'hostDb' | 'config'>

/** How long BanGUI waits after a change was refused before it tries again, in milliseconds: longer each time. */
const RETRY_MS = { first: 60_000, longest: 6 * 60 * 60_000, factor: 4 }

/** Creates the keeper of the allow list of a host. */
export function createIgnoreKeeper(deps: IgnoreKeeperDeps): IgnoreKeeper {
  const { clock, config, hostDb, log } = deps
  const oneAtATime = mutex()
  let problem: WriteOutcome | null = null
  let retry = { after: 0, waitMs: 0 }
  /** an entry that has ended is left until fail2ban can be asked whether it has it */
  let waitsForDaemon = false
  let isWanted = false
  const hold = async () => {
    // a call that waits sees what led to a later one
    if (isWanted) return
    isWanted = true
    try {
      await oneAtATime(async () => {
        isWanted = false
        const { running } = await holdEntries(deps)
        if (running !== null) waitsForDaemon = false
      })
    } catch (error) {
      isWanted = false
      log.warn({ event: 'ignores_not_set', err: error }, 'the allow list could not be set in fail2ban')
    }
  }
  const noteOutcome = (written: WriteOutcome) => {
    problem = written.state === 'done' ? null : written
    const { first, longest, factor } = RETRY_MS
    const waitMs = written.state === 'failed' ? Math.min(longest, retry.waitMs * factor || first) : 0
    retry = { waitMs, after: clock() + waitMs }
  }
  return {
    get problem() {
      return problem
    },
    hold,
    keep: (change) =>
      oneAtATime(async () => {
        const { running, unset, offline } = await holdEntries(deps)
        const written = await writeEntries(deps, change)
        noteOutcome(written)
        const isLeft = await deleteEnded(deps, running)
        waitsForDaemon = isLeft && running === null
        return { written, unset, offline }
      }),
    noteLoads(stored) {
      if (stored.some(isLoad)) void hold()
    },
    async findDue() {
      if (config.readOnly || isBlocked(deps)) return null
      const now = clock()
      const entries = await listIgnores(hostDb)
      // a clock that stepped back makes no longer wait of it
      const isWaiting = now < retry.after && now >= retry.after - retry.waitMs
      const mayWrite = config.configWrite !== 'off' && !isWaiting
      const mayDelete = !waitsForDaemon || isDown(deps)
      // what cannot be written stays until it can be
      const ended = entries.filter(
        (entry) => hasEnded(entry, now) && (entry.sections.length > 0 ? mayWrite : mayDelete),
      )
      if (ended.length > 0) return { ended }
      if (!mayWrite || entries.length === 0) return null
      const configured = await readConfigured(deps)
      return hasWork(planWrite({ entries, running: null, configured, now })) ? { ended } : null
    },
  }
}

const isLoad = ({ event }: StoredEvent) =>
  (event.type === 'jail.changed' && event.change !== 'stopped') ||
  (event.type === 'daemon.changed' && event.online)

/** Returns whether another change is in the way. */
function isBlocked(deps: IgnoreKeeperDeps): boolean {
  try {
    refuseDuringRollback(deps)
    refuseWhileUnconfirmed(deps)
    return false
  } catch {
    return true
  }
}

const hasWork = ({ add, remove, sections }: PlannedWrite) => add.length + remove.length + sections.size > 0

/** Null: it cannot be read. */
const readConfigured = ({ host }: Pick<HostDeps, 'host'>) =>
  host.ignores.listConfigured().catch((error: unknown) => {
    if (isHostError(error, 'config_unreadable')) return null
    throw error
  })

interface Held {
  /** null: fail2ban could not be asked */
  readonly running: readonly RunningIgnores[] | null
  readonly unset: readonly string[]
  readonly offline: string | null
}

/** Sets in the running jails what is missing there, and removes what has ended. */
async function holdEntries(deps: IgnoreKeeperDeps): Promise<Held> {
  const { hostDb, clock, config } = deps
  const entries = await listIgnores(hostDb)
  if (entries.length === 0 || config.readOnly) return { running: null, unset: [], offline: null }
  const before = await readRunning(deps)
  if (typeof before === 'string') return { running: null, unset: [], offline: before }
  const now = clock()
  const ended = entries.some((entry) => hasEnded(entry, now))
  const configured = ended ? await readConfigured(deps) : null
  const sets = planSets({ entries, running: before, configured, now })
  if (sets.length === 0) {
    await saveHolds(deps, entries, { before, after: before })
    return { running: before, unset: [], offline: null }
  }
  const unset = await setAll(deps, sets)
  const after = typeof unset === 'string' ? unset : await readRunning(deps)
  if (typeof after === 'string') return { running: null, unset: [], offline: after }
  await saveHolds(deps, entries, { before, after })
  return { running: after, unset: typeof unset === 'string' ? [] : unset, offline: null }
}

/** Returns why jails did not get their entries, or one sentence that says why fail2ban could not be asked. */
async function setAll(
  { host, log }: IgnoreKeeperDeps,
  sets: readonly PlannedSet[],
): Promise<readonly string[] | string> {
  for (const { jail, add, remove } of sets)
    log.info(
      { event: 'ignores_set', jail, added: add.length, removed: remove.length },
      'the allow list is set in a running jail',
    )
  try {
    return (await host.ignores.set(sets)).map(({ problem }) => problem)
  } catch (error) {
    if (isHostError(error, 'daemon_unavailable', 'outcome_unknown')) return error.message
    throw error
  }
}

/** Returns the lists of the running jails, or a sentence that says why fail2ban cannot be asked. */
async function readRunning({ host }: Pick<HostDeps, 'host'>): Promise<readonly RunningIgnores[] | string> {
  try {
    return await host.ignores.listRunning()
  } catch (error) {
    if (isHostError(error, 'daemon_unavailable')) return error.message
    throw error
  }
}

interface Lists {
  readonly before: readonly RunningIgnores[]
  readonly after: readonly RunningIgnores[]
}

/** Stores since when each jail has each entry. One that a load dropped meanwhile holds since it was set again. */
async function saveHolds(
  { hostDb, clock, state }: IgnoreKeeperDeps,
  entries: readonly IgnoreRecord[],
  { before, after }: Lists,
): Promise<void> {
  const now = clock()
  const since = state.get().onlineSince ?? 0
  for (const entry of entries) {
    const had = new Set(jailsWith(entry, before))
    const holds = new Map(
      jailsWith(entry, after)
        .filter((jail) => isFor(entry, jail))
        .map((jail) => {
          const known = had.has(jail) ? entry.holds.get(jail) : undefined
          return [jail, known === undefined || known < since ? now : known]
        }),
    )
    const isSame =
      holds.size === entry.holds.size && [...holds].every(([jail, at]) => entry.holds.get(jail) === at)
    if (isSame) continue
    await saveIgnoreState(hostDb, entry.id, { ...entry, holds })
  }
}

/** Brings the configuration up to date by a change. What keeps that from being done is an outcome. */
async function writeEntries(
  deps: IgnoreKeeperDeps,
  change: { readonly operationId: string; readonly title: string },
): Promise<WriteOutcome> {
  const { hostDb, clock } = deps
  const entries = await listIgnores(hostDb)
  const now = clock()
  try {
    const configured = await deps.host.ignores.listConfigured()
    const plan = planWrite({ entries, running: null, configured, now })
    if (deps.config.configWrite === 'off' && hasWork(plan)) return { state: 'off', problem: OFF }
    if (plan.add.length + plan.remove.length > 0) {
      refuseDuringRollback(deps)
      await saveSections(deps, { plan, configured, isBefore: true })
      const { add, remove } = plan
      const made = await makeChange(deps, { ...change, edits: [{ kind: 'ignores', add, remove }] })
      if (made && !made.applied)
        return { state: 'failed', problem: made.output ?? 'fail2ban did not take the change.' }
    }
    await saveSections(deps, { plan, configured, isBefore: false })
    return { state: 'done', problem: null }
  } catch (error) {
    return outcomeOf(error)
  }
}

/** Why nothing is written where the configuration may not be changed. */
export const OFF =
  'BanGUI may not change the configuration (BANGUI_CONFIG_WRITE=off). The entries hold at runtime only: BanGUI sets them again after each load of a jail.'

function outcomeOf(error: unknown): WriteOutcome {
  const isApp = error instanceof AppError
  if (isHostError(error, 'config_read_only')) return { state: 'off', problem: OFF }
  if (
    isHostError(error, 'busy', 'change_pending') ||
    (isApp && ['busy', 'change_pending'].includes(error.code))
  )
    return {
      state: 'later',
      problem: 'Another change is in progress. BanGUI changes the configuration when that change has ended.',
    }
  const isKnown = isHostError(
    error,
    'config_refused',
    'config_unwritable',
    'config_unreadable',
    'config_changed',
    'config_not_allowed',
    'jail_unknown',
    'tool_missing',
  )
  if (isKnown) return { state: 'failed', problem: error.message }
  throw error
}

interface SavedPlan {
  readonly plan: PlannedWrite
  readonly configured: ConfiguredIgnores
  /** the change is about to be made: a crash leaves more on record than there is, never less */
  readonly isBefore: boolean
}

async function saveSections(
  { hostDb, clock }: IgnoreKeeperDeps,
  { plan, configured, isBefore }: SavedPlan,
): Promise<void> {
  const now = clock()
  for (const entry of await listIgnores(hostDb)) {
    const sections = plan.sections.get(entry.id) ?? entry.sections
    if (isBefore && sections.length <= entry.sections.length) continue
    const isWritten = !isBefore && !hasEnded(entry, now) && wantedSections(entry, configured).length > 0
    const writtenAt = isWritten ? (entry.writtenAt ?? now) : entry.writtenAt
    if (sections !== entry.sections || writtenAt !== entry.writtenAt)
      await saveIgnoreState(hostDb, entry.id, { sections, writtenAt, holds: entry.holds })
  }
}

/** Returns whether fail2ban does not run. */
function isDown({ state }: Pick<HostDeps, 'state'>): boolean {
  const { online, reason } = state.get().serverStatus
  return !online && (reason === 'socket_missing' || reason === 'refused')
}

/**
 * Deletes the entries that have ended and are left nowhere. Those of a fail2ban that cannot be asked, but may run, stay. Returns
 * whether some stay.
 */
async function deleteEnded(
  deps: IgnoreKeeperDeps,
  running: readonly RunningIgnores[] | null,
): Promise<boolean> {
  const { hostDb, clock } = deps
  const now = clock()
  const entries = await listIgnores(hostDb)
  const ended = entries.filter((entry) => hasEnded(entry, now) && entry.sections.length === 0)
  if (ended.length === 0) return false
  if (running === null && !isDown(deps)) return true
  const configured = await readConfigured(deps)
  const left = planSets({ entries, running, configured, now }).flatMap(({ remove }) => remove)
  for (const { id, address } of ended) if (!left.includes(address)) await deleteIgnore(hostDb, id)
  return left.length > 0
}
