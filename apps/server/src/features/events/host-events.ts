import type { Event, StoredEvent } from '@bangui/shared'
import type { HostContext } from '../../hosts/host-context.ts'

/** An event with its number in the sequence, which all hosts share, and its host. */
export interface HostStoredEvent extends StoredEvent {
  readonly host: string
}

/** Returns the events of a host, each with the host. */
export const withHost = (host: string, stored: readonly StoredEvent[]): HostStoredEvent[] =>
  stored.map((each) => ({ ...each, host }))

/** Returns an event as it is sent. */
export const sentEvent = ({ event, host }: HostStoredEvent): Event => ({ ...event, host })

/**
 * Returns the events of these hosts after `seq`, oldest first; undefined when some of them are gone, or more than `limit`
 * were missed.
 */
export async function listMissed(
  scope: readonly Pick<HostContext, 'key' | 'archive'>[],
  seq: number,
  limit: number,
): Promise<HostStoredEvent[] | undefined> {
  const ofHosts = await Promise.all(
    scope.map(async ({ key, archive }) => {
      const missed = await archive.listEventsAfter(seq, limit)
      return missed && withHost(key, missed)
    }),
  )
  const all: HostStoredEvent[] = []
  for (const missed of ofHosts) {
    if (!missed) return undefined
    all.push(...missed)
  }
  return scope.length > 1 ? all.sort((one, other) => one.seq - other.seq) : all
}
