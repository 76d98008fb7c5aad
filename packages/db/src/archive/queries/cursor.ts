import { Buffer } from 'node:buffer'

/** The last row of a page: the value that the list is sorted by, and the id. */
export interface PageEnd {
  readonly value: string | number | Uint8Array
  readonly id: number
}

/** Returns the cursor for the page that follows. */
export function toCursor({ value, id }: PageEnd): string {
  const plain = value instanceof Uint8Array ? { key: Buffer.from(value).toString('base64') } : value
  return Buffer.from(JSON.stringify([plain, id])).toString('base64url')
}

/** Parses a cursor from a client; undefined for anything that {@link toCursor} did not write. */
export function fromCursor(text: string | null): PageEnd | undefined {
  if (text === null || text === '') return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!Array.isArray(parsed) || parsed.length !== 2) return undefined
    const [value, id] = parsed as [unknown, unknown]
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined
    if (typeof value === 'string' || Number.isSafeInteger(value))
      return { value: value as string | number, id }
    return isKey(value) ? { value: Buffer.from(value.key, 'base64'), id } : undefined
  } catch {
    // not ours: the list begins anew
    return undefined
  }
}

const isKey = (value: unknown): value is { readonly key: string } =>
  typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string'
