import { closeSync, openSync } from 'node:fs'

/** Why the database cannot be used. */
export type DatabaseErrorCode =
  | 'read_only'
  | 'not_a_database'
  | 'newer'
  | 'older'
  | 'locked'
  | 'full'
  | 'permission_denied'
  | 'network_folder'
  | 'missing_folder'
  | 'unsupported'
  | 'moved'
  | 'io_error'
  | 'too_many_files'

/** The database cannot be used; the message is one sentence that names the path and what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode
  readonly path: string

  constructor(code: DatabaseErrorCode, path: string, options: { detail?: string; cause?: unknown } = {}) {
    super(
      sentence(code, path, options.detail),
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.code = code
    this.path = path
  }
}

const sentences: Record<DatabaseErrorCode, (path: string) => string> = {
  read_only: (path) =>
    `The database ${path} cannot be written: make the file and its folder writable for the user that BanGUI runs as.`,
  not_a_database: (path) =>
    `${path} is not a database of BanGUI, or is damaged: move it away, put a copy back, or set another path.`,
  newer: (path) =>
    `The database ${path} was written by a newer BanGUI: use that version, or put back the copy that was kept before the update.`,
  older: (path) =>
    `The database ${path} was written by a BanGUI from before the first release: move it away, and BanGUI starts with a new one.`,
  locked: (path) => `Another program holds the database ${path}: end it, or set another path.`,
  full: (path) => `There is no room left to write the database ${path}: free some space on its disk.`,
  permission_denied: (path) =>
    `BanGUI may not open the database ${path}: give the user that it runs as access to the file and its folder.`,
  network_folder: (path) =>
    `The database ${path} is on a network file system, where it would not be safe: set a path on a local disk.`,
  missing_folder: (path) =>
    `The folder of the database ${path} cannot be created: create it, or set another path.`,
  unsupported: (path) => `The database ${path} cannot be used.`,
  moved: (path) =>
    `The database ${path} was moved, deleted or replaced while BanGUI runs: stop BanGUI, put the file back, and start it again.`,
  too_many_files: (path) =>
    `The database ${path} cannot be opened, because this process has reached its limit of open files: raise the limit (ulimit -n, or LimitNOFILE in its systemd unit).`,
  io_error: (path) => `Reading or writing the database ${path} failed: look at the disk that it is on.`,
}

const sentence = (code: DatabaseErrorCode, path: string, detail?: string) =>
  detail ? `${sentences[code](path).slice(0, -1)} (${detail}).` : sentences[code](path)

/** SQLite's result codes, the longest prefix first where they overlap (sqlite.org/rescode.html). */
const sqliteCodes: readonly (readonly [prefix: string, code: DatabaseErrorCode])[] = [
  ['SQLITE_READONLY', 'read_only'],
  ['SQLITE_NOTADB', 'not_a_database'],
  ['SQLITE_CORRUPT', 'not_a_database'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_CANTOPEN', 'permission_denied'],
  ['SQLITE_PERM', 'permission_denied'],
  ['SQLITE_AUTH', 'permission_denied'],
  ['SQLITE_IOERR', 'io_error'],
]

const systemCodes: Record<string, DatabaseErrorCode> = {
  EACCES: 'permission_denied',
  EPERM: 'permission_denied',
  EROFS: 'read_only',
  ENOSPC: 'full',
  EDQUOT: 'full',
  ENOENT: 'missing_folder',
  ENOTDIR: 'missing_folder',
  EEXIST: 'missing_folder',
  EIO: 'io_error',
  EMFILE: 'too_many_files',
  ENFILE: 'too_many_files',
}

/** Whether this process cannot open any file: SQLite does not say why it could not. */
function hasNoFileLeft(): boolean {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')
  }
}

/** The database error that an error of SQLite or of the file system stands for; any other error comes back as it is. */
export function toDatabaseError(error: unknown, path: string): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error) || !('code' in error)) return error
  const given = String(error.code)
  // every table is there since the start: only a file that was emptied or exchanged has none
  if (given === 'SQLITE_ERROR' && /^no such table: |^table .* already exists$/.test(error.message))
    return new DatabaseError('not_a_database', path, { detail: error.message, cause: error })
  if (given.startsWith('SQLITE_CANTOPEN') && hasNoFileLeft())
    return new DatabaseError('too_many_files', path, { cause: error })
  const code = sqliteCodes.find(([prefix]) => given.startsWith(prefix))?.[1] ?? systemCodes[given]
  return code ? new DatabaseError(code, path, { cause: error }) : error
}
