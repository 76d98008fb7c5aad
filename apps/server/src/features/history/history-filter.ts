import type { BanFilter } from '@bangui/db'
import type { HistoryFilter, StatsInput } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
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

/** Refuses an origin where fail2ban's own database is read, which has none. @throws AppError origin_not_kept */
export function requireKeptOrigin({ source, origin }: Pick<StatsInput, 'source' | 'origin'>): void {
  if (source === 'live' && origin !== undefined) throw new AppError('origin_not_kept')
}
