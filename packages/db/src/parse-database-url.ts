import { DatabaseError } from './database-error.ts'

/**
 * The path that a database setting names: `sqlite:PATH`, `sqlite:///PATH`, or a plain path.
 * @throws DatabaseError `unsupported` for anything else, without the password that such an address may hold
 */
export function parseDatabaseUrl(text: string): { path: string } {
  const trimmed = text.trim()
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(trimmed) ?? []
  if (trimmed.includes('\0'))
    throw new DatabaseError('unsupported', '', { detail: 'its path has a NUL character' })
  if (!scheme) return { path: requirePath(trimmed) }
  if (scheme.toLowerCase() === 'sqlite') return { path: requirePath(rest.replace(/^\/\/(?=\/)/, '')) }
  throw new DatabaseError('unsupported', `${scheme}:…`, { detail: reasonAgainst(scheme.toLowerCase()) })
}

const reasonAgainst = (scheme: string) =>
  /^postgres(ql)?$/.test(scheme)
    ? 'Postgres is not supported in this version: use sqlite:PATH'
    : 'only sqlite:PATH and a plain path are understood'

function requirePath(path: string): string {
  if (path === '') throw new DatabaseError('unsupported', 'without a path', { detail: 'use sqlite:PATH' })
  return path
}
