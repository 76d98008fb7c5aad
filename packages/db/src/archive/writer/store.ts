import type BetterSqlite3 from 'better-sqlite3'
import { lastDaemonChange } from './last-daemon-change.ts'
import { createRepeatedFailures, type RepeatedFailures } from './repeated-failures.ts'
import { createRollUps, type RollUps } from './roll-ups.ts'
import { prepareStatements, type Statements } from './statements.ts'

/** The writer's connection with what it keeps at hand. */
export interface Store {
  readonly sqlite: BetterSqlite3.Database
  readonly statements: Statements
  readonly rollUps: RollUps
  readonly failures: RepeatedFailures
  /** when the newest ban began; none that is not known lies after a line that is newer */
  readonly newestBan: { at: number }
  /** the latest time of the events that are stored */
  readonly newestEvent: { at: number }
  /** since when bans in force are missing in the daemon's list, by id */
  readonly absent: Map<number, number>
  readonly clock: () => number
  /** The id of a jail, which is added when it is new. */
  jailIdOf(name: string): number
  jailNameOf(id: number): string
  jailIds(): Iterable<number>
  /** All or nothing, roll-ups included. */
  transaction<TResult>(work: () => TResult): TResult
}

/** Longest name of a jail that is kept. */
const MAX_NAME = 255

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
    const name = given.slice(0, MAX_NAME)
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
