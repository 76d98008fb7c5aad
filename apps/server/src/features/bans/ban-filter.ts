import type { BanFilter } from '@bangui/db'
import { parseSearch } from '@bangui/shared'

/** Returns the filter of a list of bans from its jail and search text; undefined: nothing can match. */
export function banFilterOf(input: {
  readonly jail?: string | undefined
  readonly search?: string | undefined
}): BanFilter | undefined {
  const search = parseSearch(input.search ?? '')
  // where nothing of it is understood, every ban would look like an answer
  if (search.problem !== undefined && Object.keys(search).length === 1) return undefined
  if (input.jail !== undefined && search.jail !== undefined && input.jail !== search.jail) return undefined
  const jail = input.jail ?? search.jail
  const { text, country, addresses } = search
  return { jail, text, country, addresses }
}
