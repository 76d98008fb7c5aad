import { addressKey, type Event, type HostEvent, type StoredEvent } from '@bangui/shared'
import type { IngestBatch, IngestEvent } from '../writer-port.ts'
import { loggedDaemonChange } from './daemon-change.ts'
import { ingestBan } from './ingest-ban.ts'
import { ingestExtension, ingestUnban, suspendBan } from './ingest-change.ts'
import { storeEvent, storeNoticed } from './store-event.ts'
import type { Store } from './store.ts'

/** Takes in a batch of the log in one transaction; gives the events that were stored. */
export const ingest = (store: Store, { events, cursor }: IngestBatch): StoredEvent[] =>
  store.transaction(() => {
    const stored: StoredEvent[] = []
    for (const item of events)
      for (const event of ingestEvent(store, item))
        stored.push(
          event.at < item.event.at ? storeNoticed(store, event, item.event.at) : storeEvent(store, event),
        )
    if (cursor) store.cursors.set(cursor.name, cursor.value)
    return stored
  })

/** Changes the archive as an event of the log says; returns the events to emit. */
function ingestEvent(
  store: Store,
  { event, country, bantime, echo, by = null }: IngestEvent,
): readonly Event[] {
  switch (event.type) {
    case 'ban':
      return ingestBan(store, { ...pairOf(store, event), event, country, bantime })
    case 'unban':
      return ingestUnban(store, { ...pairOf(store, event), event, country })
    case 'suspended':
      return suspendBan(store, { ...pairOf(store, event), event, country, by })
    case 'extend':
      return [ingestExtension(store, { ...pairOf(store, event), event, country })]
    case 'failure':
      return ingestFailure(store, event, { country, echo })
    case 'ignored':
      return [{ ...about(event, country), type: 'failure.ignored', by: event.by }]
    case 'jail':
      if (event.change === 'stopped') store.failures.startsOver(store.jailIdOf(event.jail), event.at)
      return [{ ...event, type: 'jail.changed', ...(event.change === 'stopped' && by !== null && { by }) }]
    case 'daemon':
      if (event.online) store.failures.startsOver(null, event.at)
      return loggedDaemonChange(store, { ...event, type: 'daemon.changed' })
    case 'action_failed':
      return [{ ...event, type: 'action.failed' }]
    // what they change is in fail2ban's list
    case 'repeated':
    case 'bantime':
    case 'shutdown':
      return []
  }
}

type HostEventOf<TType extends HostEvent['type']> = Extract<HostEvent, { readonly type: TType }>

const pairOf = (store: Store, { jail, address }: { jail: string; address: string }) => ({
  key: addressKey(address),
  jailId: store.jailIdOf(jail),
})

const about = (
  { at, jail, address }: { at: number; jail: string; address: string },
  country: string | null,
) => ({
  at,
  jail,
  address,
  country,
})

/** Counted once, however often fail2ban reads the line of it. */
function ingestFailure(
  store: Store,
  event: HostEventOf<'failure'>,
  { country, echo }: Pick<IngestEvent, 'country' | 'echo'>,
): readonly Event[] {
  const { failedAt, jail } = event
  const { key, jailId } = pairOf(store, event)
  if (store.failures.isKnown({ key, jailId, jail, failedAt })) return []
  store.rollUps.addFailure(jailId, event.at)
  return [{ ...about(event, country), type: 'failure.found', failedAt, ...(echo && { echo }) }]
}
