import type { Deps } from '../../deps.ts'
import type { DaemonReturns } from './daemon-returns.ts'

type FollowDeps = Pick<Deps, 'archive' | 'events' | 'state' | 'clock' | 'log'>

interface FollowOptions {
  readonly signal: AbortSignal
  readonly returns: DaemonReturns
}

/**
 * Tells when the daemon goes and comes. One that was replaced within a moment is seen by when it came: who is late sees
 * the state after it only, and that it went is for its log to tell.
 */
export async function followDaemon(deps: FollowDeps, { signal, returns }: FollowOptions): Promise<void> {
  // when it came, null while it is away; undefined: not known yet
  let before: number | null | undefined
  for await (const { serverStatus, onlineSince } of deps.state.watch(signal)) {
    const { online, version, checkedAt } = serverStatus
    const since = online ? onlineSince : null
    if (checkedAt === null || since === before) continue
    const isFirst = before === undefined
    before = since
    if (!isFirst) returns.went()
    if (!isFirst && online) returns.cameBack()
    if (!isFirst || !online) await tell(deps, { online, version })
  }
}

interface Change {
  readonly online: boolean
  readonly version: string | null
}

/** What cannot be stored is not told, and the next change is. */
async function tell({ archive, events, clock, log }: FollowDeps, change: Change): Promise<void> {
  try {
    events.emit([await archive.addEvent({ type: 'daemon.changed', at: clock(), ...change })])
  } catch (error) {
    log.warn({ event: 'event_not_stored', err: error }, 'that the daemon went or came could not be stored')
  }
}
