import { statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { NotAFileError } from './database-failure.ts'

/** How long to wait for a commit of fail2ban. */
const BUSY_TIMEOUT_MS = 500

/** fail2ban's database as it is open. `identity` distinguishes it from another file that takes its place. */
export interface OpenFile {
  readonly path: string
  readonly identity: string
  readonly database: BetterSqlite3.Database
}

/** Opens the database read-only, or returns the open one where the file is still the same. */
export function openDatabaseFile(path: string, current: OpenFile | null): OpenFile {
  const found = statSync(path)
  if (!found.isFile()) throw new NotAFileError()
  const identity = `${found.dev}.${found.ino}.${Math.trunc(found.birthtimeMs)}`
  if (current?.path === path && current.identity === identity) return current
  current?.database.close()
  const database = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  return { path, identity, database }
}
