import { listIgnores, saveIgnoreState, type IgnoreRecord } from '@bangui/db'
import { isHostError, type RunningIgnores } from '@bangui/fail2ban'
import type { HostDeps } from '../../deps.ts'
import { hasEnded, isFor, jailsWith, planSets, type PlannedSet } from './ignore-plan.ts'
import { readConfigured } from './read-configured.ts'

export type HoldDeps = Pick<HostDeps, 'host' | 'hostDb' | 'clock' | 'config' | 'state' | 'log'>

/** How the running jails stand after they were set. */
export interface Held {
  /** null: fail2ban could not be asked */
  readonly running: readonly RunningIgnores[] | null
  readonly unset: readonly string[]
  readonly offline: string | null
}

/** Sets in the running jails what is missing there, and removes what has ended. */
export async function holdEntries(deps: HoldDeps): Promise<Held> {
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
  { host, log }: HoldDeps,
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
  { hostDb, clock, state }: HoldDeps,
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
