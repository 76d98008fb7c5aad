import type * as z from 'zod'

/** Sentences by the path of the field that they are about: `name`, `quiet.from`, `addresses.2`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

/** Returns what is wrong with single fields of an input. */
export function fieldErrorsOf({ issues }: Pick<z.ZodError, 'issues'>): FieldErrors {
  // a map, since a client chooses the names of some fields
  const found = new Map<string, string[]>()
  for (const { path, message } of issues) {
    if (path.length === 0) continue
    const field = path.map(String).join('.')
    found.set(field, [...(found.get(field) ?? []), message])
  }
  return Object.fromEntries(found)
}
