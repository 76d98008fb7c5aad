import type BetterSqlite3 from 'better-sqlite3'
import { lastDaemonChange } from './last-daemon-change.ts'
import { createRepeatedFailures, type RepeatedFailures } from './repeated-failures.ts'
import { createRollUps, type RollUps } from './roll-ups.ts'
import { prepareStatements, type Statements } from './statements.ts'

/** The writer's connection with its statements and caches. */
export interface Store {
  readonly sqlite: BetterSqlite3.Database
  readonly statements: Statements
  readonly rollUps: RollUps
  readonly failures: RepeatedFailures
  /** when the newest ban began: no ban is after a line that is newer */
  readonly newestBan: { at: number }
  /** the latest time of a stored event */
  readonly newestEvent: { at: number }
  /** since when active bans are missing in the daemon's list, by id; in memory only */
  readonly absent: Map<number, number>
  readonly clock: () => number
  /** Returns the id of a jail; adds a new jail. */
  jailIdOf(name: string): number
  jailNameOf(id: number): string
  jailIds(): Iterable<number>
  /** Runs work in one transaction, with the roll-ups. */
  transaction<TResult>(work: () => TResult): TResult
}

/** Longer names are cut. */
const MAX_JAIL_NAME_LENGTH = 255

/** Prepares a connection for writing. */
export function createStore(sqlite: BetterSqlite3.Database, clock: () => number): Store {
  const statements = prepareStatements(sqlite)
  const rollUps = createRollUps(sqlite)
  const failures = createRepeatedFailures(sqlite, () => lastDaemonChange(statements)?.at ?? 0)
  const ids = new Map<string, number>()
  const names = new Map<number, string>()
  const remember = (id: number, name: string) => {
    ids.set(name, id)
    names.set(id, name)
  }
  const load = () => {
    ids.clear()
    names.clear()
    for (const { id, name } of statements.listJails.all()) remember(id, name)
  }
  load()

  function jailIdOf(given: string): number {
    const name = given.slice(0, MAX_JAIL_NAME_LENGTH)
    const known = ids.get(name)
    if (known !== undefined) return known
    const id = Number(statements.insertJail.run(name).lastInsertRowid)
    remember(id, name)
    return id
  }

  function transaction<TResult>(work: () => TResult): TResult {
    sqlite.exec('begin immediate')
    try {
      const result = work()
      rollUps.flush()
      sqlite.exec('commit')
      return result
    } catch (error) {
      rollUps.clear()
      failures.clear()
      // a full disk or an I/O error has ended the transaction already
      if (sqlite.inTransaction) sqlite.exec('rollback')
      load()
      throw error
    }
  }

  return {
    sqlite,
    statements,
    rollUps,
    failures,
    newestBan: { at: statements.newestBan.get() ?? 0 },
    newestEvent: { at: statements.newestEvent.get() ?? 0 },
    absent: new Map(),
    clock,
    jailIdOf,
    jailNameOf: (id) => names.get(id) ?? '',
    jailIds: () => names.keys(),
    transaction,
  }
}
