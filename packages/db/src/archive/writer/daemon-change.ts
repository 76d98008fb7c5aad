import { lastDaemonChange, type DaemonChange } from './last-daemon-change.ts'
import type { Store } from './store.ts'

/**
 * Returns the events of a daemon that came online or went offline, which both its log and a probe notice: each change
 * once. A daemon that has another process than before went offline in between.
 */
export function daemonChange(store: Store, change: DaemonChange): readonly DaemonChange[] {
  const last = lastDaemonChange(store.statements, store.hostId)
  if (!last) return [change]
  if (!change.online) return last.online && isSameLife(last, change) ? [change] : []
  if (!last.online) return [change]
  if (isSameLife(last, change)) return isSameVersion(last, change) ? [] : [change]
  return [{ type: 'daemon.changed', at: change.at, online: false }, change]
}

/**
 * The same for a line of the log, which may be read long after it was written: later changes win, unless the clock ran
 * ahead then.
 */
export function loggedDaemonChange(store: Store, change: DaemonChange): readonly DaemonChange[] {
  const last = lastDaemonChange(store.statements, store.hostId)
  const isLate = last !== undefined && change.at < last.at && last.at <= store.clock()
  return isLate ? [] : daemonChange(store, change)
}

const isSameLife = (one: DaemonChange, other: DaemonChange) => isEqualOrUnknown(one.pid, other.pid)

const isSameVersion = (one: DaemonChange, other: DaemonChange) => isEqualOrUnknown(one.version, other.version)

const isEqualOrUnknown = (one: string | number | null | undefined, other: typeof one) =>
  one === other || (one ?? null) === null || (other ?? null) === null
