import type { BanFilter } from '@bangui/db'
import { parseSearch } from '@bangui/shared'

/** What somebody narrows a list of bans by. */
export interface BanFilterInput {
  readonly jail?: string | undefined
  readonly country?: string | undefined
  readonly search?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** The archive's filter: what was chosen goes before what the search box names. */
export function banFilterOf({ jail, country, search = '', from, to }: BanFilterInput): BanFilter {
  const found = parseSearch(search)
  return {
    jail: jail || found.jail,
    text: found.text,
    country: country?.toUpperCase() || found.country,
    addresses: found.addresses,
    from,
    to,
  }
}
