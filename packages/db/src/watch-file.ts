import { statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { DatabaseError } from './database-error.ts'
import { readSchemaVersion } from './schema-version.ts'

/** Notices what happens to the file of an open database from outside. */
export interface FileWatch {
  /** Notes the version that the schema in the file has by now. */
  noteVersion(version: number): void
  /** Notes that something in the file was found damaged. */
  noteDamage(): void
  /** @throws DatabaseError, or SQLite's error, where the file is another one, was cut off, or cannot be read */
  check(): void
}

/** SQLite reads from its memory what it has read before, so damage to the file shows late, and looks like an empty database. */
export function watchFile(path: string, timeout: number): FileWatch {
  if (path === ':memory:') return { noteVersion() {}, noteDamage() {}, check() {} }
  const opened = statSync(path)
  let largest = opened.size
  let version = 0
  let isDamaged = false

  const readVersion = () => {
    // a connection that has nothing in its memory
    const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout })
    try {
      return readSchemaVersion(sqlite)
    } finally {
      sqlite.close()
    }
  }

  return {
    noteVersion(noted) {
      version = noted
    },
    noteDamage() {
      isDamaged = true
    },
    check() {
      const found = statSync(path, { throwIfNoEntry: false })
      if (found?.ino !== opened.ino || found.dev !== opened.dev) throw new DatabaseError('moved', path)
      // nothing of BanGUI makes its file smaller, and once cut off it stays damaged, even if it grows again
      isDamaged ||= found.size < largest
      largest = Math.max(largest, found.size)
      // never opened where it is empty: SQLite would delete its write-ahead log, which may have all that is left
      if (isDamaged || readVersion() < version)
        throw new DatabaseError('not_a_database', path, { detail: 'it was damaged while BanGUI runs' })
    },
  }
}
