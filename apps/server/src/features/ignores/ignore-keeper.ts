import { mutex } from '@bangui/async'
import { deleteIgnore, listIgnores } from '@bangui/db'
import type { RunningIgnores } from '@bangui/fail2ban'
import type { StoredEvent } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { refuseDuringRollback, refuseWhileUnconfirmed } from '../recovery/recovery.service.ts'
import { holdEntries } from './hold-entries.ts'
import type { IgnoreKeeper, WriteOutcome } from './ignore-kept.ts'
import { hasEnded, hasWork, planSets, planWrite, isOnlyElsewhere } from './ignore-plan.ts'
import { readConfigured } from './read-configured.ts'
import { writeEntries, type WriteDeps } from './write-entries.ts'

/** How long BanGUI waits after a change was refused before it tries again, in milliseconds: longer each time. */
const RETRY_MS = { first: 60_000, longest: 6 * 60 * 60_000, factor: 4 }

/** Creates the keeper of the allow list of a host. */
export function createIgnoreKeeper(deps: WriteDeps): IgnoreKeeper {
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
        (entry) =>
          hasEnded(entry, now) &&
          !isOnlyElsewhere(entry, now) &&
          (entry.sections.length > 0 ? mayWrite : mayDelete),
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
function isBlocked(deps: WriteDeps): boolean {
  try {
    refuseDuringRollback(deps)
    refuseWhileUnconfirmed(deps)
    return false
  } catch {
    return true
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
async function deleteEnded(deps: WriteDeps, running: readonly RunningIgnores[] | null): Promise<boolean> {
  const { hostDb, clock } = deps
  const now = clock()
  const entries = await listIgnores(hostDb)
  const ended = entries.filter(
    (entry) => hasEnded(entry, now) && entry.sections.length === 0 && !isOnlyElsewhere(entry, now),
  )
  if (ended.length === 0) return false
  if (running === null && !isDown(deps)) return true
  const configured = await readConfigured(deps)
  const left = planSets({ entries, running, configured, now }).flatMap(({ remove }) => remove)
  for (const { id, address } of ended) if (!left.includes(address)) await deleteIgnore(hostDb, id)
  return left.length > 0
}
