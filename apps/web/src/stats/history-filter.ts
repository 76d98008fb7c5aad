import type { HistoryFilter, Origin, Range, Source } from '@bangui/shared'
import { withCountryCodes } from '../lib/country-search.ts'
import { spanOf } from './range-text.ts'

/** Returns the filter of the history query. */
export function historyFilter(
  view: { readonly jail: string; readonly country: string; readonly search: string },
  query: { readonly range: Range; readonly source: Source; readonly origin?: Origin | undefined },
  now: number,
): HistoryFilter {
  const search = withCountryCodes(view.search)
  return {
    source: query.source,
    ...(query.origin && { origin: query.origin }),
    ...spanOf(query.range, now),
    ...(view.jail && { jail: view.jail }),
    ...(view.country && { country: view.country }),
    ...(search && { search }),
  }
}
