import type { BanFilter } from '@bangui/db'
import type { HistoryFilter } from '@bangui/shared'
import { banFilterOf } from '../bans/bans.service.ts'

/** Returns the filter of a history list from its choices and search text; undefined: nothing can match. */
export function historyFilterOf(input: Omit<HistoryFilter, 'source'>): BanFilter | undefined {
  const filter = banFilterOf(input)
  if (!filter) return undefined
  const { from, to } = input
  const chosen = input.country?.toUpperCase()
  if (chosen !== undefined && filter.country !== undefined && chosen !== filter.country) return undefined
  return { ...filter, country: chosen ?? filter.country, from, to }
}
