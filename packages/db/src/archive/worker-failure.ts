import { DatabaseError, toDatabaseError, type DatabaseErrorCode } from '../database-error.ts'

/** An error on its way between threads, which keep only the text of the errors they clone. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly database: { readonly code: DatabaseErrorCode; readonly path: string } | null
}

/** Writes an error down; SQLite's become those of the database at `path`. */
export function toFailure(error: unknown, path: string): Failure {
  const known = toDatabaseError(error, path)
  if (!(known instanceof Error))
    return { name: 'Error', message: String(known), stack: undefined, database: null }
  const { name, message, stack } = known
  const database = known instanceof DatabaseError ? { code: known.code, path: known.path } : null
  return { name, message, stack, database }
}

/** The error that {@link toFailure} wrote down. */
export function toError({ name, message, stack, database }: Failure): Error {
  if (name === 'AbortError') return new DOMException(message, 'AbortError')
  const cause = Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) })
  return database ? new DatabaseError(database.code, database.path, { cause }) : cause
}
