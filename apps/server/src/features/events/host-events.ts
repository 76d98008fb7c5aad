import type { ArchiveReader } from '@bangui/db'
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

export interface MissedDeps {
  readonly scope: readonly Pick<HostContext, 'key'>[]
  /** the history of these hosts */
  readonly archive: Pick<ArchiveReader, 'lastSeq' | 'listEventsAfter'>
}

/**
 * Returns the events of these hosts after `seq`, oldest first; undefined when some of them are gone, or more than `limit`
 * were missed.
 */
export async function listMissed(
  { scope, archive }: MissedDeps,
  seq: number,
  limit: number,
): Promise<HostStoredEvent[] | undefined> {
  const missed = await archive.listEventsAfter(seq, limit)
  // the archive names hosts only where it reads for several
  const only = scope[0]?.key ?? ''
  return missed?.map((each) => ({ ...each, host: each.event.host ?? only }))
}
