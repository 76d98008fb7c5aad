import type { DaemonDatabaseStatus } from '@bangui/shared'

/** Returns the error for a failure to open or read fail2ban's database, with a sentence about what to do. */
export function describeDatabaseFailure(path: string, error: unknown): DaemonDatabaseStatus {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const detail = error instanceof Error ? error.message : String(error)
  const fail = (state: DaemonDatabaseStatus['state'], message: string): DaemonDatabaseStatus => ({
    state,
    path,
    message: `fail2ban's database ${path} ${message}`,
  })
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return fail(
      'missing',
      'is not there. fail2ban makes it when it starts; in a container, mount its folder.',
    )
  if (code === 'EACCES' || code === 'EPERM')
    return fail(
      'unreadable',
      'may not be read by the user that BanGUI runs as. Give that user read access to it.',
    )
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return fail('locked', 'is locked by another program. BanGUI tries again by itself.')
  if (/^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code) || /no such (table|column)/.test(detail))
    return fail(
      'malformed',
      `is damaged or is not a fail2ban database (${detail}). Restarting fail2ban repairs it.`,
    )
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|PERM|AUTH)/.test(code))
    return fail('unreadable', `cannot be opened (${detail}). Look at the rights of the file and its folder.`)
  return fail('unreadable', `cannot be read (${detail}).`)
}

/** The path is no file that could be a database. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError'

  constructor() {
    super('it is not a regular file')
  }
}
