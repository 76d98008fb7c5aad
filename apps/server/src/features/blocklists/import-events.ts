import type { StoredList } from '@bangui/db'
import type { Event } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

type ListEvent = Extract<Event, { readonly type: `blocklist.${string}` }>

/** What happened to a list, without what all events of a list have. */
type Happened<TEvent = ListEvent> = TEvent extends ListEvent
  ? Omit<TEvent, 'at' | 'list' | 'name' | 'jail' | 'host'>
  : never

/** Stores an event of a list and passes it on. Never rejects. */
export async function emitListEvent(
  { archive, events, log, clock }: Pick<HostDeps, 'archive' | 'events' | 'log' | 'clock'>,
  { id, name, jail }: Pick<StoredList, 'id' | 'name' | 'jail'>,
  happened: Happened,
): Promise<void> {
  try {
    const event: Event = { ...happened, at: clock(), list: id, name, jail }
    const stored = await archive.addEvent(event)
    if (stored.length > 0) events.emit(stored)
  } catch (error) {
    log.warn({ event: 'event_not_stored', err: error }, 'an event of a blocklist could not be stored')
  }
}
