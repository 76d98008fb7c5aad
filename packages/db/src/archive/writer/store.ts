import type BetterSqlite3 from 'better-sqlite3'
import { inTransaction } from './in-transaction.ts'
import { lastDaemonChange } from './last-daemon-change.ts'
import { createRepeatedFailures, type RepeatedFailures } from './repeated-failures.ts'
import { createRollUps, type RollUps } from './roll-ups.ts'
import { prepareStatements, type Statements } from './statements.ts'

/** The connection of the writer, with the statements that all hosts share. */
export interface Connection {
  readonly sqlite: BetterSqlite3.Database
  readonly statements: Statements
  readonly clock: () => number
}

/** The cursors of a host, by name. */
export interface Cursors {
  get(name: string): string | null
  set(name: string, value: string): void
}

/** The writer's connection with its statements, and the caches of one host: everything that is written is this host's. */
export interface Store extends Connection {
  readonly hostId: number
  readonly cursors: Cursors
  readonly rollUps: RollUps
  readonly failures: RepeatedFailures
  /** when the newest ban began: no ban is after a line that is newer */
  readonly newestBan: { at: number }
  /** the latest time of a stored event */
  readonly newestEvent: { at: number }
  /** since when active bans are missing in the daemon's list, by id; in memory only */
  readonly absent: Map<number, number>
  /** Returns the id of a jail; adds a new jail. */
  jailIdOf(name: string): number
  jailNameOf(id: number): string
  jailIds(): Iterable<number>
  /** Whether a jail is of this host. */
  isOwnJail(id: number): boolean
  /** Runs work in one transaction, with the roll-ups. */
  transaction<TResult>(work: () => TResult): TResult
}

/** Longer names are cut. */
const MAX_JAIL_NAME_LENGTH = 255

/** Prepares a connection for writing. */
export const createConnection = (sqlite: BetterSqlite3.Database, clock: () => number): Connection => ({
  sqlite,
  statements: prepareStatements(sqlite),
  clock,
})

/** Returns what writes the rows of one host. */
export function createStore(connection: Connection, hostId: number): Store {
  const { sqlite, statements, clock } = connection
  const rollUps = createRollUps(statements, hostId)
  const startedAt = () => lastDaemonChange(statements, hostId)?.at ?? 0
  const failures = createRepeatedFailures(sqlite, { hostId, startedAt })
  const ids = new Map<string, number>()
  const names = new Map<number, string>()
  const remember = (id: number, name: string) => {
    ids.set(name, id)
    names.set(id, name)
  }
  const load = () => {
    ids.clear()
    names.clear()
    for (const { id, name } of statements.listJails.all(hostId)) remember(id, name)
  }
  load()

  function jailIdOf(given: string): number {
    const name = given.slice(0, MAX_JAIL_NAME_LENGTH)
    const known = ids.get(name)
    if (known !== undefined) return known
    const id = Number(statements.insertJail.run(hostId, name).lastInsertRowid)
    remember(id, name)
    return id
  }

  function transaction<TResult>(work: () => TResult): TResult {
    try {
      return inTransaction(sqlite, () => {
        const result = work()
        rollUps.flush()
        return result
      })
    } catch (error) {
      rollUps.clear()
      failures.clear()
      load()
      throw error
    }
  }

  return {
    ...connection,
    hostId,
    cursors: {
      get: (name) => statements.getCursor.get(hostId, name) ?? null,
      set: (name, value) => void statements.setCursor.run(hostId, name, value, clock()),
    },
    rollUps,
    failures,
    newestBan: { at: statements.newestBan.get() ?? 0 },
    newestEvent: { at: statements.newestEvent.get({ host: hostId }) ?? 0 },
    absent: new Map(),
    jailIdOf,
    jailNameOf: (id) => names.get(id) ?? '',
    jailIds: () => names.keys(),
    isOwnJail: (id) => names.has(id),
    transaction,
  }
}
