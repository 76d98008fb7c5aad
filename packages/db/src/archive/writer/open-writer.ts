import type { Handlers, ServedWorker } from '@bangui/async/worker'
import BetterSqlite3 from 'better-sqlite3'
import type { Event, StoredEvent } from '@bangui/shared'
import type { ArchiveReader, ArchiveWriter, ImportBatch, ImportResult } from '../archive.ts'
import { countActive } from '../queries/active.ts'
import { createReading } from '../queries/reading.ts'
import { lastSeq } from '../queries/sequences.ts'
import { storeAddedEvents } from './added-event.ts'
import { daemonChange } from './daemon-change.ts'
import { importBan, toRecorded } from './import-bans.ts'
import { createHealing } from './heal-doubles.ts'
import { inChunks } from './in-chunks.ts'
import { ingest } from './ingest.ts'
import { addPendingActions, removePendingActions } from './pending-actions.ts'
import { createLostBans } from './lost-bans.ts'
import { createRetention } from './retention.ts'
import { createSetCountries } from './set-countries.ts'
import { setEnds } from './set-ends.ts'
import { setOwnLogJails } from './set-own-log-jails.ts'
import { storeEvent } from './store-event.ts'
import { createStore, type Store } from './store.ts'
import { endSuspended } from './suspended-bans.ts'
import { syncActive } from './sync-active.ts'

/** The methods of the writing worker. It also answers queries that are asked often, so that no reading worker need run. */
export interface WriterMethods extends ArchiveWriter, Pick<ArchiveReader, 'countActive' | 'lastSeq'> {}

/** Opens the connection that writes the archive at `path`. */
export function openWriter(path: string, clock: () => number = Date.now): ServedWorker<WriterMethods> {
  const sqlite = new BetterSqlite3(path, { fileMustExist: true, timeout: 5000 })
  sqlite.pragma('journal_mode = wal')
  sqlite.pragma('synchronous = normal')
  sqlite.pragma('foreign_keys = on')
  sqlite.pragma('cache_size = -65536')
  sqlite.pragma('wal_autocheckpoint = 4000')
  return { handlers: createHandlers(createStore(sqlite, clock)), close: () => sqlite.close() }
}

function createHandlers(store: Store): Handlers<WriterMethods> {
  const retain = createRetention(store)
  const setCountries = createSetCountries(store)
  const heal = createHealing(store)
  const lostBans = createLostBans(store)
  const reading = createReading(store.sqlite)
  const { statements, transaction } = store
  return {
    ingest: (_, batch) => ingest(store, batch),
    importBans: (_, batch) => importBans(store, batch),
    addEvent: (_, event) => transaction(() => addEvent(store, event)),
    syncActive: (_, ...[jail, bans, options]) => syncActive(store, jail, { bans, ...options }),
    healDoubles: () => heal(),
    listOverdueJails: (_, before) => statements.overdueJails.all(before).map((id) => store.jailNameOf(id)),
    endSuspended: (_, options) => endSuspended(store, options),
    addPendingActions: (_, actions) => (actions.length > 0 ? addPendingActions(store, actions) : undefined),
    removePendingActions: (_, ...[kind, pairs, at]) => removePendingActions(store, pairs, { kind, at }),
    setEnds: (_, ends) => setEnds(store, ends),
    getCursor: (_, name) => statements.getCursor.get(name) ?? null,
    setCursor: (_, name, value) =>
      transaction(() => void statements.setCursor.run(name, value, store.clock())),
    addLostBans: (_, lost) => lostBans.add(lost),
    removeLostBans: (_, handled) => lostBans.remove(handled),
    listLostBans: () => lostBans.list(),
    summariseLostBans: () => lostBans.summarise(),
    setCountries: (_, countries) => setCountries(countries),
    setOwnLogJails: (_, jails) => setOwnLogJails(store, jails),
    retain: (_, limits) => retain(limits),
    countActive: () => countActive(reading),
    lastSeq: () => lastSeq(reading),
  }
}

async function importBans(
  store: Store,
  { bans, cursor, now, emit = false }: ImportBatch,
): Promise<ImportResult> {
  const counts = { added: 0, confirmed: 0, known: 0 }
  const news: number[] = []
  const each = (ban: ImportBatch['bans'][number]) => {
    const { outcome, id, isNews } = importBan(store, toRecorded(store, ban), now)
    counts[outcome]++
    if (emit && isNews) news.push(id)
  }
  const last = () => {
    if (cursor) store.statements.setCursor.run(cursor.name, cursor.value, store.clock())
  }
  let cutOff: string | undefined
  try {
    await inChunks(store, bans, { each, last })
  } catch (error) {
    if (news.length === 0) throw error
    cutOff = error instanceof Error ? error.message : String(error)
  }
  const events = storeAddedEvents(store, news)
  return { ...counts, ...(events.length > 0 && { events }), ...(cutOff !== undefined && { cutOff }) }
}

function addEvent(store: Store, event: Event): StoredEvent[] {
  const events = event.type === 'daemon.changed' ? daemonChange(store, event) : [event]
  return events.map((each) => storeEvent(store, each))
}
