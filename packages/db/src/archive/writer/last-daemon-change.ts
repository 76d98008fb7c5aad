import type { Event } from '@bangui/shared'
import type { Statements } from './statements.ts'

export type DaemonChange = Event & { readonly type: 'daemon.changed' }

/** Returns the newest stored event of a daemon that came online or went offline. */
export function lastDaemonChange(statements: Pick<Statements, 'lastDaemonEvent'>): DaemonChange | undefined {
  const data = statements.lastDaemonEvent.get()
  return data === undefined ? undefined : (JSON.parse(data) as DaemonChange)
}
