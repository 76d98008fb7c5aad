import type { Handlers, ServedWorker } from '@bangui/async/worker'
import BetterSqlite3 from 'better-sqlite3'
import type { Event, HostScope, StoredEvent } from '@bangui/shared'
import type { ArchiveUpkeep } from '../archive.ts'
import type { ArchiveWriter, ImportBatch, ImportResult } from '../writer-port.ts'
import { countActive } from '../queries/active.ts'
import { createReading, withScope } from '../queries/reading.ts'
import { lastSeq } from '../queries/sequences.ts'
import { storeAddedEvents } from './added-event.ts'
import { answerBans } from './answer-bans.ts'
import { daemonChange } from './daemon-change.ts'
import { importBan, toRecorded } from './import-bans.ts'
import { createHealing } from './heal-doubles.ts'
import { inChunks } from './in-chunks.ts'
import { ingest } from './ingest.ts'
import { addPendingActions, closePendingActions, removePendingActions } from './pending-actions.ts'
import { settlePendingActions } from './settle-pending.ts'
import { createLostBans, type LostBanStore } from './lost-bans.ts'
import { createRetention } from './retention.ts'
import { createSetCountries } from './set-countries.ts'
import { setEnds } from './set-ends.ts'
import { setReasons } from './set-reasons.ts'
import { setOwnLogJails } from './set-own-log-jails.ts'
import { storeEvent } from './store-event.ts'
import { createConnection, createStore, type Connection, type Store } from './store.ts'
import { endSuspended } from './suspended-bans.ts'
import { syncActive } from './sync-active.ts'
import { deleteTimers } from './timers.ts'

/** The methods of an interface, each with the id of the host first. */
type ForHost<TMethods> = {
  [TName in keyof TMethods]: TMethods[TName] extends (...args: infer TArgs) => infer TResult
    ? (hostId: number, ...args: TArgs) => TResult
    : never
}

/** The methods of the writing worker. It also answers queries that are asked often, so that no reading worker need run. */
export interface WriterMethods extends ForHost<ArchiveWriter>, ArchiveUpkeep {
  countActive(scope: HostScope): Promise<ReadonlyMap<string, number>>
  lastSeq(): Promise<number>
}

/** Opens the connection that writes the archive at `path`. */
export function openWriter(path: string, clock: () => number = Date.now): ServedWorker<WriterMethods> {
  const sqlite = new BetterSqlite3(path, { fileMustExist: true, timeout: 5000 })
  sqlite.pragma('journal_mode = wal')
  sqlite.pragma('synchronous = normal')
  sqlite.pragma('foreign_keys = on')
  sqlite.pragma('cache_size = -65536')
  sqlite.pragma('wal_autocheckpoint = 4000')
  return { handlers: createHandlers(createConnection(sqlite, clock)), close: () => sqlite.close() }
}

/** What writes for one host. */
interface HostWriter {
  readonly store: Store
  readonly lostBans: LostBanStore
  readonly heal: () => Promise<number>
}

/** Returns what writes for a host; made when the host is first written to. */
function createHostWriters(connection: Connection): (hostId: number) => HostWriter {
  const writers = new Map<number, HostWriter>()
  return (hostId) => {
    const known = writers.get(hostId)
    if (known) return known
    const store = createStore(connection, hostId)
    const writer = { store, lostBans: createLostBans(store), heal: createHealing(store) }
    writers.set(hostId, writer)
    return writer
  }
}

function createHandlers(connection: Connection): Handlers<WriterMethods> {
  const writerOf = createHostWriters(connection)
  const storeOf = (hostId: number) => writerOf(hostId).store
  const retain = createRetention(connection.sqlite)
  const setCountries = createSetCountries(connection, storeOf)
  const reading = createReading(connection.sqlite)
  return {
    ...hostHandlers(writerOf),
    setCountries: (_, countries) => setCountries(countries),
    retain: (_, limits) => retain(limits),
    countActive: (_, scope) => countActive(withScope(reading, scope)),
    lastSeq: () => lastSeq(reading),
  }
}

function hostHandlers(writerOf: (hostId: number) => HostWriter): Handlers<ForHost<ArchiveWriter>> {
  const storeOf = (hostId: number) => writerOf(hostId).store
  return {
    ingest: (_, hostId, batch) => ingest(storeOf(hostId), batch),
    importBans: (_, hostId, batch) => importBans(storeOf(hostId), batch),
    addEvent: (_, hostId, event) => addEvent(storeOf(hostId), event),
    syncActive: ({ onItem: passOn }, hostId, ...[jail, bans, options]) =>
      syncActive(storeOf(hostId), { jail, bans, ...options, passOn }),
    healDoubles: (_, hostId) => writerOf(hostId).heal(),
    listOverdueJails: (_, hostId, before) => listOverdueJails(storeOf(hostId), before),
    endSuspended: ({ onItem }, hostId, options) => endSuspended(storeOf(hostId), options, onItem),
    addPendingActions: (_, hostId, actions) =>
      actions.length > 0 ? addPendingActions(storeOf(hostId), actions) : undefined,
    removePendingActions: (_, hostId, ...[operation, actions]) =>
      removePendingActions(storeOf(hostId), operation, actions),
    setEnds: ({ onItem }, hostId, ends) => setEnds(storeOf(hostId), ends, onItem),
    setReasons: (_, hostId, notes) => setReasons(storeOf(hostId), notes),
    answerBans: ({ onItem }, hostId, answer) => answerBans(storeOf(hostId), answer, onItem),
    closePendingActions: (_, hostId, closed) => closePendingActions(storeOf(hostId), closed),
    settlePendingActions: (_, hostId, closedBefore) => settlePendingActions(storeOf(hostId), closedBefore),
    deleteTimers: (_, hostId, ...[pairs, setUntil]) => deleteTimers(storeOf(hostId), pairs, setUntil),
    getCursor: (_, hostId, name) => storeOf(hostId).cursors.get(name),
    setCursor: (_, hostId, ...[name, value]) => {
      const { transaction, cursors } = storeOf(hostId)
      transaction(() => cursors.set(name, value))
    },
    addLostBans: (_, hostId, lost) => writerOf(hostId).lostBans.add(lost),
    removeLostBans: (_, hostId, handled) => writerOf(hostId).lostBans.remove(handled),
    listLostBans: (_, hostId) => writerOf(hostId).lostBans.list(),
    summariseLostBans: (_, hostId) => writerOf(hostId).lostBans.summarise(),
    setOwnLogJails: (_, hostId, jails) => setOwnLogJails(storeOf(hostId), jails),
  }
}

/** Returns the jails of a host with bans in force whose time was over before then. */
const listOverdueJails = (store: Store, before: number): string[] =>
  store.statements.overdueJails
    .all(before)
    .filter((id) => store.isOwnJail(id))
    .map((id) => store.jailNameOf(id))

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
    if (cursor) store.cursors.set(cursor.name, cursor.value)
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

const addEvent = (store: Store, event: Event): StoredEvent[] =>
  store.transaction(() => {
    const events = event.type === 'daemon.changed' ? daemonChange(store, event) : [event]
    return events.map((each) => storeEvent(store, each))
  })
