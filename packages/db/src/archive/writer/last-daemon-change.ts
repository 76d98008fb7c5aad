import type { Event } from '@bangui/shared'
import type { Statements } from './statements.ts'

export type DaemonChange = Event & { readonly type: 'daemon.changed' }

/** Returns the newest stored event of the daemon of a host that came online or went offline. */
export function lastDaemonChange(
  statements: Pick<Statements, 'lastDaemonEvent'>,
  hostId: number,
): DaemonChange | undefined {
  const data = statements.lastDaemonEvent.get(hostId)
  return data === undefined ? undefined : (JSON.parse(data) as DaemonChange)
}
