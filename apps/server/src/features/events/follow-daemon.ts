import type { HostDeps } from '../../deps.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import type { DaemonReturns } from './daemon-returns.ts'

type FollowDeps = Pick<HostDeps, 'archive' | 'events' | 'state' | 'clock' | 'log'>

interface FollowOptions {
  readonly signal: AbortSignal
  readonly returns: DaemonReturns
}

/**
 * Emits an event when the daemon goes offline or comes online. A daemon that was replaced quickly is recognized by its
 * start and its instance, since only the later state may be seen. A daemon that is online from the beginning is not
 * reported.
 */
export async function followDaemon(deps: FollowDeps, { signal, returns }: FollowOptions): Promise<void> {
  // null while it is offline; undefined: not known yet
  let before: string | null | undefined
  let lastPid: number | null = null
  for await (const state of deps.state.watch(signal)) {
    if (state.serverStatus.checkedAt === null) continue
    const { online } = state.serverStatus
    const instance = online ? `${state.onlineSince} ${state.daemonInstance?.id}` : null
    if (instance === before) continue
    const isFirst = before === undefined
    const wasOnline = typeof before === 'string'
    before = instance
    const pidBefore = lastPid
    if (online) lastPid = state.daemonInstance?.pid ?? null
    if (!isFirst) returns.wentOffline()
    if (online) returns.cameOnline(state.daemonInstance?.id ?? '')
    if (!isFirst || !online) await emitChanges(deps, state, { wasOnline, pidBefore })
  }
}

interface Before {
  readonly wasOnline: boolean
  /** the process of the daemon that was online last; null: not known */
  readonly pidBefore: number | null
}

async function emitChanges(
  deps: FollowDeps,
  state: RuntimeState,
  { wasOnline, pidBefore }: Before,
): Promise<void> {
  const { online, version } = state.serverStatus
  // the log may have shown the start of the next process already: that one did not go offline
  const pid = (online ? state.daemonInstance?.pid : pidBefore) ?? null
  // without a process id the archive cannot see that it is another process
  if (wasOnline && online && pid === null) await emit(deps, { online: false })
  await emit(deps, { online, version, pid })
}

interface Change {
  readonly online: boolean
  readonly version?: string | null
  readonly pid?: number | null
}

/** A change that cannot be stored is not emitted; the next one is. */
async function emit({ archive, events, clock, log }: FollowDeps, change: Change): Promise<void> {
  try {
    const stored = await archive.addEvent({ type: 'daemon.changed', at: clock(), ...change })
    if (stored.length > 0) events.emit(stored)
  } catch (error) {
    log.warn(
      { event: 'event_not_stored', err: error },
      'a change of the daemon (online, offline) could not be stored',
    )
  }
}
