import type { Deps } from '../../deps.ts'
import type { RuntimeState } from '../../state/runtime-state.ts'
import type { DaemonReturns } from './daemon-returns.ts'

type FollowDeps = Pick<Deps, 'archive' | 'events' | 'state' | 'clock' | 'log'>

interface FollowOptions {
  readonly signal: AbortSignal
  readonly returns: DaemonReturns
}

/**
 * Reports when the daemon goes offline and comes online. A daemon that was replaced quickly is recognized by its start
 * and its identity, since only the later state may be seen. A daemon that is online from the beginning is not
 * reported.
 */
export async function followDaemon(deps: FollowDeps, { signal, returns }: FollowOptions): Promise<void> {
  // which life of it, null while it is away; undefined: not known yet
  let before: string | null | undefined
  for await (const state of deps.state.watch(signal)) {
    if (state.serverStatus.checkedAt === null) continue
    const { online } = state.serverStatus
    const life = online ? `${state.onlineSince} ${state.daemonIdentity}` : null
    if (life === before) continue
    const isFirst = before === undefined
    const wasThere = typeof before === 'string'
    before = life
    if (!isFirst) returns.went()
    if (online) returns.cameBack(state.daemonIdentity ?? '')
    if (!isFirst || !online) await tellState(deps, state, wasThere)
  }
}

async function tellState(deps: FollowDeps, state: RuntimeState, wasThere: boolean): Promise<void> {
  const { online, version } = state.serverStatus
  const pid = state.daemonPid
  // of a process that is not known the archive cannot tell that it is another one
  if (wasThere && online && pid === null) await tell(deps, { online: false })
  await tell(deps, { online, version, pid })
}

interface Change {
  readonly online: boolean
  readonly version?: string | null
  readonly pid?: number | null
}

/** A change that cannot be stored is not emitted; the next one is. */
async function tell({ archive, events, clock, log }: FollowDeps, change: Change): Promise<void> {
  try {
    const stored = await archive.addEvent({ type: 'daemon.changed', at: clock(), ...change })
    if (stored.length > 0) events.emit(stored)
  } catch (error) {
    log.warn({ event: 'event_not_stored', err: error }, 'that the daemon went or came could not be stored')
  }
}
